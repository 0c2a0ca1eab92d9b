from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.mail import html2plaintext, is_html_empty, plaintext2html


class OpportunityNextActionMixin(models.AbstractModel):
    """The next action of an opportunity: its earliest open activity, both ways.

    Writing the date or the note changes that activity, or schedules one for the
    salesperson where there is none; emptying the date cancels it. Completing,
    moving or cancelling activities anywhere else moves the next action along.
    The first line of the note is the activity's summary, the rest its note.
    """

    _name = "opportunity.next.action.mixin"
    _description = "Next Action"
    _inherit = ["opportunity.validity.mixin"]

    next_action_date = fields.Date(
        "Next Action",
        compute="_compute_next_action",
        inverse="_inverse_next_action",
        groups="base.group_user",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        help="Due date of the earliest open activity. Changing it here reschedules "
        "that activity, or schedules one for the salesperson.",
    )
    next_action_note = fields.Text(
        compute="_compute_next_action",
        inverse="_inverse_next_action",
        groups="base.group_user",
        store=True,
        readonly=False,
        copy=False,
        help="What to do next. The first line is the activity's summary, the "
        "lines below are its note.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "activity_ids.active",
        "activity_ids.activity_type_id.name",
        "activity_ids.date_deadline",
        "activity_ids.note",
        "activity_ids.summary",
    )
    def _compute_next_action(self):
        activities = self._get_next_activities()
        for lead in self:
            activity = activities[lead._origin.id]
            lead.next_action_date = activity.date_deadline
            lead.next_action_note = self._get_activity_text(activity)

    def _inverse_next_action(self):
        to_create = []
        activities = self._get_next_activities()
        for lead in self:
            activity = activities[lead.id]
            action = (lead.next_action_date, lead.next_action_note)
            if not activity:
                if any(action):
                    to_create.append(lead._prepare_next_activity_values(*action))
            elif not lead.next_action_date:
                activity.unlink()
            elif changes := lead._prepare_activity_changes(activity):
                activity.write(changes)
        self.env["mail.activity"].create(to_create)
        # What was written may not be the earliest activity any more.
        self._compute_next_action()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Scheduled after the lead has its followers, whom activities add to.
        vals_list = [dict(vals) for vals in vals_list]
        actions = [
            (vals.pop("next_action_date", False), vals.pop("next_action_note", False))
            for vals in vals_list
        ]
        leads = super().create(vals_list)
        self.env["mail.activity"].create(
            [
                lead._prepare_next_activity_values(*action)
                for lead, action in zip(leads, actions, strict=True)
                if any(action)
            ]
        )
        return leads

    # === BUSINESS METHODS === #

    def _get_next_activities(self):
        """Return {lead id: its earliest open activity, or none}."""
        Activity = self.env["mail.activity"]
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self._origin.ids),
            ("active", "=", True),
        ]
        found = defaultdict(lambda: Activity)
        # sudo: it is the next action of the opportunity, whoever is to do it
        for activity in Activity.sudo().search(domain, order="date_deadline, id"):
            found.setdefault(activity.res_id, activity.sudo(self.env.su))
        return found

    @api.model
    def _get_activity_text(self, activity):
        """Return an activity's summary (else its type) and note as plain text."""
        title = activity.summary or activity.activity_type_id.name or ""
        body = "" if is_html_empty(activity.note) else html2plaintext(activity.note)
        return "\n".join(filter(None, (title, body.strip()))) or False

    def _prepare_next_activity_values(self, date, note):
        """Return the values of the activity to schedule, by default due today."""
        activity_type = self.env["mail.activity"]._default_activity_type_for_model(
            self._name
        )
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": activity_type.id,
            "date_deadline": date or fields.Date.context_today(self),
            "user_id": (self.user_id or self.env.user).id,
            **self._prepare_activity_text(note),
        }

    def _prepare_activity_changes(self, activity):
        """Return what must change on ``activity``; nothing for an unchanged text,
        so that a formatted note survives a rescheduling."""
        changes = {}
        if self.next_action_date != activity.date_deadline:
            changes["date_deadline"] = self.next_action_date
        if (self.next_action_note or False) != self._get_activity_text(activity):
            changes.update(self._prepare_activity_text(self.next_action_note))
        return changes

    @api.model
    def _prepare_activity_text(self, text):
        summary, __, body = (text or "").strip().partition("\n")
        return {"summary": summary, "note": plaintext2html(body) if body else False}

    @api.model
    def _get_checked_dates(self):
        return [*super()._get_checked_dates(), "next_action_date"]
