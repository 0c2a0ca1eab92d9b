from odoo import models

# Where the cursor keeps {id of a merged opportunity: id of its survivor} until the end
# of the transaction; hooks before the commit run, and forget, with every savepoint.
MERGED_INTO = "sales_opportunity_classic.merged_into"


class OpportunityMergeMixin(models.AbstractModel):
    """Gives to the survivor what merged opportunities would take with them.

    Not in the merge but when they are deleted: some callers delete the losers of many
    merges at once, others let them live on, with what is theirs.
    """

    _name = "opportunity.merge.mixin"
    _description = "Merge of Opportunities"

    # === CRUD METHODS === #

    def unlink(self):
        if survivors := self._get_survivors():
            self.browse(survivors)._hand_over(survivors)
        return super().unlink()

    # === BUSINESS METHODS === #

    def _merge_dependences_history(self, opportunities):
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

    def _hand_over(self, survivors):
        """Give the rows of these opportunities, which are being deleted, to their
        survivors.

        :param dict survivors: {id: id of its survivor}
        """
