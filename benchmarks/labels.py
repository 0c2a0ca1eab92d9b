"""Ten thousand address labels in one PDF.

The peer is Odoo's own way: one article with the same labels, printed by wkhtmltopdf.
The floor draws the same texts in one size, without asking whether they fit.
"""

import io

from reportlab.pdfgen.canvas import Canvas

from odoo.addons.sales_opportunity_classic.tools.printing.layout import Label

from .figures import interleave, line
from .measure import environment, timed

FASTER = 2
LABELS = 10000
ROUNDS = 5
FORMAT = "sales_opportunity_classic.opportunity_label_format_zweckform_3474"
REPORT = "sales_opportunity_classic.opportunity_label_report"


def labels_10000(setting):
    """Labels of ten thousand contacts, from reading their addresses to the PDF."""
    with environment(setting.ours, setting.uid) as env:
        partners = make_partners(env)
        label_format = env.ref(FORMAT)
        texts = [address.text for address in partners._get_postal_addresses()]
        samples = interleave(
            ROUNDS,
            warm_up=1,
            ours=lambda _number: run(env, label_format._render_pdf, partners),
            peer=lambda _number: run(env, print_by_odoo, label_format, partners),
            floor=lambda _number: run(env, draw, texts),
        )
    return [line("labels_10000", samples, FASTER, faster=True)]


def run(env, function, *args):
    """The sample of a function that finds no record in memory."""
    env.flush_all()
    env.invalidate_all()
    return timed(env.cr, lambda: function(*args))


def make_partners(env):
    """Contacts with an address each."""
    country = env.ref("base.de").id
    # sudo: salespeople need not be allowed to make contacts
    partners = env["res.partner"].sudo()
    partners = partners.create(
        [
            {
                "name": f"Person Number {number}",
                "street": f"{number} Long Street",
                "zip": f"{10000 + number}",
                "city": "Berlin",
                "country_id": country,
            }
            for number in range(LABELS)
        ]
    )
    return partners.sudo(False)


def print_by_odoo(label_format, partners):
    """Print the labels by wkhtmltopdf alone."""
    addresses = partners._get_postal_addresses()
    pages = label_format._make_pages([Label(address.text) for address in addresses])
    paper = label_format._get_sheet().paper
    return label_format._render_pages(pages, paper, label_format.env.ref(REPORT))


def draw(texts):
    """Draw texts in three columns and eight rows."""
    canvas = Canvas(io.BytesIO())
    for first in range(0, len(texts), 24):
        for index, lines in enumerate(texts[first : first + 24]):
            row, column = divmod(index, 3)
            block = canvas.beginText(8 + column * 198, 830 - row * 105)
            block.setFont("Helvetica", 11)
            block.textLines(lines)
            canvas.drawText(block)
        canvas.showPage()
    canvas.save()
