from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

TAG_FIELDS = {"crm.lead": "tag_ids", "res.partner": "category_id"}


class OpportunitySequenceStepTagMixin(models.AbstractModel):
    """Adds tags, or takes them away."""

    _name = "opportunity.sequence.step.tag.mixin"
    _description = "Tag Step"

    tag_ids = fields.Many2many(
        "crm.tag", "opportunity_sequence_step_tag_rel", string="Tags"
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        "opportunity_sequence_step_category_rel",
        string="Contact Tags",
    )
    is_removing = fields.Boolean("Take Away", help="Take the tags away instead.")

    @api.constrains("step_type", "tag_ids", "category_ids")
    def _check_tags(self):
        for step in self:
            if step.step_type == "tag" and not step._get_tags():
                raise ValidationError(self.env._("Choose the tags of the step."))

    def _get_tags(self):
        return self.tag_ids if self.model == "crm.lead" else self.category_ids

    def _run_tag(self, records):
        make = Command.unlink if self.is_removing else Command.link
        commands = [make(tag.id) for tag in self._get_tags()]
        records.write({TAG_FIELDS[records._name]: commands})
        return dict.fromkeys(records.ids, {})
