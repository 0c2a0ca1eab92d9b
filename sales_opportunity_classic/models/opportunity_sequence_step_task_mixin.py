from datetime import timedelta

from odoo import fields, models


class OpportunitySequenceStepTaskMixin(models.AbstractModel):
    """Schedules an activity; all of a batch at one go."""

    _name = "opportunity.sequence.step.task.mixin"
    _description = "Task Step"
    _inherit = ["opportunity.sequence.step.text.mixin"]

    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        ondelete="restrict",
        domain="['|', ('res_model', '=', False), ('res_model', '=', model)]",
        help="Empty: a to-do.",
    )
    activity_days = fields.Integer("Due in (Days)", help="After the step, by calendar.")
    activity_user = fields.Selection(
        [
            ("salesperson", "Salesperson"),
            ("starter", "Who started the sequence"),
            ("other", "Somebody else"),
        ],
        "Assigned to",
        required=True,
        default="salesperson",
    )
    activity_user_id = fields.Many2one(
        "res.users",
        "Assignee",
        ondelete="set null",
        domain=[("share", "=", False)],
    )

    def _run_task(self, records):
        return self._schedule(records, self.activity_type_id)

    def _schedule(self, records, activity_type, summary=""):
        """Schedule an activity on each record, with the step's text."""
        lines = self._render_lines("subject", records)
        bodies = self._render_bodies(records) if self.body_html else {}
        activity_type = activity_type or self._get_default_activity_type(records)
        common = {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id(records._name),
            "date_deadline": fields.Date.context_today(self)
            + timedelta(days=self.activity_days),
        }
        activities = self.env["mail.activity"].create(
            [
                {
                    **common,
                    **owner,
                    "summary": lines[owner["res_id"]] or summary,
                    **({"note": bodies[owner["res_id"]][0]} if bodies else {}),
                }
                for owner in self._prepare_activity_owners(records)
            ]
        )
        return {
            record.id: {"activity_id": activity.id}
            for record, activity in zip(records, activities, strict=True)
        }

    def _prepare_activity_owners(self, records):
        """Return what each is about and who is to do it, with what Odoo stores of both:
        it would otherwise add that by an update of each activity."""
        # sudo: as Odoo's own computations of what is stored
        shown = records.sudo()
        users = [self._get_assignee(record) for record in records]
        # sudo: as above
        zones = {user: user.sudo().tz for user in set(users)}
        return [
            {
                "res_id": record.id,
                "res_name": record.display_name,
                "user_id": user.id,
                "user_tz": zones[user],
            }
            for record, user in zip(shown, users, strict=True)
        ]

    def _get_default_activity_type(self, records):
        activities = self.env["mail.activity"]
        return activities._default_activity_type_for_model(records._name)

    def _get_assignee(self, record):
        """Return who is to do it; whom the sequence runs for where that is nobody."""
        user = self.env.user
        if self.activity_user == "other":
            user = self.activity_user_id
        elif self.activity_user == "salesperson":
            user = record.user_id
        return user if user.active else self.env.user
