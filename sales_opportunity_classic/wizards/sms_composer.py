from odoo import models


class SmsComposer(models.TransientModel):
    """Texts the customers of many opportunities for whoever may change them, as mails
    are written: Odoo asks for the right to read alone."""

    _inherit = "sms.composer"

    def _action_send_sms_mass(self, records=None):
        if self.res_model == "crm.lead":
            (self._get_records() if records is None else records).check_access("write")
        return super()._action_send_sms_mass(records=records)
