"""What a number or a date must be to be believed. Plain functions, no ORM."""

# Of more digits a float keeps no cents, and sums of such floats overflow.
AMOUNT_DIGITS = 15
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def is_amount(value):
    """Tell whether ``value`` is a number of at most ``AMOUNT_DIGITS``, or empty.

    Texts, infinities and NaN reach the server over RPC and imports only.
    """
    if value in (None, False):
        return True
    return isinstance(value, int | float) and abs(value) < 10**AMOUNT_DIGITS


def is_plausible_date(value):
    """Tell whether a date (or no date) lies in the years a calendar can show."""
    return not value or EARLIEST_YEAR <= value.year <= LATEST_YEAR


def is_ordered_range(low, high):
    """Tell whether ``low`` is at most ``high``; an empty or zero end is open."""
    return not low or not high or low <= high
