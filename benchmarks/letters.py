"""A thousand letters in one file beside Odoo's own run on the same pages, and beside a
run for each letter.

Odoo's program gets the finished pages without the styles that it would ask a server
for: with them it takes longer.
"""

import re
from pathlib import Path

from .figures import Sample, interleave, line
from .measure import environment, timed

GOAL = 1.2
# What one run for all spares, beside one run for each.
SPARED = 30
ROUNDS = 5
LETTERS = 1000
SINGLE = 20
MANY = 5000
TEMPLATE = "sales_opportunity_classic.opportunity_letter_template_introduction"
DOCUMENT = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body>%s</body></html>'
)


def letters_1000(setting):
    """Letters merged and printed, against Odoo's runs on their HTML, which is given to
    it finished."""
    with environment(setting.ours, setting.uid) as env:
        template, leads = make_letters(env, LETTERS)
        document = render(template, leads)
        singles = [render(template, lead) for lead in leads[:SINGLE]]

    def ours(_number):
        with environment(setting.ours, setting.uid) as env:
            template, leads = make_letters(env, LETTERS)
            env.flush_all()
            env.invalidate_all()
            return timed(env.cr, lambda: template._render_pdf(leads))

    tell_memory(setting)
    sides = {
        "ours": ours,
        "peer": lambda _number: print_by_odoo(setting, [document]),
        "each": lambda _number: print_by_odoo(setting, singles),
    }
    samples = interleave(ROUNDS, warm_up=1, **sides)
    # Some of them tell how long all of them take
    each = [scale(sample, LETTERS / SINGLE) for sample in samples.pop("each")]
    return [
        line("letters_1000", samples, GOAL),
        line("letters_each", {**samples, "peer": each}, SPARED, faster=True),
    ]


def scale(sample, factor):
    """The sample of as many times the work."""
    return Sample(sample.seconds * factor, round(sample.queries * factor))


def make_letters(env, count):
    """A template, and as many opportunities with a contact at an address."""
    partners = env["res.partner"].create(
        [
            {
                "name": f"Jane Doe {number}",
                "street": f"Elm Street {number}",
                "zip": "12345",
                "city": "Springfield",
            }
            for number in range(count)
        ]
    )
    leads = env["crm.lead"].create(
        [
            {"name": f"Deal with {partner.name}", "partner_id": partner.id}
            for partner in partners
        ]
    )
    return env.ref(TEMPLATE), leads


def render(template, leads):
    """All letters as one article for Odoo's report."""
    merged = leads._merge_letters(template._get_source())
    document = template._render_chunk([template._make_page(one) for one in merged])
    style = re.search(r"<style>.*?</style>", document, re.DOTALL)[0]
    article = re.search(r'<div class="article">.*</div>', document, re.DOTALL)[0]
    return DOCUMENT % article.replace(">", f">{style}", 1)


def print_by_odoo(setting, documents):
    """The sample of one run of Odoo's program for each document."""
    with environment(setting.core, setting.uid) as env:
        # sudo: salespeople do not read reports as records
        report = env["ir.actions.report"].sudo()

        def run():
            for document in documents:
                report._run_wkhtmltopdf([document])

        return timed(env.cr, run)


def tell_memory(setting):
    """Print by how much memory grows at most while a batch of many letters is made."""
    with environment(setting.ours, setting.uid) as env:
        template, leads = make_letters(env, MANY)
        env.flush_all()
        env.invalidate_all()
        batches = env["opportunity.letter.batch"]
        before = reset_peak()
        # sudo: as the scheduled action does it
        batch = batches._start(template, leads).sudo()
        while batch.state == "waiting":
            batch._run_part(250)
            # as between two parts of the background, where each is committed
            env.flush_all()
            env.invalidate_all()
        grown = (read_memory("VmHWM") - before) / 1024
        size = len(batch.pdf_id.raw) / 2**20
        print(f"  {MANY} letters: {size:.0f} MB, memory grew by {grown:.0f} MB")


def reset_peak():
    """Forget the highest use of memory so far; return the present one."""
    Path("/proc/self/clear_refs").write_text("5")
    return read_memory("VmRSS")


def read_memory(name):
    """A figure of this process, in kB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1])
