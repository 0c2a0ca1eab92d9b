from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .opportunity_sequence import RECORD_FIELDS

LIVE = ("active", "paused")


class OpportunitySequenceEnrollment(models.Model):
    """An opportunity or contact in a sequence: where it stands and what comes next.

    A draft is started, then active; it may be paused, and ends completed or stopped,
    from where it may be restarted. What cannot be carried out stops it with its reason
    until somebody resumes it. Steps are carried out in the name of who enrolled it,
    with their rights. Whoever may change the record moves it along, by the buttons
    alone. It goes with its record.
    """

    _name = "opportunity.sequence.enrollment"
    _description = "Enrolment in a Follow-Up Sequence"
    _inherit = [
        "opportunity.sequence.plan.mixin",
        "opportunity.sequence.forecast.mixin",
        "opportunity.sequence.row.mixin",
        "opportunity.sequence.button.mixin",
        "opportunity.sequence.stop.mixin",
        "opportunity.sequence.engine.mixin",
        "opportunity.contact.access.mixin",
    ]
    _order = "date_start desc, id desc"

    sequence_id = fields.Many2one(
        "opportunity.sequence", required=True, index=True, ondelete="cascade"
    )
    model = fields.Selection(related="sequence_id.model")
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "In the Name of",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("paused", "Paused"),
            ("completed", "Completed"),
            ("stopped", "Stopped"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="draft",
    )
    stop_reason = fields.Selection(
        [
            ("replied", "Replied"),
            ("meeting_booked", "Meeting Booked"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("archived", "Archived"),
            ("unsubscribed", "Unsubscribed"),
            ("bounced", "Bounced"),
            ("merged", "Merged"),
            ("manual", "By Hand"),
            ("error", "Cannot Be Carried Out"),
        ],
        "Stopped by",
        readonly=True,
    )
    note = fields.Text("What Went Wrong", readonly=True)
    version = fields.Integer(readonly=True, default=1)
    round = fields.Integer(
        readonly=True, default=1, help="Counts how often it was started."
    )
    next_step_id = fields.Many2one(
        "opportunity.sequence.step", readonly=True, ondelete="set null"
    )
    date_start = fields.Datetime("Started", readonly=True)
    date_next = fields.Datetime("Next Step on", readonly=True)
    date_paused = fields.Datetime("Paused on", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    is_waiting = fields.Boolean(
        "Waits for a Task", readonly=True, help="Until it is marked done."
    )
    waiting_activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    run_ids = fields.One2many(
        "opportunity.sequence.run", "enrollment_id", "History", readonly=True
    )

    _due = models.Index(
        "(date_next, id) WHERE state = 'active' AND date_next IS NOT NULL"
    )
    _waiting = models.Index("(id) WHERE state = 'active' AND is_waiting")
    _live_lead_uniq = models.UniqueIndex(
        "(sequence_id, lead_id) WHERE state IN ('active', 'paused') "
        "AND lead_id IS NOT NULL",
        "The opportunity is in this sequence already.",
    )
    _live_partner_uniq = models.UniqueIndex(
        "(sequence_id, partner_id) WHERE state IN ('active', 'paused') "
        "AND partner_id IS NOT NULL",
        "The contact is in this sequence already.",
    )
    _check_record = models.Constraint(
        "CHECK (lead_id IS NOT NULL OR partner_id IS NOT NULL)",
        "An enrolment is that of an opportunity or a contact.",
    )

    # === COMPUTE METHODS === #

    @api.depends("sequence_id", "lead_id", "partner_id")
    def _compute_display_name(self):
        for enrollment in self:
            record = enrollment.lead_id or enrollment.partner_id
            names = (enrollment.sequence_id.name, record.display_name)
            enrollment.display_name = ": ".join(filter(None, names))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Enrol as drafts, in the name of the user; all else is for the buttons."""
        lead_ids = {vals["lead_id"] for vals in vals_list if vals.get("lead_id")}
        leads = self.env["crm.lead"].browse(lead_ids)
        leads.check_access("write")
        partner_ids = {lead.id: lead.partner_id.id for lead in leads}
        return super().create(
            [self._prepare_draft(vals, partner_ids) for vals in vals_list]
        )

    def _prepare_draft(self, vals, partner_ids):
        """Return what of ``vals`` is for the user to say.

        :param dict partner_ids: {opportunity id: its contact's id}
        """
        sequence = self.env["opportunity.sequence"].browse(vals.get("sequence_id"))
        own = RECORD_FIELDS.get(sequence.model)
        if not own or not vals.get(own):
            raise UserError(
                self.env._("Choose a sequence, and a record of the kind it is for.")
            )
        draft = {"sequence_id": sequence.id, own: vals[own], "user_id": self.env.uid}
        if own == "lead_id":
            draft["partner_id"] = partner_ids[vals["lead_id"]]
        if self.env.su and vals.get("user_id"):
            draft["user_id"] = vals["user_id"]
        elif self.env.uid == SUPERUSER_ID:
            # What the system enrols is for people to follow up.
            record = self.env[sequence.model].browse(vals[own])
            draft["user_id"] = sequence._get_starter(record).id or SUPERUSER_ID
        return draft

    # === BUSINESS METHODS === #

    @api.model
    def _get_free(self, sequence, records):
        """Return those of the records that may enter a sequence: they are not in it,
        nor is the person; of several with the same contact the first."""
        own = RECORD_FIELDS[sequence.model]
        is_lead = own == "lead_id"
        partners = records.partner_id if is_lead else records
        same = Domain(own, "in", records.ids) | Domain("partner_id", "in", partners.ids)
        domain = Domain("sequence_id", "=", sequence.id) & Domain("state", "in", LIVE)
        # sudo: a person is not in it twice, whoever enrolled them
        live = self.sudo().search(domain & same)
        taken, people = set(live[own].ids), set(live.partner_id.ids)
        free = []
        for record in records:
            person = (record.partner_id if is_lead else record).id
            if record.id not in taken and person not in people:
                free.append(record.id)
                people.update(filter(None, [person]))
        return records.browse(free)

    def _hand_over(self, survivors):
        """Give enrolments to the opportunities that others were merged into; in no
        sequence is one of them twice.

        :param dict survivors: {id of an opportunity: id of its survivor}
        """
        for lead_id, enrollments in self.grouped(lambda one: one.lead_id.id).items():
            survivor = self.lead_id.browse(survivors[lead_id])
            enrollments._join(survivor.enrollment_ids)
            enrollments.lead_id = enrollments.run_ids.lead_id = survivor

    def _join(self, others):
        sequences = others.filtered(lambda one: one.state in LIVE).sequence_id
        for enrollment in self.filtered(lambda one: one.state in LIVE):
            if enrollment.sequence_id in sequences:
                enrollment._stop("merged")
            sequences += enrollment.sequence_id

    def _get_record(self):
        """Return what is enrolled: an opportunity, or a contact."""
        return self.lead_id or self.partner_id
