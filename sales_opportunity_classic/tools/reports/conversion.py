"""Amounts of opportunities of several companies in one currency."""

from dataclasses import dataclass

from odoo.tools import SQL

# As Odoo looks it up: a company's own rates before those of all, the last one until
# the date, or else the first one after it.
RATE = """
    COALESCE(
        (SELECT rate FROM res_currency_rate
          WHERE currency_id = %(currency)s AND name <= %(date)s
            AND (company_id IS NULL OR company_id = %(company_id)s)
          ORDER BY company_id, name DESC LIMIT 1),
        (SELECT rate FROM res_currency_rate
          WHERE currency_id = %(currency)s
            AND (company_id IS NULL OR company_id = %(company_id)s)
          ORDER BY company_id, name LIMIT 1),
        1.0)
"""


@dataclass(frozen=True)
class Exchange:
    """How amounts of all companies become amounts of the reader's company.

    ``foreign`` is {company id: id of its currency} where it is another one,
    ``company_id`` the company whose rates count, ``unit`` the smallest amount.
    """

    foreign: dict
    currency_id: int
    company_id: int
    unit: float

    def select_rate(self, owner, date):
        """Return the rate for the amounts of a company on a day, as a column."""
        rate = SQL("1.0")
        for currency_id in sorted(set(self.foreign.values())):
            rate = SQL(
                "CASE WHEN %s = ANY(%s) THEN %s / %s ELSE %s END",
                owner,
                [id_ for id_, other in self.foreign.items() if other == currency_id],
                self._get_rate(self.currency_id, date),
                self._get_rate(currency_id, date),
                rate,
            )
        return SQL("%s AS exchange_rate", rate)

    def _get_rate(self, currency_id, date):
        return SQL(RATE, currency=currency_id, date=date, company_id=self.company_id)

    def convert(self, amount, table="lead"):
        """Return an amount at the rate of a table, rounded as its currency is."""
        if not self.foreign:
            return SQL(amount)
        return SQL(
            "ROUND((%(amount)s * %(rate)s)::numeric / %(unit)s) * %(unit)s",
            amount=SQL(amount),
            rate=SQL.identifier(table, "exchange_rate"),
            unit=SQL("%s::numeric", str(self.unit)),
        )
