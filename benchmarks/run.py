"""Runs the benchmarks in Odoo's shell and writes what they give."""

import dataclasses
import gc
import json
import os
import sys
import time
from pathlib import Path

from .backfill import backfill
from .buy_page import buy_page
from .custom_fields import (
    custom_apply_20,
    custom_form_200,
    custom_group_by,
    custom_list_200,
)
from .figures import table
from .files import files_page, upload_1000, zip_500
from .history import history_80, history_1500
from .labels import labels_10000
from .letters import letters_1000
from .mail_queue import mail_queue
from .offer import order_100, prices_500
from .reports import REPORTS
from .screens import screens
from .sequences import sequence_emails, sequence_pick, sequence_tasks
from .setting import make_setting
from .sharing import sharing
from .stage_write import stage_write_1, stage_write_80
from .subscriptions import billing_1000, due_1000000
from .timeline import timeline_page

BENCHMARKS = {
    function.__name__: function
    for function in (
        stage_write_1,
        stage_write_80,
        history_80,
        history_1500,
        backfill,
        screens,
        custom_apply_20,
        custom_form_200,
        custom_list_200,
        custom_group_by,
        order_100,
        prices_500,
        buy_page,
        billing_1000,
        due_1000000,
        upload_1000,
        files_page,
        zip_500,
        labels_10000,
        *REPORTS,
        sharing,
        letters_1000,
        timeline_page,
        sequence_emails,
        sequence_tasks,
        sequence_pick,
        mail_queue,
    )
}
DATABASES = ("BENCH_CORE", "BENCH_CUSTOM", "BENCH_SHARING", "BENCH_MILLION")
RESULTS = Path(__file__).with_name("results.json")


def main(env):
    """Run what BENCH_NAMES asks for on this database and the others named."""
    names = chosen(os.environ["BENCH_NAMES"])
    setting = make_setting(env.cr.dbname, *(os.environ[name] for name in DATABASES))
    env.cr.rollback()
    # Collecting garbage before each measurement must not look at all of Odoo again.
    gc.freeze()
    lines = []
    for name in names:
        start = time.monotonic()
        lines += tell(BENCHMARKS[name](setting))
        print(f"  {name} took {time.monotonic() - start:.0f} seconds", flush=True)
    write(lines)
    print(table(lines))


def chosen(text):
    """The names in a text, all benchmarks when it is empty."""
    names = [name for name in text.split(",") if name] or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        known = ", ".join(BENCHMARKS)
        sys.exit(f"No benchmark {', '.join(unknown)}: there are {known}.")
    return names


def tell(lines):
    """Print the lines of a benchmark."""
    for line in lines:
        print(line, flush=True)
    return lines


def write(lines):
    """Keep the results; those of benchmarks that did not run remain."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for line in lines:
        figures = dataclasses.asdict(line)
        kept[figures.pop("name")] = {**figures, "is_met": line.is_met}
    RESULTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
