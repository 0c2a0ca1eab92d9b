import json
from collections import defaultdict
from hashlib import sha256

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ..tools.pricing import get_net_price


class OpportunityBuyPageMixin(models.AbstractModel):
    """What the customer sees behind a Buy Now link, and whether it may be bought.

    Nothing is written here: programs that check mails fetch the page too. Amounts are
    worked out from the opportunity each time; the revision is their fingerprint, by
    which an order is refused that is not for what was shown.
    """

    _name = "opportunity.buy.page.mixin"
    _description = "Page of a Buy Now Link"

    def _for_customer(self):
        """Return the link as superuser, in the selling company and the customer's
        language: whoever has the token is answered the same, signed in or not."""
        self.ensure_one()
        link = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        return link.with_context(lang=link._get_customer_lang())

    def _get_customer_lang(self):
        """Return the language of the contact, or one like it that pages come in."""
        lang = self.lead_id.partner_id.lang
        return self.env["ir.http"].get_nearest_lang(lang) or self.env.lang

    def _get_page(self, ticked=()):
        """Return what the page shows.

        :param ticked: ids of the optional products to take, as texts; what is no
            optional product of this opportunity is left out
        """
        self.ensure_one()
        lead = self.lead_id
        rows = [self._get_row(line, ticked) for line in lead.line_ids]
        chosen = [row for row in rows if row["is_chosen"]]
        totals = self._get_totals([row["first"] for row in chosen])
        terms = self._get_terms()
        page = {
            "link": self,
            "lead": lead,
            "company": self.company_id,
            "currency": lead.offer_currency_id,
            "rows": rows,
            "totals": totals,
            "later": self._get_later_bills(chosen),
            "lines": lead.line_ids.browse(row["line"].id for row in chosen),
            "terms": terms,
            "date_until": self._get_last_day(),
            "revision": self._get_revision(rows, terms),
        }
        page["refusal"] = self._get_refusal(page)
        return page

    def _get_row(self, line, ticked):
        """Return one product of the page with its amounts of now."""
        first = line._prepare_base_line(line._get_first_price())
        regular = line._prepare_base_line(line.price_unit)
        self.env["account.tax"]._add_tax_details_in_base_lines(
            [first, regular], self.company_id
        )
        currency, plan = self.lead_id.offer_currency_id, line.plan_id
        net = get_net_price(line.price_unit, line.discount)
        return {
            "line": line,
            "is_chosen": not line.is_optional or str(line.id) in ticked,
            "first": first,
            "regular": regular,
            "subtotal": currency.round(
                regular["tax_details"]["raw_total_excluded_currency"]
            ),
            "recurrence": plan and plan._get_description(net, currency),
        }

    def _get_totals(self, base_lines):
        AccountTax = self.env["account.tax"]
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        return AccountTax._get_tax_totals_summary(
            base_lines, self.lead_id.offer_currency_id, self.company_id
        )

    def _get_later_bills(self, rows):
        """Return [(plan, what its later bills ask, taxes included)] of what recurs."""
        by_plan = defaultdict(list)
        for row in rows:
            by_plan[row["line"].plan_id].append(row["regular"])
        currency = self.lead_id.offer_currency_id
        return [
            (
                plan,
                plan._describe_interval(
                    currency.format(
                        self._get_totals(base_lines)["total_amount_currency"]
                    )
                ),
            )
            for plan, base_lines in by_plan.items()
            if plan
        ]

    def _get_terms(self):
        """Return the company's terms of sale as a quotation would name them."""
        order = self.env["sale.order"].new(
            {"partner_id": self.lead_id.partner_id.id, "company_id": self.company_id.id}
        )
        return order.note

    def _get_last_day(self):
        """Return until when the customer may buy."""
        return min(filter(None, (self.date_expiry, self.lead_id.offer_valid_until)))

    def _get_revision(self, rows, terms):
        """Return the fingerprint of all that the customer agrees to."""
        lead = self.lead_id
        agreed = [
            (lead.partner_id.id, self.company_id.id, lead.offer_currency_id.id),
            str(terms or ""),
            *(self._get_agreed(row) for row in rows),
        ]
        return sha256(json.dumps(agreed, sort_keys=True).encode()).hexdigest()

    def _get_agreed(self, row):
        line = row["line"]
        amounts = (
            row[bill]["tax_details"][f"raw_total_{kind}_currency"]
            for bill in ("first", "regular")
            for kind in ("excluded", "included")
        )
        return (
            line.id,
            line.product_id.id,
            line.name,
            line.quantity,
            line.product_uom_id.id,
            line.price_unit,
            line.discount,
            line.tax_ids.ids,
            line.is_optional,
            line.plan_id.id,
            row["recurrence"] or "",
            # far below a cent, above what a float keeps
            *(f"{amount:.6f}" for amount in amounts),
        )

    # === REFUSALS === #

    def _get_refusal(self, page):
        """Return why nothing can be bought now, for the customer to read, or False."""
        total = page["totals"]["total_amount_currency"]
        try:
            self.lead_id._check_offer()
        except UserError:
            # The reason is for the salesperson, who finds it on the opportunity.
            return self.env._("This offer is being revised and cannot be bought now.")
        if not page["lines"]:
            return self.env._("Choose at least one product.")
        if total > 0 and not self._can_take_money(total):
            return self.env._("This offer cannot be paid online at the moment.")
        return False

    def _can_take_money(self, amount):
        """Tell whether a customer who is not signed in finds a way to pay."""
        partner, company = self.lead_id.partner_id, self.company_id
        if partner.company_id and partner.company_id != company:
            return False
        # As the public user: what is not published is offered to employees only.
        user = self.env.ref("base.public_user")
        # sudo: providers and their methods are read by the system only
        Provider = self.env["payment.provider"].with_user(user).sudo()
        currency = self.lead_id.offer_currency_id
        providers = Provider._get_compatible_providers(
            company.id, partner.id, amount, currency_id=currency.id
        )
        return bool(
            Provider.env["payment.method"]._get_compatible_payment_methods(
                providers.ids, partner.id, currency_id=currency.id
            )
        )
