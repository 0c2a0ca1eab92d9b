from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import html_to_inner_content

PREVIEW_LENGTH = 300


class OpportunityTimelineSourceMixin(models.AbstractModel):
    """A model whose records are entries of the timeline.

    It says which of its records belong to given opportunities and contacts, how they
    stand in the timeline (``tools/timeline``), and what is shown of them. Who may read
    them is asked of the model's own access rights, a page at a time. To become a source
    a model inherits this and is added to ``_get_timeline_sources`` of
    ``opportunity.timeline.mixin``.
    """

    _name = "opportunity.timeline.source.mixin"
    _description = "Source of the Timeline"

    # What it may be in the timeline
    _timeline_kinds = ()

    # === WHAT BELONGS TO THE TIMELINE === #

    @api.model
    def _get_timeline_columns(self):
        """Return the ``Columns`` of the table."""
        raise NotImplementedError

    @api.model
    def _get_timeline_domain(self, owners):
        """Return the domain of the records of opportunities and contacts, here of a
        model with ``lead_id`` and ``partner_id``.

        :param dict owners: {model: ids that the user may read}
        """
        return Domain.OR(
            Domain(name, "in", owners[model])
            for name, model in (("lead_id", "crm.lead"), ("partner_id", "res.partner"))
            if model in owners
        )

    @api.model
    def _get_timeline_person_domain(self, person):
        """Return the domain of what somebody did, is to do, got or attends, here of a
        model with ``partner_id`` and ``user_id``."""
        return Domain("partner_id", "in", person.partner_ids) | Domain(
            "user_id", "in", person.user_ids
        )

    @api.model
    def _get_timeline_text_domain(self, text):
        """Return the domain of the records that say something."""
        return Domain("display_name", "ilike", text)

    @api.model
    def _select_timeline(self, owners, person=None, text="", is_ruled=False):
        """Return the statements of the rows of the timeline, one for each branch.

        :param bool is_ruled: see ``_search_timeline``
        """
        domain = self._get_timeline_domain(owners)
        if person:
            domain &= self._get_timeline_person_domain(person)
        if text:
            domain &= self._get_timeline_text_domain(text)
        return [
            self._select_timeline_columns(part, columns, is_ruled)
            for part, columns in self._split_timeline(domain)
        ]

    @api.model
    def _split_timeline(self, domain):
        """Return the branches of the source: pairs of a domain and ``Columns``."""
        return [(domain, self._get_timeline_columns())]

    @api.model
    def _select_timeline_columns(self, domain, columns, is_ruled):
        query = self._search_timeline(domain, is_ruled)
        if columns.where:
            query.add_where(columns.where)
        return query.select(*columns.select(self._name, self._table))

    @api.model
    def _search_timeline(self, domain, is_ruled=False):
        """Return the query of the rows, whether or not the user may read them.

        :param bool is_ruled: of those that the user may read, as far as SQL knows;
            that is asked of all, and takes longer than to ask it of a page
        """
        return self._search(domain, bypass_access=not is_ruled)

    @api.model
    def _filter_timeline(self, ids):
        """Return which of the rows found the user may read."""
        return self.browse(ids)._filtered_access("read").ids

    # === WHAT IS SHOWN === #

    def _prepare_timeline_rows(self):
        """Return {id: what is shown} of records that the user may read. They come as
        the superuser's: what else is read of them is shown with them."""
        return {record.id: record._prepare_timeline_row() for record in self}

    def _prepare_timeline_row(self):
        return {"title": self.display_name}

    @api.model
    def _get_timeline_preview(self, html):
        return html_to_inner_content(html)[:PREVIEW_LENGTH] if html else ""

    def _get_timeline_label(self, name):
        """Return the value of a selection in the user's words."""
        selection = self._fields[name]._description_selection(self.env)
        return dict(selection).get(self[name], "")
