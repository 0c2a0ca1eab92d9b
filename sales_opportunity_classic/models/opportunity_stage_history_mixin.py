from odoo import api, fields, models

from ..tools.stage_history import add_up_stays, select_entries


class OpportunityStageHistoryMixin(models.AbstractModel):
    """Notes each movement of an opportunity in its sales history.

    The rows are written where the ORM writes the opportunity to the database, so
    that no path can go around it, with one statement per batch.
    """

    _name = "opportunity.stage.history.mixin"
    _description = "Stage History"
    _inherit = ["opportunity.merge.mixin"]

    stage_move_ids = fields.One2many(
        "opportunity.stage.move",
        "lead_id",
        string="Sales History",
        groups="base.group_user",
        readonly=True,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["opportunity.stage.move"]._record_creation(leads)
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"stage_id", "active", "probability"}:
            # Each change its own row, whatever is written later in the transaction.
            self.flush_recordset()
        return result

    def _write_multi(self, vals_list):
        changes = [
            (lead_id, vals)
            for lead_id, vals in zip(self._ids, vals_list, strict=True)
            if "stage_id" in vals or "won_status" in vals
        ]
        if changes:
            self.env["opportunity.stage.move"]._record_changes(changes)
        return super()._write_multi(vals_list)

    # === BUSINESS METHODS === #

    def _get_seconds_per_stage(self):
        """Return {lead id: {stage id: seconds}}, as Odoo's ``duration_tracking``.

        The time up to now counts for the present stage; time in stages that were
        deleted is under None. Rows taken over in a merge do not count.
        """
        self.flush_recordset(["stage_id"])
        entries = self.env.execute_query(select_entries(self.ids))
        return add_up_stays(entries, self.env.cr.now())

    def _hand_over(self, survivors):
        self.env["opportunity.stage.move"]._take_over(survivors)
        return super()._hand_over(survivors)
