from odoo import models


class SaleOrder(models.Model):
    """A quotation or order of what an opportunity offers; each line of ``_inherit`` is
    one feature."""

    _name = "sale.order"
    _inherit = ["opportunity.bought.order.mixin", "sale.order"]

    _buy_link_uniq = models.UniqueIndex(
        "(buy_link_id, buy_link_revision) "
        "WHERE buy_link_id IS NOT NULL AND state IN ('draft', 'sent')",
        "There is an open quotation of this Buy Now link already.",
    )
