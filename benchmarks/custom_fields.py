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

from .custom_data import GROUPED_BY, apply_drafts, draft_tabs, prepare_by_hand
from .custom_layout import BY_HAND, Field, make_fields
from .figures import interleave, line, show
from .measure import environment, timed
from .screens import BARE_LEAD, BARE_PAGE, Screen, get_views, race
from .setting import SUPERUSER, make_setting

APPLY_GOAL = 1.5
APPLIED = 20
ROUNDS_OF_APPLYING = 15
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
    """Twenty fields at once on 100,000 leads; the peer is one text made by Odoo.

    First a mixture, whose links and choices get an index each, then texts, like the
    peer. The floor makes the same columns and indexes.
    """
    mixture = make_fields(APPLIED)
    texts = [Field(field.number, "text") for field in mixture]
    return [
        apply_line(setting, "custom_apply_20", mixture),
        apply_line(setting, "custom_apply_20_texts", texts),
    ]


def apply_line(setting, name, fields):
    """The line of some fields."""
    ways = {
        "ours": lambda env: draft(env, fields),
        "peer": make_one,
        "floor": lambda env: add_columns(env, fields),
    }
    sides = {
        side: lambda _number, way=way: change_schema(setting.ours, way)
        for side, way in ways.items()
    }
    return line(name, interleave(ROUNDS_OF_APPLYING, **sides), APPLY_GOAL)


def change_schema(registry, way):
    """The sample of one way to add fields; the registry forgets them again."""
    with environment(registry, SUPERUSER) as env:
        run = way(env)
        env.flush_all()
        sample = timed(env.cr, run)
    registry.reset_changes()
    return sample


def draft(env, fields):
    """Draft fields; return what applies them."""
    draft_tabs(env, [fields])
    return lambda: apply_drafts(env)


def make_one(env):
    """Return what makes one text as Odoo's developer menu does."""
    values = prepare_by_hand(env, Field(1, "text"))
    return lambda: env["ir.model.fields"].create(values)


def add_columns(env, fields):
    """Return what adds bare columns, and the indexes of those that have one."""
    statements = [statement for field in fields for statement in prepare_bare(field)]

    def run():
        for statement in statements:
            env.cr.execute(statement)

    return run


def prepare_bare(field):
    """The statements for one column; that it is a text costs what others cost."""
    name = SQL.identifier(field.name)
    yield SQL("ALTER TABLE crm_lead ADD COLUMN %s varchar", name)
    if BY_HAND[field.kind].get("index"):
        yield SQL("CREATE INDEX ON crm_lead (%s)", name)


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
