from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..tools.printing.calibration import read_texts
from .test_opportunity_label_format import NAME, LabelCommon

REPORT = "sales_opportunity_classic.opportunity_label_pages"


@tagged("post_install", "-at_install")
class TestOpportunityLabelPrint(LabelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opportunity.partner_id = cls.ann
        cls.company = cls.env["res.partner"].create(
            cls._prepare_contact("Wood Ltd", is_company=True, zip="99999")
        )
        cls.bob, cls.eve = cls.env["res.partner"].create(
            [
                {"name": "Bob", "parent_id": cls.company.id, "type": "contact"},
                {"name": "Eve", "parent_id": cls.company.id, "type": "contact"},
            ]
        )
        cls.nowhere = cls.env["res.partner"].create({"name": "Nobody <b>Nowhere</b>"})

    def _open(self, records, user=None, **values):
        """Return the dialog on records as the salesperson."""
        field = "lead_ids" if records._name == "crm.lead" else "partner_ids"
        wizards = self.env["opportunity.label.print"]
        return wizards.with_user(user or self.user_sales_salesman).create(
            {"format_id": self.sheet_format.id, field: records.ids, **values}
        )

    def _print(self, wizard):
        """Return the texts of each page that Odoo's report prints."""
        reports = wizard.env["ir.actions.report"]
        reports = reports.with_context(force_report_rendering=True)
        pdf, kind = reports._render_qweb_pdf(REPORT, wizard.ids)
        self.assertEqual(kind, "pdf")
        return [[found.text for found in page] for page in read_texts(pdf)]

    def _get_addresses(self, wizard):
        return [label.lines for label in wizard._make_labels()]

    # === WHAT IS PRINTED === #

    def test_an_opportunity_prints_the_address_of_its_contact(self):
        wizard = self._open(self.opportunity)
        action = wizard.action_print()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["report_name"], REPORT)
        ((*texts,),) = self._print(wizard)
        lines = [NAME, "Main Street 1", "12345 Berlin", "Germany"]
        self.assertEqual(texts, lines)

    def test_an_address_typed_into_the_opportunity_is_printed(self):
        lead = self._create_opportunity(
            contact_name="Carl",
            partner_name="Iron Inc",
            street="5th Avenue",
            city="New York",
            zip="10001",
            state_id=self.env.ref("base.state_us_27").id,
            country_id=self.env.ref("base.us").id,
        )
        (lines,) = self._get_addresses(self._open(lead))
        country = "New York NY 10001", "United States"
        self.assertEqual(lines, ("Carl", "Iron Inc", "5th Avenue", *country))
        (lines,) = self._get_addresses(self._open(lead, address_kind="company"))
        self.assertEqual(lines, ("Iron Inc", "5th Avenue", *country))

    def test_the_address_of_the_company_or_of_deliveries(self):
        dock = self._prepare_contact("Dock 7", street="Harbour 1", type="delivery")
        self.env["res.partner"].create({**dock, "parent_id": self.company.id})
        for kind, first in (("contact", "Bob"), ("company", "Wood Ltd")):
            wizard = self._open(self.bob, address_kind=kind)
            self.assertEqual(self._get_addresses(wizard)[0][0], first)
        wizard = self._open(self.bob, address_kind="delivery")
        (lines,) = self._get_addresses(wizard)
        self.assertEqual(lines[:3], ("Dock 7", "Wood Ltd", "Harbour 1"))

    def test_copies_sender_and_extra_line(self):
        self.env.company.partner_id.write({"street": "Sender Street 9", "zip": "1"})
        wizard = self._open(
            self.ann, copies=2, with_sender=True, extra_line=" <i>Personal</i>\n"
        )
        self.assertEqual((wizard.label_count, wizard.page_count), (2, 1))
        ((*texts,),) = self._print(wizard)
        self.assertEqual(texts.count("<i>Personal</i>"), 2)
        self.assertEqual(sum("Sender Street 9" in text for text in texts), 2)

    def test_arabic_stands_at_the_right_part_by_part(self):
        self.ann.write({"name": "أحمد حسن", "street": "١٢ شارع النيل"})
        wizard = self._open(self.ann)
        html, _kind = wizard.env["ir.actions.report"]._render_qweb_html(
            REPORT, wizard.ids
        )
        parts = '<span dir="rtl">حسن</span><span dir="ltr"> </span>'
        self.assertIn(f'text-align:right">{parts}', html.decode())
        self.assertNotIn("text-align:left", html.decode())

    def test_on_an_envelope_the_sender_stands_in_the_corner(self):
        self.env.company.partner_id.street = "Sender Street 9"
        envelope = self._get_format("envelope_dl")
        wizard = self._open(self.ann, with_sender=True, format_id=envelope.id)
        (page,) = wizard._get_pages()
        senders = [line for line in page.lines if line.x < 10]
        self.assertIn("Sender Street 9", [line.text for line in senders])
        self.assertTrue(all(line.y < 30 for line in senders))

    def test_codes_hold_number_or_link(self):
        self.ann.ref = "A-17"
        wizard = self._open(self.ann | self.bob, code_kind="Code128")
        codes = [label.code.value for label in wizard._make_labels()]
        self.assertEqual(codes, ["A-17", f"C{self.bob.id:05}"])
        for reference in ("Ä-17", "A" * 31, "A\n17"):
            self.ann.ref = reference
            self.assertEqual(self.ann._get_postal_number(), f"C{self.ann.id:05}")
        wizard = self._open(self.opportunity, code_kind="QR")
        (label,) = wizard._make_labels()
        self.assertTrue(
            label.code.value.endswith(f"/odoo/crm.lead/{self.opportunity.id}")
        )
        for kind in ("QR", "Code128"):
            wizard = self._open(self.ann | self.japanese, code_kind=kind)
            self.assertEqual(len(self._print(wizard)), 1)

    # === WHICH ARE PRINTED === #

    def test_incomplete_addresses_are_skipped_and_named(self):
        wizard = self._open(self.ann | self.nowhere)
        self.assertEqual((wizard.label_count, wizard.incomplete_count), (1, 1))
        self.assertIn("no street, no postcode, no city", wizard.incomplete_list)
        self.assertIn("Nobody &lt;b&gt;Nowhere", wizard.incomplete_list)
        action = wizard.action_open_incomplete()
        self.assertEqual(action["domain"], [("id", "in", self.nowhere.ids)])
        wizard.skip_incomplete = False
        self.assertEqual(wizard.label_count, 2)

    def test_what_countries_do_not_ask_for_is_not_missing(self):
        self.ann.write({"zip": False, "country_id": self.env.ref("base.ie").id})
        self.env.ref("base.ie").zip_required = False
        self.assertFalse(self._open(self.ann).incomplete_count)
        self.ann.country_id = self.env.ref("base.us")
        self.assertTrue(self._open(self.ann).incomplete_count)

    def test_without_any_complete_address_nothing_is_printed(self):
        with self.assertRefused(UserError, "None of the addresses is complete"):
            self._open(self.nowhere).action_print()

    def test_one_label_for_a_household_or_company(self):
        people = self.bob | self.eve | self.ann
        wizard = self._open(people, grouping="household")
        names = [lines[0] for lines in self._get_addresses(wizard)]
        self.assertEqual(names, ["Bob & Eve", NAME])
        wizard = self._open(people, grouping="customer")
        names = [lines[0] for lines in self._get_addresses(wizard)]
        self.assertEqual(names, ["Bob", NAME])

    def test_they_are_sorted(self):
        people = self.eve | self.ann | self.bob
        for sorting, names in (
            ("given", ["Eve", NAME, "Bob"]),
            ("name", [NAME, "Bob", "Eve"]),
            ("zip", [NAME, "Bob", "Eve"]),
        ):
            wizard = self._open(people, sorting=sorting)
            wizard.partner_ids = people
            records = wizard._choose_addresses()[0]
            self.assertEqual(
                sorted(address.text[0] for address in records), sorted(names)
            )
            if sorting != "given":
                self.assertEqual([address.text[0] for address in records], names)

    def test_three_thousand_contacts(self):
        partners = self.env["res.partner"].create(
            [self._prepare_contact(f"Person {n}") for n in range(3000)]
        )
        wizard = self._open(partners)
        self.assertEqual((wizard.label_count, wizard.page_count), (3000, 143))
        self.assertEqual(len(self._print(wizard)), 143)

    def test_more_addresses_need_no_more_queries(self):
        partners = self.env["res.partner"].create(
            [self._prepare_contact(f"Person {n}") for n in range(60)]
        )

        def count_queries(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.sheet_format._render_pdf(records)
            return self.cr.sql_log_count - before

        count_queries(partners)
        self.assertEqual(count_queries(partners), count_queries(partners[:5]))

    # === CHOICES === #

    def test_format_and_printer_are_remembered(self):
        printer = self.env["opportunity.label.printer"].create({"name": "Cellar"})
        last = self._get_format("avery_5163")
        values = {"format_id": last.id, "printer_id": printer.id}
        self._open(self.ann, **values).action_print()
        wizards = self.env["opportunity.label.print"]
        mine = wizards.with_user(self.user_sales_salesman).new({})
        self.assertEqual((mine.format_id, mine.printer_id), (last, printer))
        other = wizards.with_user(self.user_sales_leads).new({})
        self.assertNotEqual(other.format_id, last)
        last.active = False
        mine = wizards.with_user(self.user_sales_salesman).new({})
        self.assertTrue(mine.format_id.active)

    def test_a_smaller_sheet_starts_anew(self):
        wizards = self.env["opportunity.label.print"].with_context(
            default_partner_ids=self.ann.ids
        )
        with Form(wizards.with_user(self.user_sales_salesman)) as form:
            form.format_id = self.sheet_format
            form.start_position = 21
            self.assertEqual(form.page_count, 1)
            form.format_id = self._get_format("avery_l7169")
            self.assertEqual(form.start_position, 1)

    def test_a_start_beyond_the_sheet_is_refused(self):
        with self.assertRefused(UserError, "has 21 labels a sheet"):
            self._open(self.ann, start_position=22).action_print()

    # === RIGHTS === #

    def test_only_whoever_reads_an_opportunity_prints_it(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        foreign.sudo().partner_id = self.ann
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            self._open(foreign)
        wizard = self._open(foreign, self.user_sales_leads)
        self.assertTrue(wizard.action_print())
        self.env.invalidate_all()
        stranger = wizard.with_user(self.user_sales_salesman)
        for operation in (
            stranger.read,
            lambda: stranger.write({"extra_line": "x"}),
            stranger.action_print,
            lambda: self._print(stranger),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_employees_print_labels_of_contacts(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        wizard = self._open(self.ann, employee)
        self.assertTrue(wizard.action_print())
        self.assertEqual(self._print(wizard)[0][0], NAME)
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        with self.assertRefused(AccessError):
            self._open(self.ann, portal)

    def test_data_of_a_client_is_no_page(self):
        wizard = self._open(self.ann)
        html, _kind = wizard.env["ir.actions.report"]._render_qweb_html(
            REPORT, wizard.ids, {"pages": [["<script>"]], "paper": [1, 2], "scale": 0}
        )
        self.assertIn(NAME.encode(), html)
        self.assertNotIn(b"<script>", html)

    def test_postcodes_sort_addresses_without_a_country(self):
        far, near = self.env["res.partner"].create(
            [
                self._prepare_contact(name, city=city, zip=code, country_id=False)
                for name, city, code in (
                    ("Far", "Albany", "90001"),
                    ("Near", "Zurich", "10001"),
                )
            ]
        )
        wizard = self._open(far | near, sorting="zip")
        names = [lines[0] for lines in self._get_addresses(wizard)]
        self.assertEqual(names, ["Near", "Far"])

    def test_a_contact_one_may_not_read_is_no_label(self):
        self.env.flush_all()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._create_opportunity(partner_id=self.eve.id)
        self.eve.company_id = elsewhere
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self._open(self.opportunity | other)
        self.assertEqual((wizard.label_count, wizard.incomplete_count), (1, 1))
        self.assertIn("not yours to read", wizard.incomplete_list)
        wizard.skip_incomplete = False
        self.assertEqual(wizard.label_count, 1)
