"""Opening list, kanban and form over HTTP, with the addon and without it.

Odoo's own WSGI application answers in this process what the web client requests;
the floor is the bare SQL for the leads on the screen.
"""

from .figures import Sample, interleave, line
from .measure import environment, timed
from .views import LIMIT, View
from .web import Client

ACTION = "crm.crm_lead_action_pipeline"
GOAL = 1.05
FORM_GOAL = 1.25
ROUNDS = 31
CONTEXT = {"default_type": "opportunity", "show_user_team_stages": 1}
BARE_PAGE = """
    SELECT id, name, partner_id, contact_name, email_from, phone, user_id, team_id,
           stage_id, priority, expected_revenue, probability, date_deadline, active,
           won_status, create_date
      FROM crm_lead
     WHERE user_id = %(user)s AND type = 'opportunity' AND active
     ORDER BY priority DESC, id DESC
     LIMIT 80
"""
BARE_CARDS = """
    SELECT stage_id, count(*), sum(expected_revenue),
           (array_agg(id ORDER BY priority DESC, id DESC))[:80]
      FROM crm_lead
     WHERE user_id = %(user)s AND type = 'opportunity' AND active
     GROUP BY stage_id
"""
BARE_LEAD = "SELECT * FROM crm_lead WHERE id = %(lead)s"


def screens(setting):
    """The three views; list and kanban with and without the panel of folders."""
    ours, peer = Screen(setting, setting.ours), Screen(setting, setting.core)
    samples = {
        "list": race(ours.open_list, peer.open_list, setting, BARE_PAGE),
        "kanban": race(ours.open_kanban, peer.open_kanban, setting, BARE_CARDS),
        "form": race(ours.open_form, peer.open_form, setting, BARE_LEAD),
    }
    panel = interleave(ROUNDS, ours=ours.open_panel)["ours"]
    return [
        line("list", with_panel(samples["list"], panel), GOAL),
        line("list_without_panel", samples["list"], GOAL),
        line("kanban", with_panel(samples["kanban"], panel), GOAL),
        line("kanban_without_panel", samples["kanban"], GOAL),
        line("form", samples["form"], FORM_GOAL),
    ]


def with_panel(samples, panel):
    """The same samples, ours with what the panel costs."""
    ours = [one + other for one, other in zip(samples["ours"], panel, strict=True)]
    return {**samples, "ours": ours}


def race(ours, peer, setting, statement):
    """The samples of one screen on both databases and of the bare SQL."""

    def floor(number):
        with environment(setting.ours, setting.uid) as env:
            values = {"user": setting.uid, "lead": lead_of(setting, number)}
            return timed(env.cr, lambda: env.cr.execute(statement, values))

    return interleave(ROUNDS, ours=ours, peer=peer, floor=floor)


def lead_of(setting, number):
    """The lead that is opened in a round: one with parties, where there are any."""
    chosen = [lead for lead in setting.open_leads if lead % 10 < 3]
    return chosen[number % len(chosen)]


class Screen:
    """The screens of one database, as one salesperson opens them."""

    def __init__(self, setting, registry):
        self.setting = setting
        self.client = Client(registry, setting.uid)
        self.domain = ["&", ["type", "=", "opportunity"], ["user_id", "=", setting.uid]]
        with environment(registry, setting.uid) as env:
            views = get_views(env)
        kinds = ("list", "kanban", "form", "search")
        self.views = {kind: View(views, kind, "crm.lead") for kind in kinds}
        self.wanted = {kind: view.specification() for kind, view in self.views.items()}

    def open_list(self, _number):
        """The first page."""
        return self.client.call(
            "web_search_read",
            domain=self.domain,
            specification=self.wanted["list"],
            offset=0,
            order="",
            limit=LIMIT,
            count_limit=10001,
            context={**CONTEXT, "bin_size": True},
        )

    def open_kanban(self, _number):
        """The bars in the heads of the columns, then the columns with their cards."""
        kanban = self.views["kanban"]
        bars = self.client.call(
            "read_progress_bar",
            domain=self.domain,
            group_by="stage_id",
            progress_bar=kanban.progress_bar(),
            context=CONTEXT,
        )
        return bars + self.client.call(
            "web_read_group",
            domain=self.domain,
            groupby=["stage_id"],
            aggregates=aggregates(kanban.sums()),
            offset=0,
            order="",
            auto_unfold=True,
            opening_info=[],
            unfold_read_specification=self.wanted["kanban"],
            unfold_read_default_limit=LIMIT,
            groupby_read_specification={},
            context={**CONTEXT, "read_group_expand": True},
        )

    def open_form(self, number):
        """One lead, another one in each round."""
        return self.client.call(
            "web_read",
            [[lead_of(self.setting, number)]],
            specification={**self.wanted["form"], "display_name": {}},
            context={**CONTEXT, "bin_size": True},
        )

    def open_panel(self, _number):
        """The panel beside list and kanban, which a view without one does not ask."""
        sample = Sample(0, 0)
        for name in self.views["search"].panel_fields():
            sample += self.client.call(
                "search_panel_select_range",
                [name],
                category_domain=[],
                filter_domain=[],
                search_domain=self.domain,
                enable_counters=True,
                expand=True,
                hierarchize=True,
                limit=200,
                context=CONTEXT,
            )
        return sample


def get_views(env):
    """What the client is told of the views when the action is opened."""
    # sudo: only administrators read actions; the client is told them
    action = env.ref(ACTION).sudo()
    wanted = [[view or False, kind] for view, kind in action.views]
    wanted.append([action.search_view_id.id, "search"])
    return env["crm.lead"].get_views(wanted, {"toolbar": True})


def aggregates(names):
    """What the client wants to know of each column."""
    return [
        *(f"{name}:sum" for name in names),
        "company_currency:array_agg_distinct",
        *(f"{name}:sum_currency" for name in names),
    ]
