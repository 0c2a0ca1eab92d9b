from odoo import models


class IrAttachment(models.Model):
    """Files of a meeting that is not to be seen are not either, though everybody may
    read that somebody is busy."""

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if operation != "read" or self.env.su:
            return
        Event = self.env["calendar.event"]
        events = Event.browse(filter(None, model_and_ids.get(Event._name, ())))
        for event in events.exists()._filter_hidden():
            yield event._name, event.id
