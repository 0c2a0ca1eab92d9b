from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .opportunity_settings_mixin import AUTOMATIC

RECORD_FIELDS = {"crm.lead": "lead_id", "res.partner": "partner_id"}
ENTRY_FIELDS = (
    *("start_on_create", "start_on_lost", "start_stage_ids"),
    *("start_tag_ids", "start_category_ids"),
)


class EntryRules(NamedTuple):
    """Ids of the sequences that records of one kind enter by themselves."""

    on_create: tuple
    on_lost: tuple
    on_stage: dict
    on_tag: dict


class OpportunitySequenceEntryMixin(models.AbstractModel):
    """When records enter a sequence by themselves, in the name of their salesperson or,
    where they have none, of the sequence's responsible."""

    _name = "opportunity.sequence.entry.mixin"
    _description = "Entry Rules of a Sequence"

    start_on_create = fields.Boolean(
        "When Created", help="Each new record is enrolled, whoever makes it."
    )
    start_on_lost = fields.Boolean(
        "When Lost", help="To win back opportunities that are marked lost."
    )
    start_stage_ids = fields.Many2many(
        "crm.stage",
        "opportunity_sequence_start_stage_rel",
        string="When Entering",
        help="Opportunities are enrolled when they enter one of these stages.",
    )

    start_tag_ids = fields.Many2many(
        "crm.tag",
        "opportunity_sequence_start_tag_rel",
        string="When Tagged",
        help="Opportunities are enrolled when they get one of these tags.",
    )
    start_category_ids = fields.Many2many(
        "res.partner.category",
        "opportunity_sequence_start_category_rel",
        string="When a Contact Is Tagged",
        help="Contacts are enrolled when they get one of these tags.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("start_on_lost", "stop_on_lost")
    def _check_lost(self):
        for sequence in self:
            if sequence.start_on_lost and sequence.stop_on_lost:
                raise ValidationError(
                    self.env._(
                        "“%s” starts when an opportunity is lost: let it not stop by "
                        "that.",
                        sequence.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        self.env.registry.clear_cache()
        return sequences

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache("model")
    def _get_entry_rules(self, model):
        """Return the ``EntryRules`` of a model; asked with each change of a stage."""
        # sudo: they hold whoever sets them off
        sequences = self.sudo().search(
            Domain("model", "=", model)
            & Domain.OR(Domain(name, "!=", False) for name in ENTRY_FIELDS)
        )
        tags = "start_tag_ids" if model == "crm.lead" else "start_category_ids"
        return EntryRules(
            tuple(sequences.filtered("start_on_create").ids),
            tuple(sequences.filtered("start_on_lost").ids),
            sequences._group_ids("start_stage_ids"),
            sequences._group_ids(tags),
        )

    def _group_ids(self, name):
        """Return {id of a record of a field: ids of the sequences that name it}."""
        groups = defaultdict(tuple)
        for sequence in self:
            for record in sequence[name]:
                groups[record.id] += (sequence.id,)
        return dict(groups)

    def _enroll_automatically(self, records):
        """Enrol records, as superuser, that are not in the sequence yet.

        What steps do enrols nobody a second time: sequences would set off each other
        without end.
        """
        if not self.step_ids:
            return
        records = self._filter_company(records)
        if self.env.context.get("opportunity_actor") is AUTOMATIC:
            own = RECORD_FIELDS[self.model]
            known = [("sequence_id", "=", self.id), (own, "in", records.ids)]
            records -= self.env["opportunity.sequence.enrollment"].search(known)[own]
        self._enroll_free(records)

    def _filter_company(self, records):
        """Return the records that are of the company of the sequence, or of none."""
        company = self.company_id
        if not company:
            return records
        own = (company, company.browse())
        return records.filtered(lambda record: record.company_id in own)

    def _enroll_free(self, records):
        enrollments = self.env["opportunity.sequence.enrollment"]
        free = enrollments._get_free(self, records)
        starters = {record: self._get_starter(record) for record in free}
        enrollments.create(
            [
                {**self._prepare_enrollment(record), "user_id": starter.id}
                for record, starter in starters.items()
                if starter
            ]
        )._start_automatically()

    def _get_starter(self, record):
        """Return in whose name a record is followed up that enters by itself."""
        users = record.user_id + self.user_id
        return users.filtered("active")[:1]
