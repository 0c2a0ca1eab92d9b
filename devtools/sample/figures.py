"""The figures that the data set itself gives, straight from its pipeline file.

Nothing of the reader is used, so that what it got wrong would show.
"""

import csv
import dataclasses
from collections import Counter
from datetime import datetime
from pathlib import Path

OUTCOMES = {"Won": "won", "Lost": "lost"}


@dataclasses.dataclass(frozen=True)
class Figures:
    """What a loaded database must give as well."""

    counts: dict
    revenue: dict
    days_to_close: dict

    def differences(self, other):
        """One line for each figure in which the other differs."""
        for name, ours in dataclasses.asdict(self).items():
            theirs = getattr(other, name)
            for key in sorted(ours.keys() | theirs.keys()):
                if not is_same(ours.get(key), theirs.get(key)):
                    yield f"{name} {key}: {ours.get(key)} against {theirs.get(key)}"


def is_same(one, other):
    """Whether two figures agree, rounding in the last digits left aside."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < 0.0001


def figures_of_file(folder):
    """The figures of the pipeline in a folder."""
    with open(Path(folder) / "sales_pipeline.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    counts, revenue, days = Counter(), Counter(), {"won": [], "lost": []}
    for row in rows:
        outcome = OUTCOMES.get(row["deal_stage"], "pending")
        counts[outcome] += 1
        if outcome in days:
            days[outcome].append(days_between(row["engage_date"], row["close_date"]))
        if outcome == "won":
            revenue[row["sales_agent"]] += float(row["close_value"])
    return Figures(dict(counts), dict(revenue), means(days))


def days_between(start, end):
    """The days between two dates as the file writes them."""
    return (parse(end) - parse(start)).days


def parse(text):
    """The moment of a month/day/year text."""
    return datetime.strptime(text, "%m/%d/%Y")


def means(days):
    """The mean of each list, and of all together."""
    everything = {**days, "closed": [day for part in days.values() for day in part]}
    return {key: sum(part) / len(part) for key, part in everything.items() if part}
