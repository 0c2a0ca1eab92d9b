"""Running programs, telling progress and stopping with one clear sentence."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import paths

GIGABYTE = 1024**3


class Stop(Exception):
    """An expected failure; its text is the one sentence that says what to do."""


def say(text):
    """Print one line of progress, away from the standard output of scripts."""
    print(text, file=sys.stderr, flush=True)


def run(argv, *, failure, log="command.log", **options):
    """Run quietly and return the standard output; `failure` begins the sentence.

    The whole output of a failed program is kept in the log folder.
    """
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    words = [str(word) for word in argv]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        kept = keep_output(log, done.stdout + done.stderr)
        raise Stop(f"{failure} (details: {kept}).")
    return done.stdout


def keep_output(name, text):
    """Write a program's output into the log folder and return its path."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    kept = paths.LOGS / name
    kept.write_text(text)
    return kept.relative_to(paths.ROOT)


@contextlib.contextmanager
def locked(name):
    """Let one process at a time pass; the others wait."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    with open(paths.STAMPS / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def once(name, key, make):
    """Call `make` unless it already succeeded with the same key."""
    stamp = paths.STAMPS / name
    if read_stamp(stamp) == key:
        return
    with locked(name):
        if read_stamp(stamp) != key:
            make()
            stamp.write_text(key)


def read_stamp(stamp):
    """The key of the last success, or None."""
    return stamp.read_text() if stamp.exists() else None


def need_space(gigabytes):
    """Stop before a download that would fill the disk."""
    free = shutil.disk_usage(paths.ROOT).free / GIGABYTE
    if free < gigabytes:
        raise Stop(
            f"Only {free:.1f} GB are free where the project lies: free at least "
            f"{gigabytes} GB and run the command again."
        )


def find_program(name):
    """The path of a program of the machine, our own wrappers left out, or None."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    others = [folder for folder in folders if Path(folder) != paths.BIN]
    return shutil.which(name, path=os.pathsep.join(others))
