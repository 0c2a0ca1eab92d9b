from odoo import api, fields, models
from odoo.exceptions import UserError

# How many records the dialog names that cannot be enrolled.
MOST_NAMED = 10


class OpportunitySequenceStart(models.TransientModel):
    """Starts a sequence on opportunities or contacts, after showing what it will do.

    The preview has the dates and texts of one record as the sequence would have them
    if it started now. Records that cannot be enrolled are named and left out.
    """

    _name = "opportunity.sequence.start"
    _description = "Start Follow-Up"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", context={"active_test": False}
    )
    usable_ids = fields.Many2many(
        "opportunity.sequence", compute="_compute_usable_ids", string="Usable Sequences"
    )
    sequence_id = fields.Many2one(
        "opportunity.sequence",
        compute="_compute_sequence_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', usable_ids)]",
    )
    preview_lead_id = fields.Many2one(
        "crm.lead",
        "Shown for",
        compute="_compute_preview_record",
        store=True,
        readonly=False,
        domain="[('id', 'in', lead_ids)]",
        context={"active_test": False},
    )
    preview_partner_id = fields.Many2one(
        "res.partner",
        "Shown for Contact",
        compute="_compute_preview_record",
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
        context={"active_test": False},
    )
    record_count = fields.Integer(compute="_compute_hindrances")
    ready_count = fields.Integer("To Be Started", compute="_compute_hindrances")
    hindrances = fields.Html(compute="_compute_hindrances", sanitize=False)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends("lead_ids", "partner_ids")
    def _compute_usable_ids(self):
        for dialog in self:
            sequences = self.env["opportunity.sequence"]._get_for(dialog._get_records())
            dialog.usable_ids = sequences.filtered("step_ids")

    @api.depends("usable_ids")
    def _compute_sequence_id(self):
        for dialog in self:
            usable = dialog.usable_ids
            dialog.sequence_id = usable if len(usable) == 1 else False

    @api.depends("sequence_id")
    def _compute_preview_record(self):
        for dialog in self:
            first = (dialog._get_ready() or dialog._get_records())[:1]
            is_lead = first._name == "crm.lead"
            dialog.preview_lead_id = first if is_lead else False
            dialog.preview_partner_id = False if is_lead else first

    @api.depends("sequence_id", "lead_ids", "partner_ids")
    def _compute_hindrances(self):
        for dialog in self:
            hindrances = dialog._get_hindrances()
            dialog.record_count = len(dialog._get_records())
            dialog.ready_count = dialog.record_count - len(hindrances)
            dialog.hindrances = bool(hindrances) and self.env["ir.qweb"]._render(
                "sales_opportunity_classic.opportunity_sequence_hindrances",
                dialog._prepare_hindrances(hindrances),
            )

    @api.depends("sequence_id", "preview_lead_id", "preview_partner_id")
    def _compute_preview(self):
        for dialog in self:
            record = dialog.preview_lead_id or dialog.preview_partner_id
            dialog.preview = bool(dialog.sequence_id and record) and (
                self.env["ir.qweb"]._render(
                    "sales_opportunity_classic.opportunity_sequence_preview",
                    dialog._prepare_preview(record._origin),
                )
            )

    # === ACTION METHODS === #

    def action_start(self):
        """Enrol those that can be, in the name of the user."""
        self.ensure_one()
        if not self.sequence_id:
            raise UserError(self.env._("Choose the sequence to start."))
        if not (ready := self._get_ready()):
            raise UserError(self.env._("None of them can be enrolled."))
        message = self.env._(
            "“%(sequence)s” started: %(count)s",
            sequence=self.sequence_id.name,
            count=len(self.sequence_id._enroll(ready)),
        )
        close = {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": close},
        }

    # === BUSINESS METHODS === #

    def _get_records(self):
        """Return the opportunities or contacts, in the order in which they start."""
        return (self.lead_ids._origin or self.partner_ids._origin).sorted("id")

    def _get_hindrances(self):
        """Return {record: why it cannot be enrolled}."""
        records = self._get_records()
        records.check_access("read")
        sequence = self.sequence_id._origin
        return sequence._get_hindrances(records) if sequence else {}

    def _get_ready(self):
        hindrances = self._get_hindrances()
        return self._get_records().filtered(lambda record: record not in hindrances)

    def _prepare_hindrances(self, hindrances):
        rows = [
            {"name": record.display_name, "reason": reason}
            for record, reason in list(hindrances.items())[:MOST_NAMED]
        ]
        return {"rows": rows, "more": len(hindrances) - len(rows)}

    def _prepare_preview(self, record):
        """Return the values of the preview: a row per step, with dates and texts."""
        record.check_access("read")
        enrollments = self.env["opportunity.sequence.enrollment"]
        (draft,) = enrollments._prepare_enrollments(self.sequence_id._origin, record)
        zone = draft._get_time_zone()
        try:
            foreseen = draft._forecast()
        except ValueError as error:
            return {"trouble": str(error), "rows": [], "zone": zone}
        rows = [self._prepare_step(one, zone, record) for one in foreseen]
        return {"trouble": "", "rows": rows, "zone": zone.replace("_", " ")}

    def _prepare_step(self, foreseen, zone, record):
        step = self.env[foreseen.step._name].browse(foreseen.step.id)
        date = foreseen.step.env["opportunity.sequence.enrollment"]._format_moment(
            foreseen.date, zone
        )
        return {
            "kind": step.step_type,
            "sentence": step.sentence,
            "date": date,
            "is_left_out": not (date or foreseen.is_open),
            "preview": step._preview(record),
        }
