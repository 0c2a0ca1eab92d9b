from odoo import api, models
from odoo.exceptions import AccessError

ENROLLMENTS_SHOWN = 40


class OpportunitySequencePanelMixin(models.AbstractModel):
    """The Follow-Up tab of an opportunity or a contact.

    Nothing is read with the form: the tab asks once it is shown. On a contact it shows
    the sequences of its opportunities as well.
    """

    _name = "opportunity.sequence.panel.mixin"
    _description = "Follow-Up Tab"

    @api.readonly
    def get_follow_up(self):
        """Return the enrolments that the user may read, those under way first.

        :return: ``rows`` of enrolments, whether there are ``more`` of them and whether
            the user ``can_edit`` the record
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Follow-up is shown to employees only."))
        enrollments = self.env["opportunity.sequence.enrollment"].search(
            [(self._get_follow_up_field(), "=", self.id)], limit=ENROLLMENTS_SHOWN + 1
        )
        shown = enrollments[:ENROLLMENTS_SHOWN]
        return {
            "rows": shown._prepare_panel_rows(self),
            "more": len(enrollments) > ENROLLMENTS_SHOWN,
            "can_edit": self.has_access("write"),
        }

    def action_start_follow_up(self):
        """Return the dialog that starts a sequence on these records."""
        name = f"default_{self._get_follow_up_field()}s"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_classic.opportunity_sequence_start_action_lead"
        )
        return {**action, "context": {name: self.ids, "dialog_size": "large"}}
