from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.follow_up_queue import Trouble
from .opportunity_sequence_version_mixin import RENEWING
from .opportunity_settings_mixin import AUTOMATIC


class OpportunitySequenceStep(models.Model):
    """One thing that a sequence does, and when.

    Each kind is a mixin with the fields it needs and a method ``_run_<kind>``, which is
    called with the rights of whom the sequence runs for, with all records that have
    come to the step. Nothing leaves the database there: emails and text messages are
    queued, so that what was done and that it was done are saved together.
    """

    _name = "opportunity.sequence.step"
    _description = "Step of a Follow-Up Sequence"
    _inherit = [
        "opportunity.sequence.step.timing.mixin",
        "opportunity.sequence.step.email.mixin",
        "opportunity.sequence.step.meeting.mixin",
        "opportunity.sequence.step.letter.mixin",
        "opportunity.sequence.step.task.mixin",
        "opportunity.sequence.step.note.mixin",
        "opportunity.sequence.step.sms.mixin",
        "opportunity.sequence.step.stage.mixin",
        "opportunity.sequence.step.tag.mixin",
        "opportunity.sequence.step.field.mixin",
        "opportunity.sequence.step.share.mixin",
        "opportunity.sequence.step.sequence.mixin",
        "opportunity.sequence.step.sentence.mixin",
        "opportunity.sequence.step.preview.mixin",
        "opportunity.sequence.step.statistics.mixin",
    ]
    _order = "sequence_id, version, sequence, id"

    sequence_id = fields.Many2one(
        "opportunity.sequence", required=True, index=True, ondelete="cascade"
    )
    model = fields.Selection(related="sequence_id.model")
    version = fields.Integer(readonly=True, required=True, default=1, copy=False)
    is_current = fields.Boolean(readonly=True, default=True, copy=False)
    origin_id = fields.Many2one(
        "opportunity.sequence.step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The same step of the first version.",
    )
    sequence = fields.Integer("Order", default=10)
    name = fields.Char(translate=True, help="What the step is called in lists.")
    step_type = fields.Selection(
        [
            ("email", "Email"),
            ("task", "Task"),
            ("meeting", "Appointment"),
            ("note", "Note"),
            ("letter", "Letter"),
            ("sms", "SMS"),
            ("stage", "Move Stage"),
            ("tag", "Tags"),
            ("field", "Set a Field"),
            ("share", "Share"),
            ("wait", "Wait"),
            ("sequence", "Start a Sequence"),
        ],
        "Kind",
        required=True,
        default="email",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *("name", "step_type", "subject", "template_id", "letter_template_id"),
        *("stage_id", "start_sequence_id"),
    )
    def _compute_display_name(self):
        kinds = dict(self._fields["step_type"]._description_selection(self.env))
        for step in self:
            step.display_name = (
                step.name or step._get_content_name() or kinds.get(step.step_type, "")
            )

    def _get_content_name(self):
        """Return what tells a step from others of its kind."""
        match self.step_type:
            case "email":
                return self.subject or self.template_id.name
            case "letter":
                return self.letter_template_id.name
            case "stage":
                return self.stage_id.name
            case "sequence":
                return self.start_sequence_id.name
            case _:
                return self.subject

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("opportunity_renewing") is RENEWING:
            return super().create(vals_list)
        ids = {vals["sequence_id"] for vals in vals_list if vals.get("sequence_id")}
        sequences = self.env["opportunity.sequence"].browse(ids)
        for sequence in sequences:
            sequence._renew_steps()
        versions = {sequence.id: sequence.version for sequence in sequences}
        return super().create(
            [
                {**vals, "version": versions.get(vals.get("sequence_id"), 1)}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if self.env.context.get("opportunity_renewing") is RENEWING:
            return super().write(vals)
        return super(OpportunitySequenceStep, self._get_editable()).write(vals)

    def unlink(self):
        steps = self._get_editable()
        return super(OpportunitySequenceStep, steps).unlink()

    def _get_editable(self):
        """Return the steps, or their copies in the new version where they are in use.

        :raises ValidationError: for steps of an earlier version
        """
        if any(not step.is_current for step in self):
            raise ValidationError(
                self.env._("Steps of an earlier version are not changed any more.")
            )
        editable = self
        for sequence, steps in self.grouped("sequence_id").items():
            copies = sequence._renew_steps()
            if copies:
                editable -= steps
                editable += self.browse(copies[id_].id for id_ in steps.ids)
        return editable

    # === BUSINESS METHODS === #

    def _get_origin(self):
        return self.origin_id or self

    def _is_for_other_model(self):
        """Tell whether what the step holds is for other records than the sequence."""
        return False

    def _carry_out(self, records):
        """Do what the step says, with the rights of the user of the environment.

        :return: {record id: the values of its run, or a ``Trouble``}
        """
        self.ensure_one()
        allowed = records._filtered_access("write")
        results = {}
        if forbidden := records - allowed:
            reason = self.env._(
                "%s may not change the record any more.", self.env.user.name
            )
            results = dict.fromkeys(forbidden.ids, Trouble(reason))
        if allowed:
            results.update(getattr(self, f"_run_{self.step_type}")(allowed))
        return results

    def _as_user(self, user):
        """Return the step for what is done in a user's name, which is no act of the
        person."""
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "opportunity_actor": AUTOMATIC,
        }
        return self.with_env(self.env(user=user.id, su=False, context=context))

    def _run_wait(self, records):
        return dict.fromkeys(records.ids, {})
