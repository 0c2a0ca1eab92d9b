from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools import timeline

PAGE_ROWS = 40
PEOPLE_SHOWN = 50


class OpportunityTimelineMixin(models.AbstractModel):
    """What has happened on an opportunity or a contact, and what is to happen.

    Nothing is stored and nothing is read with the form: the Tasks tab asks for a page
    at a time once it is shown. The entries come of several models, in one statement;
    each says by its own rights which of them the user may read.
    """

    _name = "opportunity.timeline.mixin"
    _description = "Timeline"
    _inherit = [
        "opportunity.timeline.action.mixin",
        "opportunity.timeline.filter.mixin",
    ]

    # === WHAT THE TAB ASKS === #

    @api.readonly
    def get_timeline(self, filters=None, after=None):
        """Return the next page of what the user may read.

        Each row has ``source`` and ``id`` of its record, ``kind``, ``date``,
        ``is_open``, ``person``, ``lead`` and what its source says of it.

        :param dict filters: ``kinds``, ``person_id``, ``date_from``, ``date_to``,
            ``state`` (``open`` or ``done``), ``search``, ``order`` (``newest`` or
            ``due``); what is not given does not restrict
        :param list after: ``next`` of the page before
        """
        self._check_timeline()
        filters = self._clean_timeline_filters(filters)
        cursor = self._clean_timeline_cursor(after)
        entries, has_more = self._fetch_timeline(filters, cursor)
        page = {
            "rows": self._prepare_timeline(entries),
            "next": has_more and self._make_timeline_cursor(entries[-1]),
        }
        return page if cursor else page | self._get_timeline_facts()

    @api.readonly
    def get_timeline_people(self):
        """Return the contacts by whom the timeline can be filtered."""
        self._check_timeline()
        branches = self._select_timeline_branches({}, is_ruled=True)
        people = timeline.select_people(branches, PEOPLE_SHOWN)
        ids = [row[0] for row in self.env.execute_query(people)]
        ids += [id_ for id_ in self._get_timeline_customers().ids if id_ not in ids]
        # Whoever left the company still did what they did.
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search(Domain("id", "in", ids))
        return [
            {"id": partner.id, "name": partner.display_name}
            for partner in found.sorted(lambda partner: ids.index(partner.id))
        ]

    def _check_timeline(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Tasks are shown to employees only."))
        self.env.flush_all()

    # === WHERE IT COMES FROM === #

    @api.model
    def _get_timeline_sources(self):
        """Return the models whose records are in the timeline, each of which inherits
        ``opportunity.timeline.source.mixin``."""
        return [
            "mail.activity",
            "mail.message",
            "calendar.event",
            "opportunity.letter",
            "opportunity.stage.move",
            "opportunity.file",
            "opportunity.click",
            "opportunity.sequence.run",
        ]

    def _get_timeline_owners(self):
        """Return {model: ids} of the records, readable, whose timeline it is."""
        return {self._name: self.ids}

    def _get_timeline_customers(self):
        """Return the contacts whom it is about."""
        return self.env["res.partner"]

    def _select_timeline_branches(self, filters, is_ruled=False):
        """Return the statements of the sources the user may read, by their kinds."""
        owners = self._get_timeline_owners()
        kinds = set(filters.get("kinds") or ())
        sources = [self.env[model] for model in self._get_timeline_sources()]
        person, text = filters.get("person"), filters.get("text")
        return [
            branch
            for source in sources
            if source.has_access("read")
            and (not kinds or kinds.intersection(source._timeline_kinds))
            for branch in source._select_timeline(owners, person, text, is_ruled)
        ]

    def _fetch_timeline(self, filters, cursor):
        """Return a page of entries, and whether there are more."""
        branches = self._select_timeline_branches(filters)
        entries, limit = [], PAGE_ROWS + 1
        names = ("kinds", "date_from", "date_to", "is_open")
        restricted = {name: filters[name] for name in names}
        while branches and len(entries) <= PAGE_ROWS:
            statement = timeline.select_page(
                branches, filters["order"], limit, after=cursor, **restricted
            )
            found = self._fetch_timeline_entries(statement)
            entries += self._filter_timeline_entries(found)
            if len(found) < limit:
                break
            # Many that the user may not read: look further at each turn.
            cursor = self._get_timeline_cursor(found[-1])
            limit *= 2
        return entries[:PAGE_ROWS], len(entries) > PAGE_ROWS

    def _fetch_timeline_entries(self, statement):
        # Of so many sub-queries PostgreSQL takes longer to compile than to run them.
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute(statement)
        return self.env.cr.dictfetchall()

    @api.model
    def _filter_timeline_entries(self, entries):
        allowed = {
            source: set(self.env[source]._filter_timeline(ids))
            for source, ids in self._group_timeline_ids(entries).items()
        }
        return [entry for entry in entries if entry["id"] in allowed[entry["source"]]]

    @api.model
    def _group_timeline_ids(self, entries):
        """Return {model: ids}."""
        ids = {}
        for entry in entries:
            ids.setdefault(entry["source"], []).append(entry["id"])
        return ids

    @api.model
    def _get_timeline_cursor(self, entry):
        return timeline.Cursor(*(entry[name] for name in timeline.Cursor._fields))

    # === WHAT IS SHOWN === #

    def _prepare_timeline(self, entries):
        shown = {
            # sudo: their rights were asked when they were found
            source: self.env[source].sudo().browse(ids)._prepare_timeline_rows()
            for source, ids in self._group_timeline_ids(entries).items()
        }
        leads = self._get_timeline_leads(entries)
        return [
            {
                "source": entry["source"],
                "id": entry["id"],
                "kind": entry["kind"],
                "date": fields.Datetime.to_string(entry["date"]),
                "is_open": entry["is_open"],
                "person": self._prepare_timeline_person(entry),
                "lead": leads.get(entry["lead_id"], False),
                **shown[entry["source"]].get(entry["id"], {}),
            }
            for entry in entries
        ]

    @api.model
    def _prepare_timeline_person(self, entry):
        """Return who did it or is to do it, whom one sees with what they did."""
        if not entry["who_id"]:
            return False
        return {"id": entry["who_id"], "name": entry["who_name"] or ""}

    def _get_timeline_leads(self, entries):
        """Return {id: the opportunity}, of those that are not this one."""
        own = self.ids if self._name == "crm.lead" else []
        ids = {entry["lead_id"] for entry in entries} - {None, *own}
        leads = self.env["crm.lead"].browse(ids)._filtered_access("read")
        return {lead.id: {"id": lead.id, "name": lead.name} for lead in leads}

    def _get_timeline_facts(self):
        """Return what is shown besides the rows."""
        return {
            "pinned": self._get_pinned_rows(),
            "can_edit": self.has_access("write"),
        }

    # === PINNED NOTE === #

    def action_pin_note(self, message_id):
        """Pin a note of this record on top, instead of the one that was pinned."""
        self.ensure_one()
        self.check_access("write")
        ids = [message_id] if type(message_id) is int else []
        note = self._search_notes(Domain("id", "in", ids))
        if not note:
            raise ValidationError(
                self.env._(
                    "This is no note of “%(record)s”. Pin one that is listed there.",
                    record=self.display_name,
                )
            )
        self.action_unpin_note()
        # sudo: who may change the record pins its notes, whoever wrote them
        note.sudo().pinned_at = fields.Datetime.now()
        return True

    def action_unpin_note(self):
        """Take the pinned note from the top."""
        self.ensure_one()
        self.check_access("write")
        # sudo: as above
        self._search_notes(Domain("pinned_at", "!=", False)).sudo().pinned_at = False
        return True

    def _search_notes(self, domain):
        """Return notes and emails of this record that the user may read."""
        own = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        written = Domain("message_type", "=", "comment")
        messages = self.env["mail.message"]
        # Of most records nothing is pinned: rights are asked of what is found.
        found = messages._search(
            own & written & domain, order="id desc", bypass_access=True
        ).get_result_ids()
        return messages.browse(found)._filtered_access("read")

    def _get_pinned_rows(self):
        notes = self._search_notes(Domain("pinned_at", "!=", False))[:1]
        entries = [
            {
                "source": "mail.message",
                "id": note.id,
                "kind": "note",
                "date": note.date,
                "is_open": False,
                "lead_id": None,
                "who_id": note.author_id.id,
                "who_name": note.author_id.name,
            }
            # sudo: who wrote it is shown with it
            for note in notes.sudo()
        ]
        return self._prepare_timeline(entries)
