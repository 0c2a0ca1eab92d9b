from odoo import api, fields, models

from ..tools.stage_history import add_up_stays, select_entries

# Where the cursor keeps {id of a merged opportunity: id of its survivor} until the end
# of the transaction; hooks before the commit run, and forget, with every savepoint.
MERGED_INTO = "sales_opportunity_classic.merged_into"


class OpportunityStageHistoryMixin(models.AbstractModel):
    """Notes each movement of an opportunity in its sales history.

    The rows are written where the ORM writes the opportunity to the database, so
    that no path can go around it, with one statement per batch.
    """

    _name = "opportunity.stage.history.mixin"
    _description = "Stage History"

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

    def unlink(self):
        if survivors := self._get_survivors():
            self.env["opportunity.stage.move"]._take_over(survivors)
        return super().unlink()

    # === BUSINESS METHODS === #

    def _get_seconds_per_stage(self):
        """Return {lead id: {stage id: seconds}}, as Odoo's ``duration_tracking``.

        The time up to now counts for the present stage; time in stages that were
        deleted is under None. Rows taken over in a merge do not count.
        """
        self.flush_recordset(["stage_id"])
        entries = self.env.execute_query(select_entries(self.ids))
        return add_up_stays(entries, self.env.cr.now())

    def _merge_dependences_history(self, opportunities):
        # Some callers delete the merged ones later, others let them live on.
        merged_into = self.env.cr.cache.setdefault(MERGED_INTO, {})
        merged_into.pop(self.id, None)
        merged_into.update(dict.fromkeys(opportunities.ids, self.id))
        return super()._merge_dependences_history(opportunities)

    def _get_survivors(self):
        """Return {id: id of the opportunity that it was merged into and that stays},
        of those that were merged in this transaction."""
        merged_into = self.env.cr.cache.get(MERGED_INTO, {})
        deleted, survivors = set(self.ids), {}
        for lead_id in deleted & merged_into.keys():
            survivor_id = merged_into[lead_id]
            while survivor_id in deleted:
                survivor_id = merged_into.get(survivor_id)
            if survivor_id:
                survivors[lead_id] = survivor_id
        return survivors
