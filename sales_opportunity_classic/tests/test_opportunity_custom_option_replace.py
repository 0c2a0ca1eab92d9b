from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomDialogsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomOptionReplace(CustomDialogsCommon):
    """Records never point to an option that is not there, before or after Apply."""

    def setUp(self):
        super().setUp()
        self.phase = self._draft(
            "Phase", "dropdown", ["Early", "Late"], default_value="early"
        )
        self.colours = self._draft("Colours", "list_box", ["Red", "Blue"])
        self.place = self._draft("Place", "drilldown", ["Here", "There"])
        self.definition.action_apply()
        red, blue = self.colours.option_ids
        self.first, self.second = self._create_leads(
            {
                "x_phase": "early",
                "x_colours": (red + blue).ids,
                "x_place": self.place.option_ids[0].id,
            },
            {"x_phase": "late", "x_colours": red.ids, "active": False},
        )

    def _replace(self, option, replacement):
        dialog = self._open(option.action_replace())
        dialog.replacement_id = replacement
        dialog.action_replace()
        self.env.invalidate_all()

    def test_a_key_is_replaced_and_archived_while_it_is_listed(self):
        early, late = self.phase.option_ids
        self.assertEqual(self._open(early.action_replace()).count, 1)
        self._replace(early, late)
        self.assertEqual(self.first.x_phase, "late")
        self.assertFalse(early.active)
        self.assertEqual(self.phase.default_value, "late")
        # Somebody takes it once more before Apply.
        self.second.x_phase = "early"
        self.definition.action_apply()
        keys = [key for key, _label in self.first._fields["x_phase"].selection]
        self.assertIn("early", keys)
        self._replace(early, late)
        early.unlink()
        self.definition.action_apply()
        keys = [key for key, _label in self.first._fields["x_phase"].selection]
        self.assertEqual(keys, ["late"])
        self.assertEqual(self.second.x_phase, "late")

    def test_a_list_has_the_replacement_once(self):
        red, blue = self.colours.option_ids
        self._replace(red, blue)
        self.assertEqual(self.first.x_colours, blue)
        self.assertEqual(self.second.x_colours, blue)
        self.assertFalse(red.exists())

    def test_a_node_of_a_tree_is_replaced(self):
        here, there = self.place.option_ids
        self._replace(here, there)
        self.assertEqual(self.first.x_place, there)
        self.assertFalse(here.exists())

    def test_a_node_with_others_below_it_is_refused(self):
        here, there = self.place.option_ids
        here.create({"name": "Corner", "field_id": self.place.id, "parent_id": here.id})
        with self.assertRefused(UserError, "“Here” has options below it.*“Corner”"):
            self._replace(here, there)

    def test_an_option_that_is_not_applied_cannot_take_the_place(self):
        early = self.phase.option_ids[0]
        new = early.create({"name": "Never", "field_id": self.phase.id})
        with self.assertRefused(UserError, "“Never” is new"):
            self._replace(early, new)
        self._replace(new, early)
        self.assertFalse(new.exists())

    def test_options_of_other_fields_and_itself_are_refused(self):
        early = self.phase.option_ids[0]
        for other in (early, self.place.option_ids[0], early.browse()):
            with self.assertRefused(UserError, "another option of “Phase”"):
                self._replace(early, other)

    def test_in_a_field_that_was_never_applied_it_is_deleted(self):
        field = self._draft("Idea", "radio", ["One", "Two"])
        one, two = field.option_ids
        self._replace(one, two)
        self.assertEqual(field.option_ids, two)

    def test_archive_instead_changes_no_record(self):
        early = self.phase.option_ids[0]
        self._open(early.action_replace()).action_archive()
        self.assertFalse(early.active)
        self.assertEqual(self.first.x_phase, "early")

    def test_salespeople_are_refused(self):
        early, late = self.phase.option_ids
        Dialog = self.env["opportunity.custom.option.replace"]
        values = {"option_id": early.id, "replacement_id": late.id}
        with self.assertRefused(AccessError):
            Dialog.with_user(self.user_sales_salesman).create(values)
        dialog = Dialog.with_user(self.user_sales_manager).create(values)
        dialog = dialog.with_user(self.user_sales_salesman)
        for call in (dialog.action_replace, dialog.action_archive):
            with self.assertRefused(AccessError):
                call()
