from contextlib import closing

from psycopg2.errors import CheckViolation, SerializationFailure

from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import convert_file, mute_logger

from ..tools.printing.calibration import read_texts
from ..tools.printing.fitting import BASELINE
from ..tools.printing.geometry import Paper
from ..tools.printing.layout import Label
from .common import OpportunityCommon

EXACT = 0.3
NAME = "Ann Exact"


class LabelCommon(OpportunityCommon):
    """A contact with an address, and one whose city the font has not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Format = cls.env["opportunity.label.format"]
        cls.sheet_format = cls._get_format("avery_l7160")
        cls.ann, cls.japanese = cls.env["res.partner"].create(
            [
                cls._prepare_contact(NAME),
                cls._prepare_contact(NAME, city="千代田区", zip="100-0001"),
            ]
        )

    @classmethod
    def _prepare_contact(cls, name, **values):
        return {
            "name": name,
            "street": "Main Street 1",
            "zip": "12345",
            "city": "Berlin",
            "country_id": cls.env.ref("base.de").id,
            **values,
        }

    @classmethod
    def _get_format(cls, name):
        prefix = "sales_opportunity_classic.opportunity_label_format_"
        return cls.env.ref(prefix + name)

    def _find(self, pdf, text=NAME):
        """Return page and place of each text that begins so."""
        return [
            (number, found)
            for number, page in enumerate(read_texts(pdf))
            for found in page
            if found.text.startswith(text)
        ]

    def assertAt(self, found, x, y):
        """The text begins there, measured at the top of its line."""
        top = found.y - BASELINE * found.size
        self.assertAlmostEqual(found.x, x, delta=EXACT)
        self.assertAlmostEqual(top, y, delta=EXACT)


@tagged("post_install", "-at_install")
class TestOpportunityLabelFormat(LabelCommon):
    # === PLACES === #

    def _check_places(self, partner):
        for label_format in self.Format.search([("kind", "=", "sheet")]):
            capacity = label_format.capacity
            pdf = label_format._render_pdf(partner, copies=capacity)
            with self.subTest(format=label_format.name):
                found = self._find(pdf)
                self.assertEqual(len(found), capacity)
                self.assertEqual({page for page, _text in found}, {0})
                self._check_ends(label_format, found)

    def _check_ends(self, label_format, found):
        left = label_format.margin_left + label_format.padding
        top = label_format.margin_top + label_format.padding
        self.assertAt(found[0][1], left, top)
        across = (label_format.columns - 1) * label_format.pitch_x
        down = (label_format.rows - 1) * label_format.pitch_y
        self.assertAt(found[-1][1], left + across, top + down)

    def test_labels_are_where_the_format_says(self):
        self.assertGreaterEqual(self.Format.search_count([]), 23)
        self._check_places(self.ann)

    def test_also_where_another_program_chooses_the_font(self):
        self._check_places(self.japanese)

    def test_a_nudge_and_a_start_position_move_them(self):
        label_format = self.sheet_format
        label_format.write({"nudge_x": 1.2, "nudge_y": -0.7})
        for partner in (self.ann, self.japanese):
            pdf = label_format._render_pdf(partner, start_position=20, copies=3)
            first, second, third = self._find(pdf)
            left = label_format.margin_left + label_format.padding + 1.2
            top = label_format.margin_top + label_format.padding - 0.7
            down = top + 6 * label_format.pitch_y
            self.assertAt(first[1], left + label_format.pitch_x, down)
            self.assertAt(second[1], left + 2 * label_format.pitch_x, down)
            self.assertEqual(third[0], 1)
            self.assertAt(third[1], left, top)

    def test_a_printer_has_a_nudge_of_its_own(self):
        printer = self.env["opportunity.label.printer"].create(
            {"name": "Askew", "nudge_x": -0.5, "nudge_y": 0.9}
        )
        self.sheet_format.nudge_x = 0.2
        sheet = self.sheet_format._get_sheet(printer)
        self.assertAlmostEqual(sheet.nudge_x, -0.3)
        self.assertAlmostEqual(sheet.nudge_y, 0.9)

    def test_rolls_lie_on_their_side(self):
        for name, width, height in (("dymo_99010", 89, 28), ("dymo_11354", 57, 32)):
            label_format = self._get_format(name)
            for partner in (self.ann, self.japanese):
                pdf = label_format._render_pdf(partner, copies=3)
                found = self._find(pdf)
                self.assertEqual([page for page, _text in found], [0, 1, 2])
                for _page, text in found:
                    self.assertAt(text, label_format.padding, label_format.padding)
            self.assertEqual(label_format._get_sheet().paper[:2], (width, height))

    def test_envelopes_have_the_address_where_the_format_says(self):
        for name in ("dl", "c5", "c6", "10"):
            envelope = self._get_format(f"envelope_{name}")
            ((_page, text),) = self._find(envelope._render_pdf(self.ann))
            left = envelope.margin_left + envelope.padding
            self.assertAt(text, left, envelope.margin_top + envelope.padding)

    def test_pages_stay_in_order(self):
        cities = {1: "東京", 50: "東京"}
        partners = self.env["res.partner"].create(
            [
                self._prepare_contact(f"P{n:02}", city=cities.get(n, "Bonn"))
                for n in range(63)
            ]
        )
        found = self._find(self.sheet_format._render_pdf(partners), "P")
        self.assertEqual([text.text[:3] for _p, text in found], partners.mapped("name"))
        self.assertEqual([page for page, _text in found], [n // 21 for n in range(63)])

    # === BAD INPUT === #

    def test_labels_must_fit_on_the_paper(self):
        values = {"name": "Mine", "columns": 3, "rows": 2, "pitch_x": 70, "pitch_y": 40}
        self.Format.create({**values, "label_width": 70})
        with self.assertRefused(ValidationError, r"Mine2.* 2.50 mm over the right"):
            self.Format.create({**values, "name": "Mine2", "margin_left": 2.5})
        with self.assertRefused(ValidationError, r" 15.00 mm over the lower edge"):
            self.sheet_format.margin_top += 15 + 297 - 15.49 - 6 * 38.1 - 38.1
        with self.assertRefused(ValidationError, r"Columns overlap by 3.99 mm"):
            self.sheet_format.pitch_x = 60
        with self.assertRefused(ValidationError, r"one label a page"):
            self.sheet_format.kind = "roll"

    @mute_logger("odoo.sql_db")
    def test_impossible_sizes_are_refused(self):
        for values in (
            {"columns": 0},
            {"rows": 1000},
            {"label_width": 0},
            {"padding": -1},
            {"paper_width": 100000},
            {"nudge_x": 21},
        ):
            with self.assertRefused((CheckViolation, ValidationError)):
                self.sheet_format.write(values)
                self.env.flush_all()

    def test_the_start_must_be_on_the_sheet(self):
        for start in (0, -1, 22, 10**9):
            with self.assertRefused(UserError, "has 21 labels a sheet"):
                self.sheet_format._render_pdf(self.ann, start_position=start)

    def test_nobody_prints_a_forest(self):
        for copies in (0, -1, 50001):
            with self.assertRefused(UserError, "1 to 50000 labels"):
                self.sheet_format._render_pdf(self.ann, copies=copies)

    def test_texts_stay_texts(self):
        self.ann.write({"name": "<b>Bold</b> & Co", "street": "{{ 7 * 7 }} <script>"})
        self.japanese.write({"name": "<b>Bold</b> & Co"})
        for partner in (self.ann, self.japanese):
            pdf = self.sheet_format._render_pdf(partner)
            self.assertEqual(len(self._find(pdf, "<b>Bold</b> & Co")), 1)

    def test_any_text_is_printed(self):
        for name in ("أحمد حسن", "山田 太郎", "😀" * 50, "W" * 500, "a\nb", "\u202e"):
            self.ann.name = name
            for label_format in (self.sheet_format, self._get_format("avery_5167")):
                pdf = label_format._render_pdf(self.ann)
                self.assertTrue(pdf.startswith(b"%PDF"), name)
                self.assertEqual(len(read_texts(pdf)), 1)

    def test_twelve_lines_stay_on_their_label(self):
        label_format = self._get_format("avery_5167")
        label = Label(tuple(f"Line {n} of a long address" for n in range(12)))
        (page,) = label_format._make_pages([label], start_position=80)
        box = label_format._get_sheet().get_box(79)
        self.assertEqual(len(page.lines), 12)
        for line in page.lines:
            self.assertLessEqual(line.y + line.size, box.y + box.height)

    # === RIGHTS === #

    def test_salespeople_print_and_managers_set_up(self):
        salesman = self.sheet_format.with_user(self.user_sales_salesman)
        partner = self.ann.with_user(self.user_sales_salesman)
        self.assertTrue(salesman._render_pdf(partner).startswith(b"%PDF"))
        self.assertTrue(salesman.action_print_test_page())
        for operation in (
            lambda: salesman.write({"nudge_x": 1}),
            lambda: salesman.create({"name": "Mine"}),
            lambda: salesman.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()
        manager = self.sheet_format.with_user(self.user_sales_manager)
        manager.nudge_x = 1
        self.assertEqual(manager.nudge_x, 1)

    def test_the_measured_scale_is_kept(self):
        parameters = self.env["ir.config_parameter"]
        paper = self.sheet_format._get_sheet().paper
        name = self.sheet_format._get_print_scale_name(paper)
        parameters.set_param(name, "0.5")
        self.assertEqual(self.sheet_format._get_print_scale(paper), 0.5)
        parameters.set_param(name, False)
        salesman = self.sheet_format.with_user(self.user_sales_salesman)
        scale = salesman._get_print_scale(paper)
        self.assertGreater(scale, 0.7)
        self.assertEqual(float(parameters.get_param(name)), scale)

    @mute_logger("odoo.sql_db")
    def test_of_two_who_measure_at_once_the_later_one_begins_again(self):
        connect = db_connect(self.env.cr.dbname).cursor
        with closing(connect()) as first, closing(connect()) as late:
            # The view of the database dates from the first query.
            late.execute("SELECT 1")
            self._keep_scale_in(first)
            first.commit()
            with self.assertRaises(SerializationFailure):
                self._keep_scale_in(late)
            first.execute("DELETE FROM ir_config_parameter WHERE key = 'measured'")
            first.commit()

    def _keep_scale_in(self, cr):
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env["opportunity.label.format"]._keep_print_scale("measured", 0.75)

    def test_the_test_page_shows_every_label(self):
        report = "sales_opportunity_classic.opportunity_label_test_page"
        reports = self.env["ir.actions.report"].with_user(self.user_sales_salesman)
        pdf, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            report, self.sheet_format.ids
        )
        self.assertEqual(kind, "pdf")
        (texts,) = read_texts(pdf)
        found = " ".join(text.text for text in texts)
        for text in (self.sheet_format.name, "21", "200"):
            self.assertIn(text, found)

    def test_a_copy_has_a_name_of_its_own(self):
        copy = self.sheet_format.copy()
        self.assertEqual(copy.name, f"{self.sheet_format.name} (copy)")
        self.assertEqual(self.sheet_format.copy({"name": "Mine"}).name, "Mine")
        again = self.sheet_format.copy()
        self.assertNotIn(again.name, (copy.name, self.sheet_format.name))

    def test_paper_of_any_size_is_measured(self):
        for width, height in ((10, 10), (12, 1200), (1200, 12), (1200, 1200)):
            scale = self.sheet_format._measure_print_scale(Paper(width, height))
            self.assertTrue(0.5 < scale < 1.5, (width, height, scale))

    def test_the_test_page_is_for_employees(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        report = self.env["ir.actions.report"].with_user(portal)
        report = report.with_context(force_report_rendering=True)
        name = "sales_opportunity_classic.opportunity_label_test_page"
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            report._render_qweb_pdf(name, self.sheet_format.ids)

    def test_a_shipped_format_that_was_deleted_stays_deleted(self):
        changed = self._get_format("avery_5163")
        changed.nudge_x = 1.5
        name = self.sheet_format.name
        self.sheet_format.unlink()
        own = self.Format.create({"name": name, "pitch_x": 70, "pitch_y": 36})
        convert_file(
            self.env,
            "sales_opportunity_classic",
            "data/opportunity_label_format_data.xml",
            {},
            mode="update",
        )
        self.assertEqual(self.Format.search([("name", "=", name)]), own)
        self.assertEqual(changed.nudge_x, 1.5)
