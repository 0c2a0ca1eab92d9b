from odoo import fields, models


class OpportunitySequenceRun(models.Model):
    """A step that was carried out, or left out, for one enrolment.

    Written by the engine in the same transaction as what the step does, once per
    enrolment, step and round: a second time is refused by the database, and with it
    what would have been done twice. It goes with its enrolment.
    """

    _name = "opportunity.sequence.run"
    _description = "Step Carried Out"
    _inherit = [
        "opportunity.timeline.step.mixin",
        "opportunity.sequence.answer.mixin",
        "opportunity.sequence.response.mixin",
        "opportunity.contact.access.mixin",
    ]
    _order = "date desc, id desc"
    _log_access = False

    enrollment_id = fields.Many2one(
        "opportunity.sequence.enrollment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence_id = fields.Many2one(
        "opportunity.sequence",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    step_id = fields.Many2one(
        "opportunity.sequence.step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    round = fields.Integer(readonly=True, default=1)
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    name = fields.Char("Title", readonly=True)
    step_type = fields.Char("Kind", readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("skipped", "Left Out")],
        "Status",
        required=True,
        readonly=True,
        default="done",
    )
    note = fields.Char(readonly=True, help="Why it was left out.")
    date = fields.Datetime(readonly=True, required=True)
    date_due = fields.Datetime("Was Due", readonly=True)
    user_id = fields.Many2one(
        "res.users", "In the Name of", readonly=True, ondelete="set null"
    )
    # What it made
    message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    letter_id = fields.Many2one(
        "opportunity.letter", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # What came of it
    date_replied = fields.Datetime("Replied", readonly=True)
    date_bounced = fields.Datetime("Bounced", readonly=True)

    _once_uniq = models.UniqueIndex(
        "(enrollment_id, step_id, round)", "A step is carried out once per enrolment."
    )
