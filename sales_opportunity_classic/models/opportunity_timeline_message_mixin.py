from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline

# Odoo's own logs are left out: a stage move, a file or a meeting speaks for itself.
WRITTEN = ("comment", "email", "email_outgoing", "auto_comment", "sms")
SHOWN = ("body", "email_from", "mail_activity_type_id", "message_type", "subject")
# From the worst on: what is shown of an email to several.
STATES = ("bounce", "exception", "canceled", "ready", "process", "pending", "sent")
FAILED = STATES[:3]


class OpportunityTimelineMessageMixin(models.AbstractModel):
    """Notes, emails in and out, and text messages in the timeline."""

    _name = "opportunity.timeline.message.mixin"
    _description = "Messages of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = (
        "note",
        "email_in",
        "email_out",
        "sms",
        "task",
        "call",
        "meeting",
    )

    @api.model
    def _get_timeline_columns(self):
        return timeline.messages.get_columns()

    @api.model
    def _get_timeline_domain(self, owners):
        return Domain.OR(
            Domain("model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in owners.items()
        )

    @api.model
    def _split_timeline(self, domain):
        """Apart from each other, as only of done activities others are looked up."""
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities")
        written = Domain("message_type", "in", WRITTEN)
        done = Domain("message_type", "=", "notification")
        done &= Domain("subtype_id", "=", subtype)
        return [
            *super()._split_timeline(domain & written),
            (domain & done, timeline.messages.get_done_columns()),
        ]

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("author_id", "in", person.partner_ids) | Domain(
            "partner_ids", "in", person.partner_ids
        )

    @api.model
    def _get_timeline_text_domain(self, text):
        return Domain("body", "ilike", text) | Domain("subject", "ilike", text)

    @api.model
    def _search_timeline(self, domain, is_ruled=False):
        # Only Python knows who may read them.
        return self._search(domain, bypass_access=True)

    @api.model
    def _filter_timeline(self, ids):
        """Leave out as well what its author deleted: it has no content any more."""
        found = self._search(Domain("id", "in", ids)).get_result_ids()
        # sudo: their rights were asked just now
        messages = self.sudo().browse(found)
        messages.fetch(SHOWN)
        return messages.filtered(
            lambda one: one.body or one.subject or one.attachment_ids
        ).ids

    def _prepare_timeline_rows(self):
        # The click's own rights; those of its opportunity were asked.
        is_told = self.env["opportunity.click"].sudo(False).has_access("read")
        rows = {message.id: message._prepare_timeline_row() for message in self}
        self.env.cr.execute(timeline.select_outcomes(self.ids))
        for outcome in self.env.cr.dictfetchall():
            row = rows[outcome["id"]]
            row |= self._prepare_timeline_delivery(outcome)
            if is_told and row.get("state") not in FAILED:
                row |= self._prepare_timeline_response(outcome)
        return rows

    @api.model
    def _prepare_timeline_response(self, outcome):
        """Return what people did with an email that arrived."""
        if clicks := outcome["clicks"]:
            label = (
                self.env._("1 click")
                if clicks == 1
                else self.env._("%(count)s clicks", count=clicks)
            )
        else:
            label = outcome["opens"] and self.env._("Opened")
        return {"state": "open", "state_label": label} if label else {}

    def _prepare_timeline_row(self):
        return {
            "title": self.subject or "",
            "text": self._get_timeline_preview(self.body),
            "email_from": self.email_from or "",
            "label": self.mail_activity_type_id.name or "",
            "can_pin": self.message_type == "comment",
        }

    @api.model
    def _prepare_timeline_delivery(self, outcome):
        """Return to whom a message went, and the worst that became of it."""
        if not outcome["states"]:
            return {}
        worst = next((state for state in STATES if state in outcome["states"]), "sent")
        field = self.env["mail.notification"]._fields["notification_status"]
        return {
            "state": worst,
            "state_label": dict(field._description_selection(self.env)).get(worst, ""),
            "recipients": outcome["recipients"] or [],
        }
