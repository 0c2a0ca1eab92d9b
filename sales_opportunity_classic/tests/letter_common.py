import html
import io
import json

from PIL import Image

from odoo.tests import new_test_user
from odoo.tools.pdf import PdfReader

from .common import OpportunityCommon


def make_field(key, text="Field", **props):
    """Return a merge field as the editor writes it."""
    props = html.escape(json.dumps({"key": key, **props}))
    mark = f'data-embedded="letter-field" data-embedded-props="{props}"'
    return f"<span {mark}>{text}</span>"


def make_condition(key, body, **props):
    """Return a block under a condition as the editor writes it."""
    props = html.escape(json.dumps({"key": key, **props}))
    return (
        '<div data-embedded="letter-condition" '
        f'data-embedded-props="{props}">{body}</div>'
    )


def make_image(color="red"):
    """Return a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(stream, "PNG")
    return stream.getvalue()


def read_pages(pdf):
    """Return the text of each page of a PDF, with single spaces."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


class LetterCommon(OpportunityCommon):
    """A customer with an address, and templates that the sales manager writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Jane Doe", email="jane@example.com")
        cls.opportunity.partner_id = cls.customer
        cls.reader = new_test_user(
            cls.env, "reader", groups="sales_team.group_sale_salesman"
        )
        cls.Template = cls.env["opportunity.letter.template"].with_user(
            cls.user_sales_manager
        )
        cls.template = cls._create_template(
            f"<p>{make_field('salutation.formal')}</p><p>On "
            f"{make_field('opportunity.name')}</p>"
        )

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "street": "Elm Street 1",
                "city": "Springfield",
                "zip": "12345",
                "lang": "en_US",
                **values,
            }
        )

    @classmethod
    def _create_template(cls, body, **values):
        return cls.Template.create(
            {"name": "Hello", "body_html": body, "paper": "a4", **values}
        )

    def _merge(self, body, record=None, **values):
        """Return the merged letter of a text to an opportunity, as its salesperson."""
        template = self._create_template(body, **values)
        record = record or self.opportunity
        source = template.with_user(self.user_sales_salesman)._get_source()
        return record.with_user(self.user_sales_salesman)._merge_letters(source)[0]

    def _start(self, template=None, records=None, user=None, **values):
        """Start letters as a user, by default to the opportunity of the salesman."""
        user = user or self.user_sales_salesman
        records = records or self.opportunity
        return (
            self.env["opportunity.letter.batch"]
            .with_user(user)
            ._start(
                (template or self.template).with_user(user),
                records.with_user(user),
                **values,
            )
        )
