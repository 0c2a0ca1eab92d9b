import re

from odoo.fields import Command

from odoo.addons.payment.tests.common import PaymentCommon

from .common import OpportunityCommon


class BuyLinkCommon(PaymentCommon, OpportunityCommon):
    """An opportunity that offers two products and two options, a link to buy them, and
    a provider that takes money.

    * ``desk`` 2 at 100.00, ``support`` 1 at 20.00 a month, of which the first month is
      at 10.00; the taxes are 10 %
    * ``lamp`` 1 at 50.00 and ``chair`` 1 at 70.00 are optional
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls._create_tax(10)
        cls.plan = cls.env["opportunity.subscription.plan"].create(
            {
                "name": "Monthly",
                "interval_unit": "month",
                "intro_cycles": 1,
                "intro_price": 10.0,
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann Prospect", "email": "ann@prospect.example.com"}
        )
        cls.opportunity.partner_id = cls.customer
        cls.desk = cls._offer("Desk", 100.0, quantity=2)
        cls.support = cls._offer("Support", 20.0, plan_id=cls.plan.id)
        cls.lamp = cls._offer("Lamp", 50.0, is_optional=True)
        cls.chair = cls._offer("Chair", 70.0, is_optional=True)
        cls.Link = cls.env["opportunity.buy.link"]
        cls.link = cls._create_link()

    @classmethod
    def _create_tax(cls, amount):
        country = cls.env.company.account_fiscal_country_id or cls.env.ref("base.us")
        cls.env.company.account_fiscal_country_id = country
        group = cls.env["account.tax.group"].create({"name": f"{amount} %"})
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "tax_group_id": group.id,
                "country_id": country.id,
            }
        )

    @classmethod
    def _offer(cls, name, price, lead=None, **values):
        """Offer a new product at this price, as the salesperson."""
        lead = lead or cls.opportunity
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        Line = cls.env["opportunity.line"].with_user(lead.user_id)
        return Line.create({"lead_id": lead.id, "product_id": product.id, **values})

    @classmethod
    def _create_link(cls, lead=None, **values):
        """Make a link as the salesperson of the opportunity."""
        lead = lead or cls.opportunity
        Link = cls.Link.with_user(lead.user_id)
        return Link.create({"lead_id": lead.id, **values})

    @classmethod
    def _get_token(cls, link=None):
        return (link or cls.link).sudo().token

    def _buy(self, *options, link=None):
        """Buy as the customer does, with these lines ticked."""
        link = self.Link._find_active(self._get_token(link))._for_customer()
        page = link._get_page({str(option.id) for option in options})
        self.assertFalse(page["refusal"])
        return link._buy(page)

    def _pay(self, order, amount=None, state="done"):
        """Pay as a provider tells Odoo that it was paid."""
        order = order.sudo()
        tx = self._create_transaction(
            "redirect",
            amount=order.amount_total if amount is None else amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            reference=f"{order.name}-{len(order.transaction_ids)}",
        )
        getattr(tx, f"_set_{state}")()
        tx._post_process()
        return tx


def get_hidden(html, name):
    """Return what a page's form sends in a hidden field."""
    [value] = re.findall(rf'name="{name}" value="([^"]*)"', html)
    return value
