from odoo.tests import TransactionCase, tagged

from ..tools.printing import address, bidi, fitting, geometry, layout
from ..tools.printing.geometry import Box, Paper, Sheet

SHEET = Sheet(Paper(210, 297), 3, 8, 60, 30, 10, 20, 65, 34)


@tagged("post_install", "-at_install")
class TestPrintingTools(TransactionCase):
    # === GEOMETRY === #

    def test_labels_go_by_rows(self):
        self.assertEqual(SHEET.get_box(0), Box(10, 20, 60, 30))
        self.assertEqual(SHEET.get_box(4), Box(75, 54, 60, 30))
        self.assertEqual(SHEET.get_box(23), Box(140, 258, 60, 30))

    def test_a_nudge_moves_every_label(self):
        nudged = SHEET._replace(nudge_x=0.3, nudge_y=-0.5)
        self.assertEqual(nudged.get_box(0)[:2], (10.3, 19.5))
        self.assertEqual(nudged.get_box(23)[:2], (140.3, 257.5))

    def test_what_does_not_fit_is_told_with_its_millimetres(self):
        self.assertEqual(geometry.find_overruns(SHEET), {})
        wide = SHEET._replace(margin_left=25)
        self.assertEqual(geometry.find_overruns(wide), {"right": 5})
        high = SHEET._replace(rows=9)
        self.assertEqual(geometry.find_overruns(high), {"bottom": 25})
        tight = SHEET._replace(pitch_x=58, pitch_y=29)
        self.assertEqual(geometry.find_overruns(tight), {"columns": 2, "rows": 1})
        outside = SHEET._replace(margin_left=-2, margin_top=-1)
        self.assertEqual(geometry.find_overruns(outside), {"left": 2, "top": 1})

    def test_pages_are_counted_from_the_start_position(self):
        for start, count, pages in ((1, 24, 1), (1, 25, 2), (24, 2, 2), (2, 24, 2)):
            self.assertEqual(geometry.count_pages(SHEET, start, count), pages)
        self.assertEqual(geometry.count_pages(SHEET, 1, 0), 0)

    def test_a_long_label_is_turned(self):
        turned = geometry.turn(Sheet(Paper(28, 89), 1, 1, 28, 89))
        self.assertEqual(turned.paper, Paper(89, 28))
        self.assertEqual(turned.get_box(0), Box(0, 0, 89, 28))

    # === TEXT === #

    def assertFits(self, lines, width, height):
        size, broken = fitting.fit(lines, width, height)
        self.assertLessEqual(len(broken) * size * fitting.LEADING, height + 1e-6)
        for line in broken:
            self.assertLessEqual(fitting.measure(line) * size, width + 1e-6)
        self.assertEqual(" ".join(broken).split(), " ".join(lines).split())
        return size, broken

    def test_short_lines_have_the_full_size(self):
        lines = ["Ann", "Street 1", "12345 Town"]
        self.assertEqual(self.assertFits(lines, 60, 30), (fitting.LARGEST, lines))

    def test_twelve_lines_shrink(self):
        size, broken = self.assertFits([f"Line {n}" for n in range(12)], 40, 12.7)
        self.assertEqual(len(broken), 12)
        self.assertLess(size, 1)

    def test_a_long_line_is_broken_before_it_is_small(self):
        size, broken = self.assertFits(["The very long name of a company " * 3], 50, 30)
        self.assertGreater(len(broken), 1)
        self.assertGreaterEqual(size, fitting.COMFORTABLE)

    def test_a_long_word_shrinks(self):
        size, broken = self.assertFits(["W" * 60], 40, 20)
        self.assertEqual(len(broken), 1)
        self.assertLess(size, 1)

    def test_only_letters_of_the_font_are_plain(self):
        for text in ("Zoë Łódź", "Ὀδυσσεύς", "Дмитрий", "Nguyễn", "5 € – ½"):
            self.assertTrue(fitting.is_plain(text), text)
        for text in ("أحمد", "山田", "שלום", "😀", "हिन्दी", "e\u0301"):
            self.assertFalse(fitting.is_plain(text), text)

    def test_what_the_font_lacks_is_given_room(self):
        plain = fitting.measure("AAAA")
        self.assertGreater(fitting.measure("山田太郎", plain=False), plain)
        self.assertGreater(fitting.measure("😀😀😀😀", plain=False), 5)

    def test_control_characters_are_spaces(self):
        self.assertEqual(fitting.clean(" a\tb\r\nc\x00d  "), "a b c d")

    # === DIRECTIONS === #

    def test_the_first_letter_gives_the_direction(self):
        self.assertTrue(bidi.is_rtl("12 شارع"))
        self.assertFalse(bidi.is_rtl("Herr أحمد"))
        self.assertFalse(bidi.is_rtl("12"))

    def test_parts_stand_as_they_are_seen(self):
        for text, seen in (
            ("Plain 12", ["Plain 12"]),
            ("11511 قاهرة", ["قاهرة", " ", "11511"]),
            ("Herr أحمد 12 B", ["Herr ", "12", " ", "أحمد", " B"]),
            ("رحلة ABC 12", ["ABC 12", " ", "رحلة"]),
            ("Weg (שלום) 5-7", ["Weg (", "שלום", ") ", "5-7"]),
        ):
            self.assertEqual([part for part, _rtl in bidi.split_runs(text)], seen)

    # === ADDRESSES === #

    def test_a_household_is_one_address(self):
        ann = address.Address(1, ("Ann",), "", ("Street 1", "Town"))
        bob = ann._replace(record_id=2, names=("Bob",), lines=("street 1", "TOWN"))
        eve = ann._replace(record_id=3, names=("Eve",), lines=("Street 2", "Town"))
        both, other = address.group_households([ann, bob, eve])
        self.assertEqual(both.text, ("Ann & Bob", "Street 1", "Town"))
        self.assertEqual(other, eve)

    def test_without_a_street_nobody_shares_a_household(self):
        ann = address.Address(1, ("Ann",), "", (), missing=("street",))
        bob = ann._replace(record_id=2, names=("Bob",))
        self.assertEqual(address.group_households([ann, bob]), [ann, bob])

    def test_a_company_gets_one_label(self):
        ann = address.Address(1, ("Ann",), "Wood", ("Town",), customer=7)
        bob = ann._replace(record_id=2, names=("Bob",))
        eve = address.Address(3, ("Eve",), "", ("Town",))
        self.assertEqual(address.group_customers([ann, bob, eve]), [ann, eve])

    # === PAGES === #

    def test_pages_take_as_many_labels_as_are_left(self):
        labels = [layout.Label((f"Person {n}",)) for n in range(29)]
        first, second = layout.make_pages(SHEET, labels, start=20)
        self.assertEqual([line.text for line in first.lines[:1]], ["Person 0"])
        self.assertEqual(len(first.lines), 5)
        self.assertEqual(first.lines[0].x, SHEET.get_box(19).x + SHEET.padding)
        self.assertEqual(len(second.lines), 24)
        self.assertEqual(second.lines[0].text, "Person 5")

    def test_a_code_leaves_room_for_the_text(self):
        for kind in ("QR", "Code128"):
            label = layout.Label(("A long name " * 5,) * 4, code=layout.Code(kind, "1"))
            (page,) = layout.make_pages(SHEET, [label])
            ((_code, box),) = page.codes
            for line in page.lines:
                right = line.x + fitting.measure(line.text) * line.size
                below = line.y + line.size * fitting.LEADING
                self.assertTrue(right <= box.x or below <= box.y, kind)

    def test_without_room_there_is_no_text(self):
        for width, height in ((0, 10), (10, 0), (-0.1, 10), (10, -0.1)):
            self.assertEqual(fitting.fit(["Ann"], width, height)[1], [])
        sheet = Sheet(Paper(100, 50), 1, 1, 100, 50)
        label = layout.Label(("Ann",), sender=("Me",))
        (page,) = layout.make_pages(sheet, [label], is_envelope=True)
        self.assertEqual([line.text for line in page.lines], ["Ann"])

    def test_a_code_leaves_room_on_the_smallest_label(self):
        sheet = Sheet(Paper(10, 10), 1, 1, 5, 5)
        label = layout.Label(("Ann",), code=layout.Code("QR", "x"))
        (page,) = layout.make_pages(sheet, [label])
        self.assertEqual([line.text for line in page.lines], ["Ann"])
