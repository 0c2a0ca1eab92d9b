import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import stage_history

# What a move remembers of the opportunity as it was written.
SNAPSHOT_FIELDS = (
    "write_uid",
    "stage_id",
    "won_status",
    "user_id",
    "team_id",
    "probability",
    "expected_revenue",
    "actual_revenue",
    "actual_close_date",
    "won_reason_id",
    "lost_reason_id",
)


class OpportunityStageMove(models.Model):
    """One movement of an opportunity: from where, to where, when and by whom.

    Append-only. The rows are inserted by SQL when opportunities are created or
    change; nobody, the superuser included, creates, changes or deletes them. A row
    goes with its opportunity, outlives its stages and users, and moves to the
    surviving opportunity when a merged one is deleted, marked with the title of the
    one it came from and outside the durations.
    """

    _name = "opportunity.stage.move"
    _description = "Sales History"
    _inherit = ["opportunity.timeline.move.mixin", "opportunity.access.mixin"]
    _order = "date desc, id desc"
    _rec_name = "to_stage_name"
    _log_access = False

    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("created", "Created"),
            ("imported", "Imported"),
            ("moved", "Moved"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("restored", "Restored"),
        ],
        "Event",
        required=True,
        readonly=True,
    )
    from_stage_id = fields.Many2one(
        "crm.stage", readonly=True, index=True, ondelete="set null"
    )
    to_stage_id = fields.Many2one(
        "crm.stage", readonly=True, index=True, ondelete="set null"
    )
    from_stage_name = fields.Char("From", readonly=True)
    to_stage_name = fields.Char("To", readonly=True)
    previous_date = fields.Datetime("Previous Movement", readonly=True)
    days = fields.Float(
        "Days Between",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Days since the previous movement of the opportunity.",
    )
    user_id = fields.Many2one(
        "res.users", "Moved by", readonly=True, index=True, ondelete="set null"
    )
    owner_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, index=True, ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, index=True, ondelete="set null"
    )
    probability = fields.Float(readonly=True, aggregator="avg")
    expected_revenue = fields.Monetary(readonly=True, currency_field="company_currency")
    actual_revenue = fields.Monetary(
        readonly=True,
        currency_field="company_currency",
        help="The actual revenue given when the opportunity was closed.",
    )
    actual_close_date = fields.Date("Actual Closing", readonly=True)
    closing_reason = fields.Char(
        readonly=True, help="Why the opportunity was won or lost at that moment."
    )
    company_currency = fields.Many2one("res.currency", "Currency", readonly=True)
    origin = fields.Char(
        "Merged From",
        readonly=True,
        help="Title of the merged opportunity that this movement came from.",
    )

    _first_row_uniq = models.UniqueIndex(
        "(lead_id) WHERE kind IN ('created', 'imported') AND origin IS NULL"
    )
    _lead_date_idx = models.Index("(lead_id, date, id)")

    # === CRUD METHODS === #

    def _check_access(self, operation):
        if operation != "read":
            return self, self._make_refusal
        return super()._check_access(operation)

    def _make_refusal(self):
        return AccessError(
            self.env._("The sales history cannot be changed, Odoo writes it.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise self._make_refusal()
        return super().create(vals_list)

    def write(self, vals):
        if self:
            raise self._make_refusal()
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        # The database deletes them with their opportunity.
        raise self._make_refusal()

    # === BUSINESS METHODS === #

    @api.model
    def _record_creation(self, leads):
        """Insert the first row of leads that were just created."""
        if not leads:
            return
        leads.flush_recordset(SNAPSHOT_FIELDS)
        kind = "imported" if self.env.context.get("import_file") else "created"
        statement = stage_history.insert_creations(leads.ids, kind, **self._get_actor())
        self.env.cr.execute(statement)
        leads.invalidate_recordset(["stage_move_ids"], flush=False)

    @api.model
    def _record_changes(self, changes):
        """Insert a row for each lead whose stage or outcome changes.

        Called before the UPDATE, while the database still has the old values.

        :param list changes: pairs of lead id and the column values to be written
        """
        rows = [
            {"id": lead_id, **{k: vals[k] for k in SNAPSHOT_FIELDS if k in vals}}
            for lead_id, vals in changes
        ]
        statement = stage_history.insert_changes(
            json.dumps(rows, default=str), now=self.env.cr.now(), **self._get_actor()
        )
        self.env.cr.execute(statement)
        leads = self.env["crm.lead"].browse([lead_id for lead_id, __ in changes])
        leads.invalidate_recordset(["stage_move_ids"], flush=False)

    @api.model
    def _get_actor(self):
        return {
            "uid": self.env.uid,
            "lang": self.env.lang or "en_US",
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _take_over(self, survivor_by_merged):
        """Hand the rows of merged leads to their survivors, marked with their title.

        :param dict survivor_by_merged: {lead id: id of its survivor}
        """
        self.env.flush_all()
        self.env.cr.execute(stage_history.take_over(survivor_by_merged))
        self.env["crm.lead"].invalidate_model(["stage_move_ids"], flush=False)
        self.invalidate_model(["lead_id", "origin"], flush=False)

    @api.model
    def _rebuild_history(self, leads=None):
        """Rebuild what is missing of the history from Odoo's own tracking.

        Leads that already have their first row are left alone, so that a second run
        adds nothing and an interrupted one goes on. Without Odoo's tracking tables
        every lead just gets its first row. Two runs at a time are one too many: the
        second leaves the work to the first.

        :param leads: the leads to look at; by default all, archived ones included
        :return: number of rows added
        """
        self.env.flush_all()
        rebuild = stage_history.Rebuild(
            self.env.cr, self._get_tracked_fields(), self.env.company.currency_id.id
        )
        added = rebuild.run(leads.ids if leads is not None else None)
        self.env.invalidate_all(flush=False)
        return added

    @api.model
    def _get_tracked_fields(self):
        """Return {name: ir.model.fields id} of the fields that tell the past."""
        names = ("stage_id", "won_status", "user_id", "team_id", "expected_revenue")
        get = self.env["ir.model.fields"]._get
        return {name: get("crm.lead", name).id for name in names}
