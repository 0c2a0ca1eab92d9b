from odoo import api, fields, models


class OpportunitySequenceResume(models.TransientModel):
    """Shows when held follow-up goes on, before it does."""

    _name = "opportunity.sequence.resume"
    _description = "Resume Follow-Up"

    enrollment_ids = fields.Many2many(
        "opportunity.sequence.enrollment",
        string="Enrolments",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    preview = fields.Html("New Dates", compute="_compute_preview", sanitize=False)
    resumed_count = fields.Integer(compute="_compute_preview")

    @api.depends("enrollment_ids")
    def _compute_preview(self):
        for dialog in self:
            held = dialog._get_held()
            dialog.resumed_count = len(held)
            dialog.preview = self.env["ir.qweb"]._render(
                "sales_opportunity_classic.opportunity_sequence_new_dates",
                {"rows": dialog._prepare_rows(held)},
            )

    def action_resume(self):
        """Go on with those that are held."""
        self.ensure_one()
        self._get_held().action_resume()
        return {"type": "ir.actions.act_window_close"}

    def _get_held(self):
        """Return what can be resumed of what the user may read."""
        self.enrollment_ids.check_access("read")
        return self.enrollment_ids.filtered(
            lambda one: one.state == "paused" or one.stop_reason == "error"
        )

    def _prepare_rows(self, held):
        # sudo: when a step is due does not depend on who asks
        held = held.sudo()
        planner = held._get_planner()
        return [self._prepare_row(one, planner) for one in held]

    def _prepare_row(self, enrollment, planner):
        row = {"name": enrollment.display_name, "step": "", "date": "", "zone": ""}
        try:
            foreseen = enrollment._foresee_resumed(planner)
        except ValueError as error:
            return {**row, "date": str(error)}
        zone = enrollment._get_time_zone()
        date = enrollment._format_moment(foreseen.date, zone)
        if not foreseen.step:
            date = self.env._("Nothing is left: it is completed")
        elif not date:
            date = self.env._("When the task before is done")
        return {
            "name": enrollment.display_name,
            "step": foreseen.step.display_name or "",
            "date": date,
            "zone": zone.replace("_", " ") if foreseen.date else "",
        }
