from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged

from .buy_link_common import BuyLinkCommon

TODAY = datetime(2026, 3, 2, 10)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOpportunityBuyLink(BuyLinkCommon):
    def test_a_link_is_made_by_the_button(self):
        action = self.opportunity.action_create_buy_link()
        link = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(link.lead_id, self.opportunity)
        self.assertEqual(link.state, "active")
        self.assertEqual(link.date_expiry, date(2026, 4, 1))
        self.assertTrue(link.single_use)
        self.assertNotEqual(self._get_token(link), self._get_token())

    def test_copying_takes_the_newest_active_link(self):
        self.assertEqual(
            self.opportunity.action_copy_buy_link()["res_id"], self.link.id
        )
        self.link.action_revoke()
        made = self.opportunity.action_copy_buy_link()["res_id"]
        self.assertNotEqual(made, self.link.id)
        self.assertEqual(self.opportunity.buy_link_url, self.Link.browse(made).url)

    def test_the_address_is_for_those_who_may_change_the_opportunity(self):
        token = self._get_token()
        url = f"{self.link.get_base_url()}/opportunity/buy/{token}"
        self.assertEqual(self.link.url, url)
        self.assertEqual(self.opportunity.buy_link_url, url)
        reader = new_test_user(
            self.env, "reader", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.env["ir.rule"].create(
            {
                "name": "readers do not write",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": f"[(0, '=', 1)] if user.id == {reader.id} else []",
                "perm_read": False,
            }
        )
        as_reader = self.link.with_user(reader)
        self.assertEqual(as_reader.read(["url", "state"])[0]["state"], "active")
        self.assertFalse(as_reader.url)
        self.assertFalse(self.opportunity.with_user(reader).buy_link_url)
        for refused in (
            as_reader.action_revoke,
            self.opportunity.with_user(reader).action_copy_buy_link,
            self.opportunity.with_user(reader).action_send_buy_link,
            lambda: as_reader.write({"single_use": False}),
        ):
            with self.assertRefused(AccessError):
                refused()

    def test_strangers_see_no_link(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        foreign.partner_id = self.customer
        self._offer("Door", 10.0, lead=foreign)
        link = self._create_link(foreign).with_user(self.user_sales_salesman)
        self.assertFalse(link.search([("lead_id", "=", foreign.id)]))
        self.assertFalse(link.url)
        self.env.invalidate_all()
        for refused in (
            lambda: link.read(["state"]),
            link.action_revoke,
            lambda: link.create({"lead_id": foreign.id}),
        ):
            with self.assertRefused(AccessError):
                refused()

    def test_nobody_reads_the_token(self):
        for user in (self.user_sales_salesman, self.user_sales_manager):
            with self.assertRefused(AccessError):
                self.link.with_user(user).read(["token"])
            with self.assertRefused(AccessError):
                self.link.with_user(user).search([("token", "=", "x")])

    def test_what_happened_is_not_told_by_clients(self):
        order = self._buy()
        for values in (
            {"token": "mine"},
            {"open_count": 7},
            {"date_opened": TODAY},
            {"date_paid": TODAY},
            {"is_revoked": False},
            {"order_ids": [Command.link(order.id)]},
        ):
            with self.assertRefused(AccessError):
                self.link.write(values)
            with self.assertRefused(AccessError):
                self._create_link(**values)
            [(name, value)] = values.items()
            with self.assertRefused(AccessError):
                self.link.with_context(**{f"default_{name}": value}).create(
                    {"lead_id": self.opportunity.id}
                )

    def test_dates_that_cannot_be_are_refused(self):
        for value in ("soon", "0001-01-01", "9999-12-31", 5, True, ["2026-03-02"]):
            with self.assertRefused(ValidationError, "possible year"):
                self.link.write({"date_expiry": value})
            with self.assertRefused(ValidationError, "possible year"):
                self._create_link(date_expiry=value)

    def test_the_states(self):
        def check(state):
            self.assertEqual(self.link.state, state)
            for searched in ("active", "used", "expired", "revoked"):
                found = self.link.search([("state", "=", searched)])
                self.assertEqual(self.link in found, searched == state, searched)
            self.assertNotIn(self.link, self.link.search([("state", "!=", state)]))

        check("active")
        with freeze_time("2026-04-01 23:00:00"):
            self.env.invalidate_all()
            check("active")
        with freeze_time("2026-04-02 00:30:00"):
            self.env.invalidate_all()
            check("expired")
        self.env.invalidate_all()
        self.opportunity.offer_valid_until = "2026-03-01"
        check("expired")
        self.link.action_revoke()
        check("revoked")
        self.link.sudo().date_paid = TODAY
        check("used")
        self.link.single_use = False
        check("revoked")

    def test_the_days_to_buy_are_a_setting(self):
        self._set_parameter("buy_link_days", "7")
        self.assertEqual(self._create_link().date_expiry, date(2026, 3, 9))

    def test_the_setting_is_kept(self):
        settings = Form(self.env["res.config.settings"])
        settings.opportunity_buy_link_days = 3
        settings.opportunity_won_when_paid = True
        settings.save().execute()
        self.assertEqual(self._create_link().date_expiry, date(2026, 3, 5))
        self.assertTrue(self.Link._get_opportunity_setting("won_when_paid"))

    def test_what_cannot_be_ordered_gets_no_link(self):
        self.opportunity.offer_valid_until = "2026-03-01"
        for refused in (
            self.opportunity.action_create_buy_link,
            self.opportunity.action_copy_buy_link,
            self.opportunity.action_send_buy_link,
            self._create_link,
        ):
            with self.assertRefused(UserError, "valid until"):
                refused()
        empty = self._create_opportunity(partner_id=self.customer.id)
        with self.assertRefused(UserError, "products"):
            empty.action_create_buy_link()

    def test_unapproved_discounts_get_no_link(self):
        self.env["opportunity.discount.limit"].create(
            {
                "group_id": self.env.ref("sales_team.group_sale_salesman").id,
                "max_discount": 10,
            }
        )
        self.desk.discount = 30
        with self.assertRefused(UserError, "approve"):
            self.opportunity.action_create_buy_link()
        page = self.link._for_customer()._get_page()
        self.assertIn("revised", page["refusal"])
        self.assertNotIn("approve", page["refusal"])

    def test_sending_opens_the_composer_in_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        template = self.env.ref("sales_opportunity_classic.mail_template_buy_link")
        template.with_context(lang="fr_FR").subject = "Votre offre"
        action = self.opportunity.action_send_buy_link()
        composer = (
            self.env[action["res_model"]]
            .with_user(self.user_sales_salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(composer.subject, "Votre offre")
        self.assertIn(self._get_token(), composer.body)
        self.assertEqual(composer.partner_ids, self.customer)

    def test_links_are_merged_but_not_copied(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        self._offer("Door", 10.0, lead=other)
        link = self._create_link(other)
        order = self._buy(link=link)
        self.assertFalse(self.opportunity.copy().buy_link_ids)
        merged = (self.opportunity + other)._merge_opportunity(auto_unlink=True)
        self.assertEqual(merged.buy_link_ids, self.link + link)
        self.assertEqual(link.order_id, order)
        self.assertEqual(link.url, merged.buy_link_ids.sorted("id")[-1].url)

    def test_links_go_with_their_opportunity(self):
        order = self._buy()
        self.opportunity.with_user(self.user_sales_manager).unlink()
        self.assertFalse(self.link.exists())
        self.assertFalse(order.buy_link_id)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestBuyLinkPage(BuyLinkCommon):
    """What the page shows, and which tokens open it."""

    def _get_page(self, *ticked):
        return self.link._for_customer()._get_page(ticked)

    def test_the_first_bill_and_the_later_ones(self):
        page = self._get_page()
        # 2 x 100 + 10, plus 10 %
        self.assertEqual(page["totals"]["total_amount_currency"], 231.0)
        [(plan, bill)] = page["later"]
        self.assertEqual(plan, self.plan)
        self.assertIn("22.00", bill)
        self.assertEqual(page["date_until"], date(2026, 4, 1))
        self.assertEqual(page["lines"], self.desk + self.support)

    def test_ticked_options_count(self):
        page = self._get_page(str(self.lamp.id))
        self.assertEqual(page["totals"]["total_amount_currency"], 286.0)
        self.assertEqual(page["lines"], self.desk + self.support + self.lamp)
        self.assertEqual(page["revision"], self._get_page()["revision"])

    def test_foreign_and_impossible_options_are_left_out(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        foreign = self._offer("Door", 10.0, lead=other, is_optional=True)
        for ticked in (str(foreign.id), str(self.desk.id), "x", "", "9" * 5000, "-1"):
            page = self._get_page(ticked)
            self.assertEqual(page["lines"], self.desk + self.support)

    def test_the_revision_is_that_of_all_that_is_agreed(self):
        revisions = {self._get_page()["revision"]}
        for change in (
            lambda: self.desk.write({"price_unit": 90.0}),
            lambda: self.desk.write({"quantity": 3}),
            lambda: self.desk.write({"name": "A bigger desk"}),
            lambda: self.desk.write({"discount": 5}),
            lambda: self.lamp.write({"is_optional": False}),
            lambda: self.plan.write({"trial_days": 10}),
            lambda: self.tax.write({"amount": 11}),
            lambda: self.chair.unlink(),
        ):
            change()
            revisions.add(self._get_page()["revision"])
        self.assertEqual(len(revisions), 9)
        self.opportunity.name = "Twelve desks"
        self.assertIn(self._get_page()["revision"], revisions)

    def test_the_company_terms(self):
        self.env["ir.config_parameter"].set_param("account.use_invoice_terms", "True")
        self.env.company.write({"terms_type": "plain", "invoice_terms": "No returns."})
        self.assertIn("No returns.", self._get_page()["terms"])

    def test_without_a_way_to_pay_nothing_is_sold(self):
        self.assertFalse(self._get_page()["refusal"])
        for change in (
            {"is_published": False},
            {"is_published": True, "maximum_amount": 100.0},
            {"maximum_amount": 0, "payment_method_ids": [Command.clear()]},
        ):
            self.env["payment.provider"].search([]).write(change)
            self.assertIn("online", self._get_page()["refusal"])

    def test_nothing_to_pay_needs_no_provider(self):
        self.env["payment.provider"].search([]).is_published = False
        (self.desk + self.support).discount = 100
        self.assertFalse(self._get_page()["refusal"])

    def test_a_customer_of_another_company_cannot_pay(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        with patch.object(type(self.customer), "company_id", company):
            self.assertFalse(self.link._for_customer()._can_take_money(10))

    def test_only_options_want_a_choice(self):
        (self.desk + self.support).unlink()
        self.assertIn("at least one", self._get_page()["refusal"])
        self.assertFalse(self._get_page(str(self.lamp.id))["refusal"])

    def test_only_the_token_opens(self):
        token = self._get_token()
        self.assertEqual(self.Link._find_active(token), self.link)
        wrong = [token[:n] for n in range(len(token))]
        wrong += [
            token[:n] + chr(ord(token[n]) ^ 1) + token[n + 1 :]
            for n in range(len(token))
        ]
        wrong += [
            "",
            "-",
            "\x00" * 43,
            "é" * 43,
            token + "\n",
            token * 2400,
            f" {token}",
        ]
        for text in wrong:
            self.assertFalse(self.Link._find_active(text), text[:50])

    def test_what_has_ended_is_not_found(self):
        def found():
            return bool(self.Link._find_active(self._get_token()))

        self.assertTrue(found())
        for values, back in (
            ({"active": False}, {"active": True}),
            ({"offer_valid_until": "2026-03-01"}, {"offer_valid_until": False}),
        ):
            self.opportunity.write(values)
            self.assertFalse(found(), values)
            self.opportunity.write(back)
            self.assertTrue(found(), back)
        self.opportunity.action_set_lost()
        self.assertFalse(found())
        self.opportunity.action_unarchive()
        self.assertTrue(found())
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assertFalse(found())
        self.env["ir.config_parameter"].set_param("database.is_neutralized", False)
        self.link.action_revoke()
        self.assertFalse(found())

    def test_one_query_finds_or_not(self):
        self.Link._find_active(self._get_token())
        for token in (self._get_token(), "x" * 43, "x", "x" * 100_000):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                self.Link._find_active(token)

    def test_the_query_reads_no_other_opportunities(self):
        active = Domain("state", "=", "active")
        statement = self.Link.sudo()._search(active).select().code
        self.assertIn("offer_valid_until", statement)
        self.assertEqual(statement.count("SELECT"), 1, statement)

    def test_archiving_the_opportunity_leaves_the_state(self):
        self.opportunity.action_archive()
        self.env.invalidate_all()
        self.assertEqual(self.link.state, "active")
        self.assertIn(self.link, self.link.search([("state", "=", "active")]))
        self.assertNotIn(self.link, self.link.search([("state", "=", "expired")]))
