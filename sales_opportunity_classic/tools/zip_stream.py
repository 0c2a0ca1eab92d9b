"""A zip archive in pieces, so that it never is in memory or on disk as a whole."""

import zipfile
from types import SimpleNamespace

PIECE = 256 * 1024


def stream_zip(entries):
    """Yield an archive that stores the entries as they are.

    :param entries: iterable of (name, date and time, size, function that opens the
        content for reading); the names are trusted, the size is a first guess
    """
    pieces = []
    with zipfile.ZipFile(make_sink(pieces), "w", zipfile.ZIP_STORED) as archive:
        for name, moment, size, open_content in entries:
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.file_size = size
            with open_content() as content, archive.open(info, "w") as target:
                while data := content.read(PIECE):
                    target.write(data)
                    yield take(pieces)
    yield take(pieces)


def make_sink(pieces):
    """Return a file that cannot go back and adds what is written to these pieces."""

    def write(data):
        pieces.append(bytes(data))
        return len(data)

    return SimpleNamespace(write=write, flush=lambda: None)


def take(pieces):
    """Return what was written since the last time."""
    data = b"".join(pieces)
    pieces.clear()
    return data
