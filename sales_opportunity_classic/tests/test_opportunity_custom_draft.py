from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CustomDialogsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomDraft(CustomDialogsCommon):
    """What Discard brings back, and what a draft may not do to values."""

    def setUp(self):
        super().setUp()
        self.phase = self._draft("Phase", "dropdown", ["Early", "Late"])
        self.tags = self._draft("Colours", "list_box", ["Red", "Blue"])
        self.place = self._draft("Place", "drilldown", ["Here", "There"])
        self.definition.action_apply()
        self.lead = self._create_leads(
            {
                "x_phase": "early",
                "x_colours": self.tags.option_ids.ids,
                "x_place": self.place.option_ids[0].id,
            }
        )

    def test_discard_takes_back_everything_that_is_not_live(self):
        other = self._add_header("Technical")
        self.phase.group_id = other
        self.phase.option_ids.create({"name": "Done", "field_id": self.phase.id})
        new = self._draft("New", "text") + self._draft(
            "Newer", "text", group_id=other.id
        )
        tab = self.tab.create({"name": "Second"})
        self.dates.tab_id = tab
        self.definition.action_discard()
        self.assertFalse(new.exists())
        self.assertFalse(other.exists())
        self.assertFalse(tab.exists())
        self.assertEqual(self.dates.tab_id, self.tab)
        self.assertEqual(self.phase.group_id, self.dates)
        self.assertEqual(self.phase.option_ids.mapped("name"), ["Early", "Late"])
        self.assertFalse(self.definition._get_changes())

    def test_discard_of_exchanged_option_names(self):
        early, late = self.phase.option_ids
        early.name = "Later"
        late.name = "Early"
        early.name = "Late"
        self.definition.action_discard()
        self.assertEqual((early.name, late.name), ("Early", "Late"))

    def test_discard_brings_back_a_deleted_header_and_the_page_shows_it(self):
        empty = self._add_header("Empty")
        self.definition.action_apply()
        empty.unlink()
        self.definition.action_discard()
        live = self.definition._get_live("crm.lead")
        header = self.tab.header_ids.filtered(lambda h: h.name == "Empty")
        self.assertIn(header.id, [g["id"] for g in live["tabs"][0]["groups"]])

    def test_values_outlive_their_field_in_the_draft_until_apply(self):
        fields = self.tags + self.place
        fields.with_context(opportunity_delete_values=True).unlink()
        self.assertEqual(self.dates.field_ids, self.phase)
        self.env.invalidate_all()
        self.assertEqual(self.lead.x_colours.mapped("name"), ["Red", "Blue"])
        self.assertEqual(self.lead.x_place.name, "Here")
        kinds = [(c.kind, c.name) for c in self.definition._get_changes()]
        self.assertEqual(kinds, [("delete", "x_colours"), ("delete", "x_place")])
        self.definition.action_apply()
        self.assertFalse(fields.exists())
        self.assertNotIn("x_colours", self.env["crm.lead"]._fields)

    def test_discard_brings_back_a_deleted_field_with_its_values(self):
        fields = self.tags + self.place
        fields.with_context(opportunity_delete_values=True).unlink()
        self.definition.action_discard()
        self.assertEqual(self.dates.field_ids, self.phase + fields)
        self.assertEqual(self.lead.x_place.name, "Here")

    def test_a_field_with_values_is_not_taken_out_of_its_header(self):
        with self.assertRefused(UserError, "has a value on 1 records"):
            self.tags.group_id = False
        with self.assertRefused(UserError, "has a value on 1 records"):
            self.dates.unlink()

    def test_a_field_needs_a_header(self):
        with self.assertRefused(ValidationError, "“Lost” needs a header"):
            self._draft("Lost", "text", group_id=False)
            self.env.flush_all()

    def test_an_option_that_was_taken_meanwhile_stops_apply(self):
        self.phase.option_ids[1].unlink()
        self.lead.x_phase = "late"
        with self.assertRefused(UserError, "“Late” is chosen on 1 records"):
            self.definition.action_apply()
        self.assertEqual(self.lead.x_phase, "late")

    def test_nobody_takes_a_choice_while_it_goes(self):
        self.phase.option_ids[1].unlink()
        with self._watch_locks() as locked:
            self.definition.action_apply()
        self.assertTrue(locked)

    def test_a_new_choice_holds_nobody_up(self):
        self.phase.option_ids.create({"name": "Done", "field_id": self.phase.id})
        with self._watch_locks() as locked:
            self.definition.action_apply()
        self.assertFalse(locked)

    @contextmanager
    def _watch_locks(self):
        """Collect whether the table was held when uses were counted."""
        locked = []
        lock_table = type(self.definition)._lock_table

        def watch(definition):
            locked.append(True)
            return lock_table(definition)

        with patch.object(type(self.definition), "_lock_table", watch):
            yield locked

    def test_discard_brings_back_the_options_of_an_unused_field(self):
        self.lead.write({"x_colours": False, "x_place": False})
        fields = self.tags + self.place
        options = fields.option_ids
        names = options.mapped("name")
        fields.unlink()
        self.assertEqual(options.exists(), options)
        self.definition.action_discard()
        self.assertEqual(fields.option_ids, options)
        self.assertEqual(options.mapped("name"), names)
        self.lead.x_place = self.place.option_ids[0]

    def test_discard_brings_back_the_options_below_an_unused_header(self):
        self.lead.write({"x_colours": False, "x_phase": False, "x_place": False})
        options = self.tags.option_ids
        self.tab.unlink()
        self.definition.action_discard()
        self.assertEqual(self.tags.option_ids, options)
        self.assertTrue(self.tags.group_id)
        self.lead.x_colours = options

    def test_discard_of_a_default_and_its_options(self):
        new = self._draft("New", "dropdown", ["One"])
        new.default_value = "one"
        self.phase.option_ids.create({"name": "Done", "field_id": self.phase.id})
        self.phase.default_value = "done"
        self.definition.action_discard()
        self.assertFalse(new.exists())
        self.assertFalse(self.phase.default_value)

    def test_nobody_writes_what_is_live(self):
        with self.assertRefused(AccessError):
            self.definition.write({"live": {"tabs": []}})
