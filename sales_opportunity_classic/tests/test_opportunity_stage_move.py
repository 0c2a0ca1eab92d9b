import json
from ast import literal_eval
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityStageMove(OpportunityCommon):
    def _kinds(self, lead=None):
        """Kinds of the moves, oldest first."""
        moves = (self.opportunity if lead is None else lead).stage_move_ids
        return moves.sorted("id").mapped("kind")

    def _back_date(self, lead, days):
        """Shift the lead and its history into the past."""
        self.env.flush_all()
        shift = timedelta(days=days)
        self.env.cr.execute(
            SQL(
                "UPDATE opportunity_stage_move SET date = date - %s WHERE lead_id = %s",
                shift,
                lead.id,
            )
        )
        self.env.invalidate_all()

    # === WHAT IS WRITTEN === #

    def test_a_move_tells_everything(self):
        self._back_date(self.opportunity, 3)
        self.opportunity.write({"stage_id": self.stage_second.id, "probability": 40})
        move = self.opportunity.stage_move_ids[0]
        self.assertRecordValues(
            move,
            [
                {
                    "kind": "moved",
                    "from_stage_id": self.stage_first.id,
                    "to_stage_id": self.stage_second.id,
                    "from_stage_name": "Prospecting",
                    "to_stage_name": "Engaging",
                    "user_id": self.user_sales_salesman.id,
                    "owner_id": self.user_sales_salesman.id,
                    "team_id": self.opportunity.team_id.id,
                    "probability": 40.0,
                    "expected_revenue": 1000.0,
                    "days": 3.0,
                }
            ],
        )
        self.assertEqual(move.date - move.previous_date, timedelta(days=3))

    def test_the_first_row_is_the_creation(self):
        self.assertRecordValues(
            self.opportunity.stage_move_ids,
            [
                {
                    "kind": "created",
                    "from_stage_id": False,
                    "to_stage_id": self.stage_first.id,
                    "user_id": self.user_sales_salesman.id,
                    "date": self.opportunity.create_date,
                }
            ],
        )

    def test_a_stage_that_odoo_chooses(self):
        lead = self.Lead.create({"name": "No stage given", "type": "opportunity"})
        self.assertEqual(self._kinds(lead), ["created"])
        self.assertEqual(lead.stage_move_ids.to_stage_id, lead.stage_id)

    def test_an_import_says_so(self):
        result = self.Lead.with_context(import_file=True).load(
            ["name", "type", "stage_id/.id"],
            [["Imported one", "opportunity", str(self.stage_first.id)]],
        )
        lead = self.Lead.browse(result["ids"])
        self.assertEqual(self._kinds(lead), ["imported"])

    def test_won_lost_and_restored(self):
        lead = self.opportunity
        lead.action_set_won()
        lead.stage_id = self.stage_first
        lead.action_set_lost()
        lead.action_restore()
        self.assertEqual(
            self._kinds(), ["created", "won", "restored", "lost", "restored"]
        )

    def test_the_same_stage_writes_nothing(self):
        self.opportunity.stage_id = self.stage_first
        self.opportunity.write({"stage_id": self.stage_first.id, "name": "Other"})
        self.assertEqual(self._kinds(), ["created"])

    def test_each_real_change_of_a_transaction_has_its_row(self):
        for stage in (self.stage_second, self.stage_second, self.stage_first):
            self.opportunity.stage_id = stage
        self.assertEqual(self._kinds(), ["created", "moved", "moved"])

    def test_every_path(self):
        lead = self.opportunity
        paths = [
            lambda stage: lead.with_context(tracking_disable=True).write(
                {"stage_id": stage.id}
            ),
            lambda stage: lead.web_save({"stage_id": stage.id}, {}),
            lambda stage: lead.sudo().write({"stage_id": stage.id}),
            lambda stage: (lead + self._create_opportunity()).write(
                {"stage_id": stage.id}
            ),
            lambda stage: setattr(lead, "stage_id", stage),
            lambda stage: (
                self.env["ir.actions.server"]
                .create(
                    {
                        "name": "Move",
                        "model_id": self.env["ir.model"]._get_id("crm.lead"),
                        "state": "code",
                        "code": f"record.write({{'stage_id': {stage.id}}})",
                    }
                )
                .with_context(active_id=lead.id, active_model="crm.lead")
                .run()
            ),
        ]
        for number, move in enumerate(paths, 2):
            move((self.stage_first, self.stage_second)[number % 2 == 0])
            self.assertEqual(len(lead.stage_move_ids), number, f"path {number - 2}")

    def test_a_stage_that_follows_the_team(self):
        lead = self._create_opportunity(
            self.user_sales_manager,
            team_id=self.sales_team_1.id,
            stage_id=self.stage_team1_1.id,
        )
        team = self.env["crm.team"].create({"name": "Other team"})
        lead.team_id = team
        self.env.flush_all()
        self.assertEqual(self._kinds(lead), ["created", "moved"])
        self.assertEqual(lead.stage_move_ids[0].to_stage_id, lead.stage_id)

    def test_rolled_back_with_its_transaction(self):
        with self.assertRefused(ZeroDivisionError):
            self.opportunity.stage_id = self.stage_second
            self.env.flush_all()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self._kinds(), ["created"])

    # === WHAT REMAINS === #

    def test_a_deleted_stage_leaves_its_name(self):
        stage = self.env["crm.stage"].create({"name": "Short-lived", "sequence": 15})
        self.opportunity.stage_id = stage
        self.opportunity.stage_id = self.stage_second
        stage.unlink()
        self.env.invalidate_all()
        move = self.opportunity.stage_move_ids[0]
        self.assertFalse(move.from_stage_id)
        self.assertEqual(move.from_stage_name, "Short-lived")

    def test_archived_users_and_deleted_opportunities(self):
        self.user_sales_salesman.action_archive()
        moves = self.opportunity.stage_move_ids.sudo()
        self.assertEqual(moves.user_id, self.user_sales_salesman)
        self.opportunity.sudo().unlink()
        self.assertFalse(moves.exists())

    def test_a_duplicate_starts_anew(self):
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self._kinds(self.opportunity.copy()), ["created"])

    # === RIGHTS === #

    def test_nobody_changes_it(self):
        moves = self.opportunity.stage_move_ids
        values = {"lead_id": self.opportunity.id, "kind": "won", "date": "2026-01-01"}
        for user in (self.user_sales_manager, self.env.ref("base.user_admin")):
            mine = moves.with_user(user)
            self.assertTrue(mine.read(["kind"]))
            for operation in (
                lambda mine=mine: mine.create(values),
                lambda mine=mine: mine.write({"days": 1}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy(),
                lambda mine=mine: mine.lead_id.write({"stage_move_ids": [(5,)]}),
                lambda mine=mine: mine.lead_id.write(
                    {"stage_move_ids": [(0, 0, values)]}
                ),
            ):
                with self.assertRefused(AccessError):
                    operation()
            result = mine.load(
                ["kind", "date", "lead_id/.id"],
                [["won", "2026-01-01 00:00:00", str(self.opportunity.id)]],
            )
            self.assertFalse(result["ids"])
            self.assertIn("cannot be changed", result["messages"][0]["message"])

    def test_an_access_right_does_not_help(self):
        self.env["ir.model.access"].create(
            {
                "name": "Everything on the history",
                "model_id": self.env["ir.model"]._get_id("opportunity.stage.move"),
                "group_id": self.env.ref("base.group_system").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        admin = self.opportunity.stage_move_ids.with_user(
            self.env.ref("base.user_admin")
        )
        with self.assertRefused(AccessError):
            admin.unlink()

    def test_the_superuser_cannot_change_it_either(self):
        move = self.opportunity.stage_move_ids.sudo()
        values = {"lead_id": self.opportunity.id, "kind": "won", "date": move.date}
        other = self._create_opportunity().sudo()
        for operation in (
            lambda: move.create(values),
            lambda: move.write({"days": 1}),
            lambda: move.unlink(),
            lambda: other.write({"stage_move_ids": [Command.link(move.id)]}),
            lambda: other.create(
                {"name": "Forged", "stage_move_ids": [Command.create(values)]}
            ),
        ):
            with self.assertRefused(AccessError, "sales history cannot be changed"):
                operation()
        self.opportunity.sudo().unlink()
        self.assertFalse(move.exists())

    def test_the_mail_gateway_forges_nothing(self):
        team = self.sales_team_1.with_user(self.user_sales_manager)
        row = {"kind": "won", "date": "2020-01-01 00:00:00"}
        team.alias_defaults = repr({"stage_move_ids": [(0, 0, row)]})
        defaults = literal_eval(team.alias_id.sudo().alias_defaults)
        message = {"subject": "Forged", "from": "customer@example.com"}
        with self.assertRefused(AccessError):
            self.Lead.sudo().message_new(message, defaults)

    def test_it_is_read_with_the_opportunity(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        hidden = foreign.stage_move_ids.with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            hidden.read(["kind"])
        self.assertFalse(hidden.search([("lead_id", "=", foreign.id)]))
        groups = hidden._read_group([("lead_id", "=", foreign.id)], [], ["__count"])
        self.assertEqual(groups, [(0,)])

    def test_it_can_be_exported(self):
        self.opportunity.with_user(self.user_sales_manager).stage_id = self.stage_second
        self.user_sales_manager.group_ids += self.env.ref("base.group_allow_export")
        moves = self.opportunity.stage_move_ids.with_user(self.user_sales_manager)
        rows = moves.export_data(["from_stage_name", "to_stage_name", "kind"])["datas"]
        self.assertEqual(rows[0], ["Prospecting", "Engaging", "Moved"])

    # === DURATIONS === #

    def test_seconds_per_stage(self):
        lead = self.opportunity
        self._back_date(lead, 2)
        lead.stage_id = self.stage_second
        self._back_date(lead, 1)
        lead.action_set_lost()
        lead.action_restore()
        seconds = lead._get_seconds_per_stage()[lead.id]
        self.assertEqual(seconds[self.stage_first.id], 2 * 86400)
        self.assertEqual(seconds[self.stage_second.id], 1 * 86400)


@tagged("post_install", "-at_install")
class TestOpportunityStageMoveRpc(HttpCase):
    """The history over the wire, as the least entitled and as the administrator."""

    def setUp(self):
        super().setUp()
        new_test_user(
            self.env,
            "history_rep",
            password="history_rep",
            groups="sales_team.group_sale_salesman",
        )
        self.lead = self.env["crm.lead"].create(
            {"name": "Over the wire", "type": "opportunity"}
        )
        self.env.flush_all()

    def _call(self, model, method, *args):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    @mute_logger("odoo.http")
    def test_refused_over_rpc(self):
        move = self.lead.stage_move_ids
        for login in ("history_rep", "admin"):
            self.authenticate(login, login)
            for method, *args in (
                ("create", [{"lead_id": self.lead.id, "kind": "won"}]),
                ("write", move.ids, {"days": 5}),
                ("unlink", move.ids),
                ("web_save", move.ids, {"kind": "won"}, {}),
            ):
                answer = self._call("opportunity.stage.move", method, *args)
                self.assertEqual(
                    answer["error"]["data"]["name"], "odoo.exceptions.AccessError"
                )
            for method in ("_rebuild_history", "_record_creation", "_take_over"):
                answer = self._call("opportunity.stage.move", method, [])
                self.assertIn("error", answer)
        self.assertEqual(move.exists(), move)
