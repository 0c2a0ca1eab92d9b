"""Whether the database gives the figures that the file gives."""

from .figures import Figures, figures_of_file

CLOSED = ("won", "lost")


def check(env, folder):
    """Return a line for each kind of figure that agrees; raise when one differs."""
    env.flush_all()
    expected = figures_of_file(folder)
    for source, figures in (
        ("opportunities", figures_of_database(env)),
        ("sales history", figures_of_history(env)),
    ):
        if differences := list(expected.differences(figures)):
            lines = "\n".join(differences)
            raise ValueError(f"The {source} and the file differ:\n{lines}")
    return tell(expected)


def tell(figures):
    """The figures as the lines of a report."""
    counts = ", ".join(f"{count} {key}" for key, count in figures.counts.items())
    days = ", ".join(f"{key} {mean:.2f}" for key, mean in figures.days_to_close.items())
    total = sum(figures.revenue.values())
    return [
        f"{counts} opportunities",
        f"revenue of {len(figures.revenue)} salespeople, {total:,.0f} in all",
        f"mean days to close: {days}",
        "the same from the sales history alone",
    ]


def figures_of_database(env):
    """The figures of the loaded opportunities."""
    leads = env["crm.lead"].with_context(active_test=False)
    domain = [("referred", "!=", False)]
    closed = [*domain, ("won_status", "in", CLOSED)]
    won = [*domain, ("won_status", "=", "won")]
    return Figures(
        dict(leads._read_group(domain, ["won_status"], ["__count"])),
        by_name(leads._read_group(won, ["user_id"], ["actual_revenue:sum"])),
        {
            **dict(leads._read_group(closed, ["won_status"], ["day_close:avg"])),
            "closed": leads._read_group(closed, [], ["day_close:avg"])[0][0],
        },
    )


def figures_of_history(env):
    """The same figures, told by the sales history alone."""
    moves = env["opportunity.stage.move"]
    closed = [("kind", "in", CLOSED)]
    won = [("kind", "=", "won")]
    counts = dict(moves._read_group(closed, ["kind"], ["__count"]))
    begun = moves.search_count([("kind", "=", "imported")])
    return Figures(
        {**counts, "pending": begun - sum(counts.values())},
        by_name(moves._read_group(won, ["owner_id"], ["actual_revenue:sum"])),
        {
            **dict(moves._read_group(closed, ["kind"], ["days:avg"])),
            "closed": moves._read_group(closed, [], ["days:avg"])[0][0],
        },
    )


def by_name(groups):
    """Groups of users as a dictionary of their names."""
    return {user.name: total for user, total in groups}
