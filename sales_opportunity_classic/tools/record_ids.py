"""Ids of records as clients send them: numbers, texts, or anything else."""

MAX_ID = 2**31 - 1
MAX_DIGITS = len(str(MAX_ID))


def read_id(value):
    """Return the id that a client sent, or 0 where no record can have it."""
    text = str(value)
    if not text.isdecimal() or len(text) > MAX_DIGITS:
        return 0
    number = int(text)
    return number if number <= MAX_ID else 0


def read_ids(values):
    """Return the ids in a list that a client sent, each once."""
    values = values if isinstance(values, list | tuple) else [values]
    return list(dict.fromkeys(filter(None, map(read_id, values))))
