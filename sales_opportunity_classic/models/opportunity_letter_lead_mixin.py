from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..tools.recurrence import get_period_start
from .opportunity_letter_field_mixin import LetterField

OPPORTUNITY_FIELDS = (
    "name",
    "stage_id",
    "expected_revenue",
    "revenue_low",
    "revenue_high",
    "date_deadline",
    "next_action_date",
    "next_action_note",
    "offer_valid_until",
    "team_id",
    "tag_ids",
    "source_id",
    "description",
)
TOTALS = (
    "offer_one_time",
    "offer_mrr",
    "offer_arr",
    "offer_first_year",
    "offer_contract_value",
)
ROLE_FIELDS = ("name", "function", "email", "phone")


class OpportunityLetterLeadMixin(models.AbstractModel):
    """What letters may say of an opportunity: the deal, what is offered, its people."""

    _name = "opportunity.letter.lead.mixin"
    _inherit = ["opportunity.letter.mixin"]
    _description = "Letters to Opportunities"

    letter_ids = fields.One2many(
        "opportunity.letter", "lead_id", string="Letters", groups="base.group_user"
    )

    # === ACTION METHODS === #

    def action_open_letters(self):
        """Return the letters of the opportunity."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": "opportunity.letter",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("lead_id", "=", self.id)],
        }

    # === WHO === #

    def _get_letter_contact(self):
        contact = self._get_postal_partner("contact")
        if not contact.id:
            contact.update(
                {
                    "email": self.email_from,
                    "phone": self.phone,
                    "function": self.function,
                    "website": self.website,
                }
            )
        return contact

    def _get_letter_lang(self):
        return self.partner_id.lang or self.lang_code or self.env.lang or "en_US"

    def _get_letter_salesperson(self):
        return self.user_id or self.env.user

    def _get_letter_company(self):
        return self.company_id or self.env.company

    # === THE LIST === #

    @api.model
    def _get_letter_fields(self):
        opportunity = self._list_own_letter_fields(
            "opportunity", self.env._("Opportunity"), OPPORTUNITY_FIELDS
        )
        return {
            **super()._get_letter_fields(),
            **opportunity,
            **self._get_offer_letter_fields(),
            **self._get_role_letter_fields(),
            **self._list_custom_letter_fields(self._name, lambda lead: lead),
        }

    @api.model
    def _list_own_letter_fields(self, prefix, group, names):
        return self._list_letter_fields(
            prefix, group, self._name, names, lambda lead: lead
        )

    @api.model
    def _get_offer_letter_fields(self):
        group, link = self.env._("Products"), self.env._("Buy Now Link")
        texts = {
            "plan.names": (self.env._("Plans"), lambda lead: lead._get_plan_names()),
            "plan.start": (
                self.env._("Plan Starts"),
                lambda lead: lead._get_plan_date("start"),
            ),
            "plan.first_bill": (
                self.env._("First Bill of the Plan"),
                lambda lead: lead._get_plan_date("first_bill"),
            ),
            "plan.end": (
                self.env._("Plan Ends"),
                lambda lead: lead._get_plan_date("end"),
            ),
        }
        return {
            "products.table": LetterField(
                self.env._("Table with Totals"),
                group,
                lambda lead: lead._get_product_table(),
                is_block=True,
            ),
            **self._list_own_letter_fields("products", group, TOTALS),
            **{key: LetterField(x[0], group, x[1]) for key, x in texts.items()},
            "buy_link.url": LetterField(
                self.env._("Address"), link, lambda lead: lead.buy_link_url or ""
            ),
            "buy_link.expiry": LetterField(
                self.env._("Last Day"), link, lambda lead: lead._get_buy_link_expiry()
            ),
        }

    @api.model
    def _get_role_letter_fields(self):
        Partner = self.env["res.partner"]._fields
        return {
            f"role.{role.id}.{name}": LetterField(
                Partner[name]._description_string(self.env),
                role.name,
                lambda lead, role=role, name=name: lead._get_of_role(role, name),
            )
            for role in self.env["opportunity.party.role"].search([])
            for name in ROLE_FIELDS
        }

    # === VALUES === #

    def _get_product_table(self):
        lines = self.line_ids
        if not lines:
            return ""
        return self.env["ir.qweb"]._render(
            "sales_opportunity_classic.opportunity_letter_products",
            {
                "lines": [self._describe_letter_line(line) for line in lines],
                "totals": self._get_letter_totals(),
            },
        )

    def _describe_letter_line(self, line):
        """Return what the table says of one product."""
        currency = line.currency_id
        net = line.price_unit * (1 - line.discount / 100)
        unit = line.product_uom_id.name or ""
        return {
            "name": line.name or line.product_id.display_name,
            "plan": line.plan_id and line.plan_id._get_description(net, currency),
            "is_optional": line.is_optional,
            "quantity": f"{formatLang(self.env, line.quantity)} {unit}",
            "price": formatLang(self.env, net, currency_obj=currency),
            "amount": formatLang(
                self.env,
                line.recurring_subtotal if line.plan_id else line.price_subtotal,
                currency_obj=currency,
            ),
        }

    def _get_letter_totals(self):
        """Return the totals below the products, each with its label."""
        names = [name for name in TOTALS[:2] if self[name]]
        return [
            (
                self._fields[name]._description_string(self.env),
                self._format_letter_field(self, name),
            )
            for name in names
        ]

    def _get_plan_names(self):
        return ", ".join(self.line_ids.plan_id.mapped("name"))

    def _get_plan_date(self, kind):
        """Return a date of the longest plan, as if the customer bought on the closing
        date."""
        plans = self.line_ids.plan_id
        days = [date for plan in plans if (date := self._get_plan_dates(plan)[kind])]
        return self._format_letter_date(max(days)) if days else ""

    def _get_plan_dates(self, plan):
        today = fields.Date.context_today(self)
        start = max(self.date_deadline or today, today)
        first = start + timedelta(days=plan.trial_days)
        terms = (plan.interval_unit, plan.interval_count)
        after = get_period_start(first, *terms, plan.cycles, plan.anchor_day)
        end = after - timedelta(days=1) if plan.cycles else None
        return {"start": start, "first_bill": first, "end": end}

    def _get_buy_link_expiry(self):
        links = self.buy_link_ids.filtered(lambda link: link.state == "active")
        date = links.sorted("id")[-1:].date_expiry
        return self._format_letter_date(date) if date else ""

    def _get_of_role(self, role, name):
        parties = self.party_ids.filtered(lambda party: party.role_id == role)
        partners = parties.partner_id
        partners.check_access("read")
        values = (self._format_letter_field(partner, name) for partner in partners)
        return ", ".join(filter(None, values))

    # === WHAT A LETTER LEAVES BEHIND === #

    def _prepare_letter_owner(self):
        return {"lead_id": self.id, "partner_id": self.partner_id.id}

    def _get_letter_hindrance(self):
        try:
            self._check_closed_edit()
        except UserError as error:
            return str(error)
        return super()._get_letter_hindrance()

    def _merge_dependences(self, opportunities):
        # sudo: the right to change all of them was asked before
        opportunities.sudo().letter_ids.lead_id = self
        return super()._merge_dependences(opportunities)
