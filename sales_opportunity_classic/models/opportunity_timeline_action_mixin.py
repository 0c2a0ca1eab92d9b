from odoo import models


class OpportunityTimelineActionMixin(models.AbstractModel):
    """What is planned, written and logged from the Tasks tab, in Odoo's own dialogs."""

    _name = "opportunity.timeline.action.mixin"
    _description = "Actions of the Timeline"

    # === ACTION METHODS === #

    def action_new_task(self):
        """Return Odoo's dialog that schedules an activity."""
        return self._open_activity_dialog(self.env._("New Task"))

    def action_log_call(self):
        """Return Odoo's dialog for a call, to plan it or to mark it done at once."""
        call = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_call", raise_if_not_found=False
        )
        context = {"default_activity_type_id": call} if call else {}
        return self._open_activity_dialog(self.env._("Log a Call"), **context)

    def action_new_meeting(self):
        """Return the form of a new meeting with the customer."""
        self._check_timeline_action()
        return self._open_dialog(
            self.env._("New Appointment"),
            "calendar.event",
            self._get_meeting_context(),
        )

    def action_write_note(self):
        """Return Odoo's composer for a note, which no customer gets."""
        return self._open_composer(
            self.env._("Log Note"), default_subtype_xmlid="mail.mt_note"
        )

    def action_write_email(self):
        """Return Odoo's composer for an email to the customer, with templates and
        files from the file box."""
        return self._open_composer(
            self.env._("Write an Email"),
            default_subtype_xmlid="mail.mt_comment",
            default_partner_ids=self._get_timeline_customers().ids,
            force_email=True,
        )

    # === BUSINESS METHODS === #

    def _check_timeline_action(self):
        self.ensure_one()
        self.check_access("write")

    def _open_activity_dialog(self, name, **context):
        self._check_timeline_action()
        active = {
            "active_model": self._name,
            "active_id": self.id,
            "active_ids": self.ids,
            "dialog_size": "large",
        }
        return self._open_dialog(name, "mail.activity.schedule", {**active, **context})

    def _open_composer(self, name, **context):
        self._check_timeline_action()
        given = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_composition_mode": "comment",
            # As from the chatter: recipients may be added, but need not be.
            "clicked_on_full_composer": True,
        }
        return self._open_dialog(name, "mail.compose.message", {**given, **context})

    def _open_dialog(self, name, model, context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _get_meeting_context(self):
        """Return what a new meeting is filled with, by Odoo's own action."""
        raise NotImplementedError
