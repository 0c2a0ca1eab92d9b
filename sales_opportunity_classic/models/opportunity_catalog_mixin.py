from odoo import api, models
from odoo.fields import Domain


class OpportunityCatalogMixin(models.AbstractModel):
    """Odoo's product catalog, to pick the products of an opportunity from."""

    _name = "opportunity.catalog.mixin"
    _description = "Product Catalog of the Opportunity"
    _inherit = ["product.catalog.mixin"]

    def action_add_from_catalog(self):
        """Return Odoo's product catalog for this opportunity."""
        self.ensure_one()
        self.check_access("write")
        return super().action_add_from_catalog()

    # === BUSINESS METHODS === #

    def _get_product_catalog_domain(self):
        return super()._get_product_catalog_domain() & Domain("sale_ok", "=", True)

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        lines = self.line_ids.filtered(lambda line: line.product_id.id in product_ids)
        return lines.grouped("product_id")

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        for product, price in self._get_catalog_prices(products).items():
            data[product]["price"] = price
        return data

    def _get_catalog_prices(self, products):
        """Return {product id: list price} as the opportunity's pricelist has it."""
        self.ensure_one()
        pricelist = self.pricelist_id or self._get_customer_pricelist()
        currency = self.offer_currency_id if self.line_ids else pricelist.currency_id
        return pricelist._get_products_price(
            products, 1.0, currency=currency or self._get_offer_company().currency_id
        )

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        """Set the quantity of a product; zero takes it off the opportunity.

        :return: the unit price, discount included, in the currency of the offer
        """
        self.ensure_one()
        self.line_ids._check_numbers({"quantity": quantity}, ["quantity"])
        product = self.env["product.product"].browse(product_id)
        line = self.line_ids.filtered(lambda line: line.product_id == product)[:1]
        if not quantity or quantity <= 0:
            line.unlink()
            return self._get_catalog_prices(product)[product_id]
        if line:
            line.quantity = quantity
        else:
            line = self.env["opportunity.line"].create(
                {"lead_id": self.id, "product_id": product_id, "quantity": quantity}
            )
        return line._get_product_catalog_lines_data()["price"]

    @api.model
    def _get_parent_field_on_child_model(self):
        return "lead_id"
