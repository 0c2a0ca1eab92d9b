"""Samples of sides that are measured in turn, and what they come to. No Odoo here."""

import dataclasses
import statistics

WARM_UP = 2


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one run took."""

    seconds: float
    queries: int

    def __add__(self, other):
        return Sample(self.seconds + other.seconds, self.queries + other.queries)


@dataclasses.dataclass(frozen=True)
class Line:
    """The figures of one benchmark, times in milliseconds.

    `ratio` is ours to the peer, or to the floor where there is no peer; a goal above
    one is what the ratio may reach at most, one with `faster` how many times faster
    than the peer ours should be at least.
    """

    name: str
    ratio: float
    ours: float
    peer: float | None
    floor: float | None
    queries: str
    goal: float
    faster: bool = False

    @property
    def is_met(self):
        """Whether the goal is reached."""
        return self.ratio <= (1 / self.goal if self.faster else self.goal)

    def __str__(self):
        figures = ("ratio", "ours", "peer", "floor", "queries")
        shown = (f"{name}={show(getattr(self, name))}" for name in figures)
        return f"{self.name} {' '.join(shown)}"


def show(value):
    """A figure with three digits that matter."""
    if value is None:
        return "-"
    return (
        value
        if isinstance(value, str)
        else f"{value:.3g}"
        if value < 100
        else f"{value:.0f}"
    )


def interleave(rounds, warm_up=WARM_UP, **sides):
    """Run each side once in every round; return the samples of each.

    A side is a function of the round's number that returns a sample. The first
    rounds warm caches and do not count; the order alternates.
    """
    samples = {name: [] for name in sides}
    for number in range(-warm_up, rounds):
        turns = list(sides.items())
        for name, run in turns if number % 2 else reversed(turns):
            sample = run(number % rounds)
            if number >= 0:
                samples[name].append(sample)
    return samples


def median(samples):
    """The seconds that half of the samples took at most."""
    return statistics.median(sample.seconds for sample in samples)


def line(name, samples, goal, **options):
    """The line of a benchmark out of its samples: ours, peer and floor."""
    times = {side: median(taken) * 1000 for side, taken in samples.items()}
    counts = [
        f"{statistics.median(sample.queries for sample in samples[side]):.0f}"
        for side in ("ours", "peer")
        if side in samples
    ]
    return Line(
        name,
        times["ours"] / times.get("peer", times.get("floor")),
        times["ours"],
        times.get("peer"),
        times.get("floor"),
        "/".join(counts),
        goal,
        **options,
    )


def table(lines):
    """The results as a Markdown table."""
    head = "| benchmark | ours, ms | peer, ms | floor, ms | queries | ratio | goal |"
    rows = [head, "| --- | --: | --: | --: | --: | --: | --: |"]
    for line in lines:
        times = " | ".join(show(time) for time in (line.ours, line.peer, line.floor))
        sign = f"1/{line.goal:g}" if line.faster else f"{line.goal:g}"
        rows.append(
            f"| {line.name} | {times} | {line.queries} | {show(line.ratio)} | {sign} |"
        )
    return "\n".join(rows)
