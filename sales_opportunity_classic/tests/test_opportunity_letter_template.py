import http.server
import io
import threading
from base64 import b64encode

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfReader

from ..tools.printing.calibration import read_texts
from .letter_common import (
    LetterCommon,
    make_condition,
    make_field,
    make_image,
    read_pages,
)

# From the upper edge of a line to the foot of its letters, of a font of 10.5 pt.
FOOT = 3.5
POINT = 25.4 / 72


@tagged("post_install", "-at_install")
class TestOpportunityLetterTemplate(LetterCommon):
    """What letters say, to whom, and what they look like."""

    # === RIGHTS === #

    def test_sales_managers_write_templates_and_salespeople_use_them(self):
        template = self.template.with_user(self.user_sales_salesman)
        self.assertEqual(template.name, "Hello")
        with self.assertRefused(AccessError):
            template.name = "Mine"
        with self.assertRefused(AccessError):
            template.copy()
        with self.assertRefused(AccessError):
            template.unlink()
        self.assertEqual(self.template.copy().name, "Hello (copy)")

    def test_ten_templates_are_shipped_and_merge(self):
        ours = self.env["ir.model.data"].search(
            [
                ("module", "=", "sales_opportunity_classic"),
                ("model", "=", "opportunity.letter.template"),
            ]
        )
        templates = self.env["opportunity.letter.template"].browse(
            ours.mapped("res_id")
        )
        self.assertEqual(len(templates), 10)
        lead = self.opportunity.with_user(self.user_sales_salesman)
        lead.next_action_date = "2030-03-03"
        product = self.env["product.product"].create({"name": "Desk"})
        lead.line_ids = [Command.create({"product_id": product.id})]
        for template in templates:
            letter = lead._merge_letters(template._get_source())[0]
            self.assertFalse(letter.reasons, template.name)
            self.assertNotIn("data-embedded", letter.body)
            self.assertIn(lead.user_id.name, letter.body, template.name)

    # === VALUES === #

    def test_the_fields_of_an_opportunity(self):
        self.customer.write({"function": "Buyer", "phone": "+1 555 0100"})
        self.opportunity.write(
            {
                "date_deadline": "2030-05-04",
                "revenue_low": 100,
                "description": "<b>x</b>",
            }
        )
        for key, text in (
            ("contact.name", "Jane Doe"),
            ("contact.first_name", "Jane"),
            ("contact.job", "Buyer"),
            ("contact.phone", "+1 555 0100"),
            ("contact.address", "Jane Doe<br>Elm Street 1<br>Springfield"),
            ("salutation.formal", "Dear Jane Doe,"),
            ("salutation.informal", "Hi Jane,"),
            ("opportunity.name", "Ten desks"),
            ("opportunity.stage", "Prospecting"),
            ("opportunity.expected_revenue", "1,000.00"),
            ("opportunity.date_deadline", "May 4, 2030"),
            ("opportunity.description", "<b>x</b>"),
            ("salesperson.name", self.user_sales_salesman.name),
            ("company.name", self.env.company.name),
        ):
            letter = self._merge(make_field(key))
            self.assertIn(text, letter.body, key)
            self.assertFalse(letter.reasons)

    @freeze_time("2030-02-01 12:00:00")
    def test_the_date_is_written_in_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        letter = self._merge(make_field("today") + make_field("salutation.informal"))
        self.assertIn("1 février 2030", letter.body)
        self.assertIn("Bonjour Jane,", letter.body)
        letter = self._merge(make_field("today"), lang="en_US")
        self.assertIn("February 1, 2030", letter.body)

    def test_each_language_has_its_text(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").body_html = "<p>Salut</p>"
        self.customer.lang = "fr_FR"
        lead = self.opportunity.with_user(self.user_sales_salesman)
        letter = lead._merge_letters(self.template._get_source())[0]
        self.assertIn("Salut", letter.body)

    def test_products_plans_and_totals(self):
        desk, care = self.env["product.product"].create(
            [{"name": "Desk", "list_price": 100}, {"name": "Care", "list_price": 20}]
        )
        plan = self.env["opportunity.subscription.plan"].create(
            {"name": "Yearly", "interval_unit": "month", "cycles": 12, "trial_days": 10}
        )
        lead = self.opportunity.with_user(self.user_sales_salesman)
        lead.write(
            {
                "date_deadline": "2030-01-01",
                "line_ids": [
                    Command.create({"product_id": desk.id, "quantity": 3}),
                    Command.create({"product_id": care.id, "plan_id": plan.id}),
                ],
            }
        )
        body = self._merge(make_field("products.table", required="1")).body
        for text in ("Desk", "300.00", "Care", "MRR", "One-Time Total", "20.00"):
            self.assertIn(text, body)
        with freeze_time("2029-12-01"):
            self.assertIn("January 1, 2030", self._merge(make_field("plan.start")).body)
            self.assertIn(
                "January 11, 2030", self._merge(make_field("plan.first_bill")).body
            )
            self.assertIn("January 10, 2031", self._merge(make_field("plan.end")).body)

    def test_people_by_role(self):
        role = self.env["opportunity.party.role"].search([], limit=1)
        boss = self._create_customer("Bob Boss")
        lead = self.opportunity.with_user(self.user_sales_salesman)
        lead.party_ids = [Command.create({"partner_id": boss.id, "role_id": role.id})]
        self.assertIn("Bob Boss", self._merge(make_field(f"role.{role.id}.name")).body)

    def test_without_a_contact_the_opportunity_is_written_to(self):
        lead = self._create_opportunity(
            contact_name="Joe Nobody",
            partner_name="Nobody Ltd",
            email_from="joe@example.com",
            street="Oak 2",
            zip="1",
            city="Rome",
        )
        letter = self._merge(
            make_field("salutation.informal") + make_field("contact.email"),
            lead,
            window="din5008_a",
        )
        self.assertIn("Hi Joe,", letter.body)
        self.assertIn("joe@example.com", letter.body)
        self.assertIn("Oak 2", letter.address)

    # === WHAT CANNOT BE MERGED === #

    def test_the_reasons_why_there_is_no_letter(self):
        unnamed = self._create_opportunity(partner_id=False)
        self.assertEqual(
            self._merge("<p>Hi</p>", unnamed, window="din5008_b").reasons,
            ("No address",),
        )
        self.customer.name = "Cher"
        required = make_field("contact.first_name", "Contact: First Name", required="1")
        self.assertEqual(self._merge(required).reasons, ("No “Contact: First Name”",))
        self.customer.write({"street": False})
        reasons = self._merge("<p>Hi</p>", window="us10").reasons
        self.assertIn("Street", reasons[0])

    def test_a_field_that_is_gone_is_a_reason(self):
        source = self.template._get_source()
        source = source._replace(bodies={"en_US": make_field("custom.crm_lead.x_gone")})
        lead = self.opportunity.with_user(self.user_sales_salesman)
        self.assertIn("x_gone", lead._merge_letters(source)[0].reasons[0])
        with self.assertRaisesRegex(ValidationError, "x_gone"):
            self.template.body_html = make_field("custom.crm_lead.x_gone")

    def test_what_the_reader_may_not_read_is_not_told(self):
        other = self._create_opportunity(self.user_sales_leads, name="Secret")
        lead = other.with_user(self.user_sales_salesman)
        letter = lead._merge_letters(self.template._get_source())[0]
        self.assertEqual(letter.reasons, ("You may not read it",))
        self.assertFalse(letter.body)
        field = self.env["crm.lead"]._fields["revenue_high"]
        self.patch(field, "groups", "base.group_system")
        self.opportunity.sudo().revenue_high = 777
        letter = self._merge(make_field("opportunity.revenue_high"))
        self.assertIn("You may not read", letter.reasons[0])
        self.assertNotIn("777", letter.body)

    def test_no_code_runs(self):
        for hostile in (
            "<p>{{ 7*7 }} ${object.env} <t t-out='7*7'/></p>",
            "<p t-esc='7*7'>x</p>",
            make_field("contact.name.__class__"),
            make_field("env.user.password"),
            make_field("partner_id.user_ids.password"),
        ):
            try:
                letter = self._merge(hostile)
            except ValidationError:
                continue
            self.assertNotIn("49", letter.body)
            self.assertNotIn("t-", letter.body)

    # === PDF === #

    def test_one_file_of_many_letters(self):
        leads = self.opportunity + self._create_opportunity(
            name="Two chairs", partner_id=self._create_customer("Ümit Öz").id
        )
        nobody = self._create_opportunity(name="Nobody", partner_id=False)
        self.template.window = "din5008_b"
        pages = read_pages(
            self.template.with_user(self.user_sales_salesman)._render_pdf(
                (leads + nobody).with_user(self.user_sales_salesman)
            )
        )
        self.assertEqual(len(pages), 2)
        self.assertIn("Dear Jane Doe,", pages[0])
        self.assertIn("Two chairs", pages[1])
        with self.assertRaisesRegex(UserError, "Nobody: No address"):
            self.template._render_pdf(nobody)

    def test_the_address_stands_in_the_window(self):
        for window, left, top in (
            ("din5008_a", 25, 44.7),
            ("din5008_b", 25, 62.7),
            ("us10", 25.4, 52),
        ):
            paper = "letter" if window == "us10" else "a4"
            self.template.write({"window": window, "paper": paper})
            pdf = self.template._render_pdf(self.opportunity)
            name = next(x for x in read_texts(pdf)[0] if x.text.startswith("Jane"))
            self.assertAlmostEqual(name.x, left, delta=1, msg=window)
            self.assertAlmostEqual(name.y - FOOT, top, delta=1, msg=window)

    def test_paper_and_window_are_those_usual_in_the_company_s_country(self):
        company = self.env.company
        company.paperformat_id = self.env.ref("base.paperformat_euro")
        self.template.write({"window": "company", "paper": "company"})
        for country, paper, window, width in (
            ("us", "letter", "us10", 215.9),
            ("de", "a4", "din5008_b", 210),
        ):
            company.country_id = self.env.ref(f"base.{country}")
            self.assertEqual(self.template._get_paper().width, width)
            batch = self._start()
            self.assertEqual((batch.paper, batch.window), (paper, window))
            letter = batch.letter_ids
        company.country_id = self.env.ref("base.us")
        self.assertEqual(letter._get_paper().width, 210)
        self.assertTrue(letter.address)

    def test_the_paper_has_its_size(self):
        for paper, width, height in (
            ("a4", 210, 297),
            ("a5", 148, 210),
            ("letter", 215.9, 279.4),
            ("dl", 220, 110),
            ("com10", 241.3, 104.8),
        ):
            self.template.paper = paper
            pdf = self.template._render_pdf(self.opportunity)
            _left, _top, *size = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
            self.assertAlmostEqual(float(size[0]) * POINT, width, delta=0.5)
            self.assertAlmostEqual(float(size[1]) * POINT, height, delta=0.5)

    def test_margins_leave_room_for_text(self):
        with self.assertRaisesRegex(ValidationError, "no room"):
            self.template.margin_left = 190
        with self.assertRaisesRegex(ValidationError, "no room"):
            self.template.margin_top = -1

    def test_hostile_people(self):
        names = ("<b>Bold</b> & Co", "محمد علي", "山田太郎", "Emoji 😀 Person")
        leads = self.env["crm.lead"].union(
            *(
                self._create_opportunity(
                    partner_id=self._create_customer(
                        name, street2="\n".join(f"line {n}" for n in range(12))
                    ).id
                )
                for name in names
            )
        )
        self.template.window = "din5008_b"
        pages = read_pages(
            self.template.with_user(self.user_sales_salesman)._render_pdf(
                leads.with_user(self.user_sales_salesman)
            )
        )
        self.assertEqual(len(pages), 4)
        self.assertIn("<b>Bold</b> & Co", pages[0])
        for page in pages:
            self.assertIn("Springfield", page)

    def test_arabic_with_digits_is_printed_word_by_word(self):
        self.customer.street = "١٢ شارع النيل"
        self.template.window = "din5008_b"
        letter = self._merge('<p dir="rtl">مرحبا بكم (3).</p>', window="din5008_b")
        document = self.template._render_chunk([self.template._make_page(letter)])
        for word in ("شارع", "النيل", "مرحبا", "بكم"):
            self.assertIn(f'<span class="o_letter_word">{word}</span>', document)

    def test_many_letters_take_as_many_queries_as_few(self):
        def count(number):
            leads = self.env["crm.lead"].union(
                *(
                    self._create_opportunity(
                        partner_id=self._create_customer(f"Jane {n}").id
                    )
                    for n in range(number)
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            leads = leads.with_user(self.user_sales_salesman)
            before = self.cr.sql_log_count
            leads._merge_letters(source)
            return self.cr.sql_log_count - before

        self.template.window = "din5008_b"
        source = self.template._get_source()
        count(2)
        self.assertEqual(count(12), count(3))

    # === NOTHING IS ASKED FOR === #

    def test_no_letter_asks_the_network_or_reads_a_file(self):
        asked = []

        class Sink(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_args):
                """Say nothing."""

        server = http.server.HTTPServer(("127.0.0.1", 0), Sink)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        address = f"http://127.0.0.1:{server.server_port}"
        body = (
            f'<p>Hello</p><img src="{address}/img"><img src="file:///etc/hostname">'
            f'<div style="background:url({address}/css)">x</div>'
            f'<table background="{address}/table"><tr><td>y</td></tr></table>'
        )
        source = self.template._get_source()._replace(
            bodies={"en_US": f'{body}<iframe src="{address}/frame"></iframe>'}
        )
        letter = self.opportunity._merge_letters(source)[0]
        page = self.template._make_page(letter)
        text = read_pages(self.template._print_letters([page]))[0]
        self.assertIn("Hello", text)
        self.assertFalse(asked)
        document = self.template._render_chunk([page])
        self.assertNotIn("file:", document)
        self.assertNotIn(address, document)

    def test_pictures_that_one_may_read_are_part_of_the_document(self):
        image = make_image()
        leads = self.opportunity + self._create_opportunity(self.user_sales_leads)
        values = {"name": "own.png", "raw": image, "res_model": "crm.lead"}
        own, foreign = self.env["ir.attachment"].create(
            [{**values, "res_id": lead.id} for lead in leads]
        )
        layout = self.template.with_user(self.user_sales_salesman)
        encoded = b64encode(image).decode()
        self.assertIn(encoded, layout._read_picture(f"/web/image/{own.id}-abc/own.png"))
        self.assertIn(encoded, layout._read_picture(f"/web/content/{own.id}"))
        for address in (
            f"/web/image/{foreign.id}",
            f"http://evil.example/web/image/{own.id}",
            f"//evil.example/web/image/{own.id}",
            "/web/image/0",
            "/web/image/res.users/1/password",
            "/web/image/no.model/1/x",
            "/web/image/crm.lead/1/name",
            "/web/image/../../etc/passwd",
        ):
            self.assertFalse(layout._read_picture(address), address)
        url = self.env["ir.attachment"].create(
            {"name": "u", "type": "url", "url": "http://evil.example/x.png"}
        )
        self.assertFalse(self.template._read_picture(f"/web/image/{url.id}"))

    def test_a_condition_by_stage(self):
        body = make_condition(
            "opportunity.stage", "<p>Yes</p>", operator="equals", value="prospecting"
        )
        self.assertIn("Yes", self._merge(body).body)
        self.opportunity.stage_id = self.stage_second
        self.assertNotIn("Yes", self._merge(body).body)

    def test_pictures_that_are_none_are_left_out(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "a", "raw": b"<abcde>", "public": True}
        )
        for address in (
            f"/web/image/ir.attachment/{attachment.id}/raw",
            f"/web/image/ir.attachment/{attachment.id}/datas",
            f"/web/image/{attachment.id}",
            "/web/image/opportunity.report.stage/1/image",
            f"/web/image/res.partner/{10**30}/image_128",
            f"/web/image/{10**30}",
        ):
            self.assertEqual(self.template._read_picture(address), "", address)

    def test_a_translation_runs_no_code_and_loads_nothing(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self._create_template("<p>Hello</p>")
        hostile = (
            '<t t-out="7*7"/>{{ 7*7 }}<img src="http://evil.example/x" onerror="x()">'
            '<script>x()</script><iframe src="file:///etc/passwd"></iframe>'
        )
        template.with_context(lang="fr_FR").body_html = f"<p>Salut {hostile}</p>"
        template.update_field_translations(
            "body_html", {"fr_FR": {"Hello": f"Salut {hostile}"}}
        )
        self.customer.lang = "fr_FR"
        source = template.with_user(self.user_sales_salesman)._get_source()
        lead = self.opportunity.with_user(self.user_sales_salesman)
        letter = lead._merge_letters(source)[0]
        self.assertIn("Salut", letter.body)
        self.assertNotIn("49", letter.body)
        document = template._render_chunk([template._make_page(letter)])
        for word in ("evil", "passwd", "script", "onerror", "t-out"):
            self.assertNotIn(word, document)
        batch = self._start(template)
        self.assertNotIn("onerror", batch.letter_ids.body_html)

    def test_a_copy_has_the_name_that_it_is_given(self):
        self.assertEqual(self.template.copy({"name": "Mine"}).name, "Mine")
