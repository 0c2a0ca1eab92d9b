"""The fields of the benchmarks: a realistic mixture, with values that they can hold."""

import unittest

from benchmarks.custom_layout import (
    BY_HAND,
    COUNT,
    MIXTURE,
    TABS,
    Field,
    deal_out,
    make_fields,
)


class TestFields(unittest.TestCase):
    """Fields are numbered, and their kinds come round."""

    def test_200_fields_on_ten_tabs(self):
        tabs = deal_out(make_fields(), TABS)
        self.assertEqual([len(tab) for tab in tabs], [20] * 10)
        names = {field.name for tab in tabs for field in tab}
        self.assertEqual(len(names), 200)

    def test_every_kind_comes_as_often_as_in_the_mixture(self):
        self.assertEqual(COUNT % len(MIXTURE), 0)
        kinds = [field.kind for field in make_fields()]
        self.assertEqual(kinds.count("dropdown"), 2 * COUNT // len(MIXTURE))

    def test_every_kind_can_be_made_by_hand(self):
        self.assertEqual(set(MIXTURE), set(BY_HAND))

    def test_the_last_part_may_be_shorter(self):
        self.assertEqual(deal_out([1, 2, 3, 4, 5], 2), [[1, 2, 3], [4, 5]])


class TestValues(unittest.TestCase):
    """What leads hold."""

    def test_every_fourth_is_empty(self):
        values = [Field(number, "text").value(0, []) for number in range(1, 9)]
        self.assertEqual(values.count(False), 2)

    def test_a_choice_is_one_of_its_keys(self):
        field = Field(1, "dropdown")
        keys = [key for key, _label in field.choices]
        self.assertEqual(keys[:2], ["option_1", "option_2"])
        self.assertEqual(field.value(1, []), "option_2")

    def test_a_link_is_one_of_the_records_offered(self):
        self.assertEqual(Field(1, "contact").value(1, [7, 8]), 8)
        self.assertEqual(Field(1, "list_box").value(1, [7, 8]), [(6, 0, [8])])

    def test_every_kind_has_values(self):
        links = {"list_box": [7], "user": [7], "contact": [7]}
        for kind in MIXTURE:
            with self.subTest(kind):
                self.assertTrue(Field(1, kind).value(1, links.get(kind, [])))
