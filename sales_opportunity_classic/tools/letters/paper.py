"""Sizes of paper and where envelopes have their window, in millimetres."""

import dataclasses

from ..printing.geometry import Paper


@dataclasses.dataclass(frozen=True)
class Window:
    """Where the address stands, from the upper left corner of the sheet.

    ``sender_top`` is where the line above it goes, ``body_top`` where the text of the
    letter begins.
    """

    left: float
    top: float
    width: float
    height: float
    body_top: float
    sender_top: float | None = None


PAPERS = {
    "a4": Paper(210, 297),
    "letter": Paper(215.9, 279.4),
    "a5": Paper(148, 210),
    "dl": Paper(220, 110),
    "c5": Paper(229, 162),
    "c6": Paper(162, 114),
    "com10": Paper(241.3, 104.8),
}
# Countries where US Letter is usual, as Unicode's CLDR has them (territoryInfo.xml,
# paperSize); all others use A4.
LETTER_TEXT = "BZ CA CL CO CR GT MX NI PA PH PR SV US VE"
LETTER_COUNTRIES = frozenset(LETTER_TEXT.split())
# Of the company: the paper and window that are usual in its country.
USUAL = "company"
ENVELOPES = ("dl", "c5", "c6", "com10")
# DIN 5008: the address field is 85 x 45 mm, 20 mm from the left edge; its upper 17.7 mm
# are for the sender and remarks, the text is 5 mm within.
WINDOWS = {
    "din5008_a": Window(25, 44.7, 80, 27.3, body_top=80.5, sender_top=40.5),
    "din5008_b": Window(25, 62.7, 80, 27.3, body_top=98.5, sender_top=58.5),
    # A standard window of 4 1/2 x 1 1/8 inches on a sheet folded in three
    "us10": Window(25.4, 52, 100, 25, body_top=86),
}


def get_usual_layout(country_code):
    """Return the paper and the window of a country's business letters.

    DIN 5008 B stands for all but the Americas: its window is also where most European
    window envelopes for a sheet folded in three have theirs.
    """
    if country_code in LETTER_COUNTRIES:
        return "letter", "us10"
    return "a4", "din5008_b"


def get_address_place(name, window):
    """Return where the address stands on a kind of paper: in the window, or in the
    place that an envelope has for it; nothing on a sheet without a window."""
    if window in WINDOWS:
        return WINDOWS[window]
    if name not in ENVELOPES:
        return None
    paper = PAPERS[name]
    left, top = paper.width * 0.45, paper.height * 0.5
    width, height = paper.width - left - 10, paper.height - top - 12
    return Window(left, top, width, height, paper.height, sender_top=10)
