"""Custom fields beside fields made by hand, no fields at all, and bare SQL.

Screens are opened on small databases with the same leads, so that the 200 fields are
the only difference. Grouping reads a database of its own: a drop-down on the 100,000
leads is made and filled there once, and committed, so that PostgreSQL has statistics
and a table without the remains of an update, as in everyday use, and the databases of
the other benchmarks stay without custom fields.
"""

import statistics

from odoo.modules.registry import Registry
from odoo.tools import SQL

from .custom_data import GROUPED_BY, apply_drafts, draft_tabs
from .custom_layout import make_fields
from .figures import interleave, line, show
from .measure import environment, timed
from .screens import BARE_LEAD, BARE_PAGE, Screen, get_views, race
from .setting import SUPERUSER, make_setting

APPLY_GOAL = 1.5
APPLIED = 20
ROUNDS_OF_APPLYING = 9
SCREEN_GOAL = 1.05
COLD_ROUNDS = 5
GROUP_GOAL = 1.1
ROUNDS_OF_GROUPING = 31
# What the rules and the domain come to for a salesperson who sees all documents.
BARE_GROUPS = f"""
    SELECT {GROUPED_BY}, sum(expected_revenue), count(*)
      FROM crm_lead
     WHERE active AND type = 'opportunity' AND (company_id IN (1) OR company_id IS NULL)
     GROUP BY {GROUPED_BY}
     ORDER BY {GROUPED_BY}
"""


# === APPLYING === #


def custom_apply_20(setting):
    """Twenty fields at once on 100,000 leads; the peer is one field made by Odoo."""
    ways = {"ours": draft_fields, "peer": make_one, "floor": add_columns}
    sides = {
        side: lambda _number, way=way: change_schema(setting.ours, way)
        for side, way in ways.items()
    }
    samples = interleave(ROUNDS_OF_APPLYING, **sides)
    return [line("custom_apply_20", samples, APPLY_GOAL)]


def change_schema(registry, way):
    """The sample of one way to add fields; the registry forgets them again."""
    with environment(registry, SUPERUSER) as env:
        run = way(env)
        env.flush_all()
        sample = timed(env.cr, run)
    registry.reset_changes()
    return sample


def draft_fields(env):
    """Draft the fields; return what applies them."""
    draft_tabs(env, [make_fields(APPLIED)])
    return lambda: apply_drafts(env)


def make_one(env):
    """Return what makes one plain field as Odoo's developer menu does."""
    values = {
        "model_id": env["ir.model"]._get_id("crm.lead"),
        "name": "x_field_1",
        "field_description": "Field 1",
        "ttype": "char",
    }
    return lambda: env["ir.model.fields"].create(values)


def add_columns(env):
    """Return what adds as many bare columns."""
    statements = [
        SQL("ALTER TABLE crm_lead ADD COLUMN %s varchar", SQL.identifier(field.name))
        for field in make_fields(APPLIED)
    ]

    def run():
        for statement in statements:
            env.cr.execute(statement)

    return run


# === SCREENS === #


def custom_form_200(setting):
    """A form with 200 custom fields on ten tabs; the peer has them made by hand."""
    small, ours, peer = open_screens(setting, "hand")
    require_fields(ours, 200)
    require_fields(peer, 200)
    samples = race(ours.open_form, peer.open_form, small, BARE_LEAD)
    tell_cold_views(small)
    return [line("custom_form_200", samples, SCREEN_GOAL)]


def custom_list_200(setting):
    """A list that shows none of the 200 custom fields; the peer has no such fields."""
    small, ours, peer = open_screens(setting, "without")
    samples = race(ours.open_list, peer.open_list, small, BARE_PAGE)
    return [line("custom_list_200", samples, SCREEN_GOAL)]


def open_screens(setting, peer):
    """The setting of two small databases, and their screens."""
    names = (f"{setting.custom}_{side}" for side in ("with", peer))
    small = make_setting(*names)
    return small, *(Screen(small, side) for side in small.sides().values())


def require_fields(screen, count):
    """A form that lacks fields would be opened fast."""
    names = {field.name for field in make_fields(count)}
    if missing := names - screen.wanted["form"].keys():
        raise AssertionError(f"The form lacks {', '.join(sorted(missing))}.")


def tell_cold_views(small):
    """Print how long the views take when nothing of them is remembered."""

    def cold(registry):
        def run(_number):
            registry.clear_all_caches()
            with environment(registry, small.uid) as env:
                return timed(env.cr, lambda: get_views(env))

        return run

    sides = {side: cold(registry) for side, registry in small.sides().items()}
    for side, samples in interleave(COLD_ROUNDS, **sides).items():
        milliseconds = 1000 * statistics.median(one.seconds for one in samples)
        print(f"  views of {side}, cold: {show(milliseconds)} ms", flush=True)


# === GROUPING === #


def custom_group_by(setting):
    """100,000 leads by an indexed drop-down, as the web client's grouped list asks."""
    registry = Registry(f"{setting.custom}_group")
    require_same_groups(registry, setting.uid)
    sides = {"ours": read_groups, "floor": read_bare_groups}
    samples = interleave(
        ROUNDS_OF_GROUPING,
        **{
            side: lambda _number, read=read: sample_groups(registry, setting.uid, read)
            for side, read in sides.items()
        },
    )
    return [line("custom_group_by", samples, GROUP_GOAL)]


def sample_groups(registry, uid, read):
    """The sample of one way to group."""
    with environment(registry, uid) as env:
        return timed(env.cr, lambda: read(env))


def read_groups(env):
    """The groups through the ORM, as `web_read_group` asks for them."""
    return env["crm.lead"].formatted_read_group(
        [("type", "=", "opportunity")],
        [GROUPED_BY],
        ["expected_revenue:sum", "__count"],
        limit=80,
        order=GROUPED_BY,
    )


def read_bare_groups(env):
    """The groups in one statement."""
    env.cr.execute(BARE_GROUPS)
    return env.cr.fetchall()


def require_same_groups(registry, uid):
    """Both must count the same leads under the same options."""
    with environment(registry, uid) as env:
        groups = read_groups(env)
        ours = [(group[GROUPED_BY] or None, group["__count"]) for group in groups]
        bare = [(key, count) for key, _sum, count in read_bare_groups(env)]
        if ours != bare:
            raise AssertionError(f"The groups differ: {ours}, {bare}")
