"""Which visits were made by programs that look at emails before people do."""

from datetime import timedelta
from typing import NamedTuple

# Nobody reads and clicks faster than that after the email was sent.
EARLY = timedelta(seconds=10)
# So many different links in such a time are followed by programs only.
BURSTS = ((2, timedelta(seconds=1)), (3, timedelta(seconds=10)))

# Besides those that Odoo knows.
PROGRAMS = (
    "axios",
    "barracuda",
    "bitdefender",
    "forcepoint",
    "fortinet",
    "go-http-client",
    "headless",
    "httpclient",
    "java/",
    "libwww",
    "mimecast",
    "node-fetch",
    "okhttp",
    "phantomjs",
    "proofpoint",
    "python",
    "safelinks",
    "scan",
    "sophos",
    "symantec",
    "trendmicro",
)
AHEAD = ("prefetch", "prerender", "preview")


class Visit(NamedTuple):
    """What a request tells of itself."""

    agent: str = ""
    purpose: str = ""
    is_crawler: bool = False


def find_sign(visit, link, date, sent, earlier):
    """Return by what a program is told from a person, or an empty text.

    :param date: when the link was followed
    :param sent: when the email was
    :param earlier: pairs of link and date of what was followed before
    """
    agent, purpose = visit.agent.lower(), visit.purpose.lower()
    if any(word in purpose for word in AHEAD):
        return "prefetch"
    if not agent or visit.is_crawler or any(name in agent for name in PROGRAMS):
        return "agent"
    if date - sent < EARLY:
        return "early"
    return "burst" if find_burst(link, date, earlier) else ""


def find_burst(link, date, earlier):
    """Return the positions in ``earlier`` of what was followed at once with a link."""
    for number, time in BURSTS:
        near = [
            position
            for position, (__, before) in enumerate(earlier)
            if date - before < time
        ]
        if len({link, *(earlier[position][0] for position in near)}) >= number:
            return near
    return []
