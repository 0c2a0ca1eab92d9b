from collections.abc import Collection

from odoo import api, models
from odoo.fields import Domain

EVENT = "calendar.event"


class IrAttachment(models.Model):
    """Files of a meeting that is not to be seen are not either, though everybody may
    read that somebody is busy."""

    _inherit = "ir.attachment"

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        bypass = self.env.su or kwargs.get("bypass_access")
        if not bypass and any(map(is_about_events, domain.iter_conditions())):
            Event = self.env[EVENT]
            # sudo: the user's rights are in the domain, and asked by Odoo besides
            events = Event.sudo()._search(
                Event._get_unhidden_domain(), active_test=False
            )
            domain &= Domain("res_model", "!=", EVENT) | Domain("res_id", "in", events)
        return super()._search(domain, *args, **kwargs)

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if operation != "read" or self.env.su:
            return
        events = self.env[EVENT].browse(filter(None, model_and_ids.get(EVENT, ())))
        for event in events.exists()._filter_hidden():
            yield EVENT, event.id


def is_about_events(condition):
    """Tell whether a search names the files of meetings; Odoo checks others one by
    one."""
    value = condition.value
    is_model = condition.field_expr == "res_model"
    return is_model and isinstance(value, Collection) and EVENT in value
