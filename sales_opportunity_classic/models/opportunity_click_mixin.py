from odoo import api, fields, models
from odoo.fields import Domain


class OpportunityClickMixin(models.AbstractModel):
    """What the recipients of the opportunity's emails did with them."""

    _name = "opportunity.click.mixin"
    _description = "Clicks"
    _inherit = ["opportunity.merge.mixin"]

    click_ids = fields.One2many(
        "opportunity.click",
        "lead_id",
        string="Clicks",
        groups="base.group_user",
        readonly=True,
    )
    click_count = fields.Integer(
        "Number of Clicks",
        compute="_compute_click_count",
        compute_sudo=True,
        groups="base.group_user",
        help="How often people followed the links of emails. Programs do not count.",
    )
    date_clicked = fields.Datetime(
        "Last Click",
        compute="_compute_click_count",
        compute_sudo=True,
        search="_search_date_clicked",
        groups="base.group_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("click_ids.is_robot", "click_ids.kind", "click_ids.date")
    def _compute_click_count(self):
        Click = self.env["opportunity.click"]
        rows = Click._read_group(
            Click._get_person_domain() & Domain("lead_id", "in", self.ids),
            ["lead_id"],
            ["__count", "date:max"],
        )
        figures = {lead.id: figure for lead, *figure in rows}
        for lead in self:
            figure = figures.get(lead._origin.id, (0, False))
            lead.click_count, lead.date_clicked = figure

    @api.model
    def _search_date_clicked(self, operator, value):
        """Search by the last click; clicks follow the rights of their opportunity."""
        if operator == "in":
            return NotImplemented
        later = operator in (">", ">=")
        limit = Domain("date", operator, value)
        if not later:
            limit = Domain("date", {"<": ">=", "<=": ">"}[operator], value)
        return (
            self._search_clicked(limit)
            if later
            else (self._search_clicked(Domain.TRUE) & ~self._search_clicked(limit))
        )

    @api.model
    def _search_clicked(self, domain):
        # sudo: asked which opportunities; the user's rights are asked of these
        Click = self.env["opportunity.click"].sudo()
        clicks = Click._search(Click._get_person_domain() & domain)
        return Domain("id", "in", clicks.subselect("lead_id"))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=True)
    def _unlink_traces(self):
        # Before the database does, so that links are not left behind.
        self._search_traces().unlink()

    # === ACTION METHODS === #

    def action_open_clicks(self):
        """Return the list of clicks on the opportunity's emails."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_classic.opportunity_click_action"
        )
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"search_default_people": 1},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"track_links"}

    def _search_traces(self):
        """Return the tracked emails of the opportunities, as superuser."""
        # sudo: written by the system alone
        traces = self.env["opportunity.mail.trace"].sudo()
        return traces.search([("lead_id", "in", self.ids)])

    def _hand_over(self, survivors):
        traces = self._search_traces()
        clicks = traces.env["opportunity.click"].search([("lead_id", "in", self.ids)])
        for rows in (traces, clicks):
            for row in rows:
                row.lead_id = survivors[row.lead_id.id]
        return super()._hand_over(survivors)
