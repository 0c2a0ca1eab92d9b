from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.printing import address as addresses_tool
from ..tools.printing.address import Address
from ..tools.printing.fitting import clean
from ..tools.printing.geometry import count_pages
from ..tools.printing.layout import Code, Label

REPORT = "sales_opportunity_classic.opportunity_label_report"
GROUPINGS = {
    "household": addresses_tool.group_households,
    "customer": addresses_tool.group_customers,
}
SORTINGS = {
    "zip": addresses_tool.sort_by_postcode,
    "name": addresses_tool.sort_by_name,
}
# How many incomplete addresses the dialog names.
MOST_NAMED = 10


class OpportunityLabelPrint(models.TransientModel):
    """Prints the addresses of opportunities or contacts on labels or envelopes.

    The dialog is also the document of the report, so what is printed is what was
    chosen, in the rights of who chose it.
    """

    _name = "opportunity.label.print"
    _inherit = ["opportunity.print.mixin"]
    _description = "Print Labels"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", context={"active_test": False}
    )
    format_id = fields.Many2one(
        "opportunity.label.format",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_format_id(),
    )
    printer_id = fields.Many2one(
        "opportunity.label.printer",
        default=lambda self: self._get_settings().label_printer_id,
        help="Labels are moved by what this printer is off.",
    )
    start_position = fields.Integer(
        "Start at Label",
        default=1,
        required=True,
        help="The first label that is still on the sheet. Click on it in the picture.",
    )
    copies = fields.Integer(default=1, required=True, help="Labels per address.")
    address_kind = fields.Selection(
        [
            ("contact", "Contact"),
            ("company", "Company"),
            ("delivery", "Delivery Address"),
        ],
        "Address of",
        required=True,
        default="contact",
    )
    grouping = fields.Selection(
        [
            ("each", "Each"),
            ("household", "Each Household"),
            ("customer", "Each Company"),
        ],
        "One Label for",
        required=True,
        default="each",
        help="A household is all who have the same address: their names stand on one "
        "label.",
    )
    sorting = fields.Selection(
        [("given", "As Selected"), ("zip", "Postcode"), ("name", "Name")],
        "Sort by",
        required=True,
        default="given",
    )
    skip_incomplete = fields.Boolean("Skip Incomplete Addresses", default=True)
    with_sender = fields.Boolean(
        "Sender", help="Print your company and its address above the address."
    )
    extra_line = fields.Char(help="Stands below every address.")
    code_kind = fields.Selection(
        [
            ("none", "None"),
            ("Code128", "Barcode of the Number"),
            ("QR", "QR Code of the Link"),
        ],
        "Code",
        required=True,
        default="none",
        help="The barcode holds the reference of the contact, or C or O with the "
        "number of the contact or opportunity. The QR code opens it in Odoo.",
    )
    # What the picture of the sheet shows
    kind = fields.Selection(related="format_id.kind")
    columns = fields.Integer(related="format_id.columns")
    rows = fields.Integer(related="format_id.rows")
    paper_width = fields.Float(related="format_id.paper_width")
    paper_height = fields.Float(related="format_id.paper_height")
    label_width = fields.Float(related="format_id.label_width")
    label_height = fields.Float(related="format_id.label_height")
    margin_left = fields.Float(related="format_id.margin_left")
    margin_top = fields.Float(related="format_id.margin_top")
    pitch_x = fields.Float(related="format_id.pitch_x")
    pitch_y = fields.Float(related="format_id.pitch_y")
    corner = fields.Float(related="format_id.corner")
    # What comes of the choices
    label_count = fields.Integer("Labels", compute="_compute_result")
    page_count = fields.Integer("Pages", compute="_compute_result")
    incomplete_count = fields.Integer(compute="_compute_result")
    incomplete_list = fields.Html(
        "Incomplete Addresses", compute="_compute_result", sanitize=False
    )

    # === DEFAULT METHODS === #

    def _get_settings(self):
        return self.env.user.res_users_settings_id

    def _default_format_id(self):
        last = self._get_settings().label_format_id
        return (last.active and last) or last.search([], limit=1)

    # === COMPUTE METHODS === #

    @api.depends(
        "lead_ids",
        "partner_ids",
        "address_kind",
        "grouping",
        "skip_incomplete",
        "copies",
        "start_position",
        "format_id",
    )
    def _compute_result(self):
        for wizard in self:
            chosen, incomplete = wizard._choose_addresses()
            wizard.label_count = len(chosen) * max(wizard.copies, 0)
            wizard.page_count = wizard._count_pages()
            wizard.incomplete_count = len(incomplete)
            wizard.incomplete_list = wizard._describe_incomplete(incomplete)

    def _count_pages(self):
        start = min(max(self.start_position, 1), self.format_id.capacity)
        sheet = self.format_id._make_sheet()
        return count_pages(sheet, start, self.label_count) if self.format_id else 0

    def _describe_incomplete(self, incomplete):
        """Return a list of names and what their addresses lack."""
        records = self._get_records()
        named = incomplete[:MOST_NAMED]
        names = records.browse(address.record_id for address in named)
        rows = [
            Markup("<li>{}: {}</li>").format(
                record.display_name, self._describe_missing(address)
            )
            for record, address in zip(names, named, strict=True)
        ]
        if more := len(incomplete) - len(named):
            text = self.env._("and %(count)s more", count=more)
            rows.append(Markup("<li>{}</li>").format(text))
        return Markup('<ul class="mb-0">{}</ul>').format(Markup().join(rows))

    def _describe_missing(self, address):
        texts = {
            "access": self.env._("not yours to read"),
            "name": self.env._("no name"),
            "street": self.env._("no street"),
            "zip": self.env._("no postcode"),
            "city": self.env._("no city"),
            "state_id": self.env._("no state"),
        }
        return ", ".join(texts[field] for field in address.missing)

    # === ONCHANGE METHODS === #

    @api.onchange("format_id")
    def _onchange_format_id(self):
        if self.start_position > self.format_id.capacity:
            self.start_position = 1

    # === ACTIONS === #

    def action_print(self):
        """Remember the format and printer, and return Odoo's report on the choices."""
        self.ensure_one()
        chosen, _incomplete = self._choose_addresses()
        if not chosen:
            raise UserError(
                self.env._("None of the addresses is complete: there is no label.")
            )
        self.format_id._check_order(len(chosen), self.start_position, self.copies)
        self._remember()
        action = self.env.ref(REPORT).report_action(self, config=False)
        return {**action, "close_on_report_download": True}

    def action_open_incomplete(self):
        """Return the records whose addresses lack something."""
        self.ensure_one()
        _chosen, incomplete = self._choose_addresses()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Incomplete Addresses"),
            "res_model": self._get_records()._name,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", [address.record_id for address in incomplete])],
            "context": {"active_test": False},
        }

    # === BUSINESS METHODS === #

    def _remember(self):
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.env.user
        )
        settings.label_format_id = self.format_id
        settings.label_printer_id = self.printer_id

    def _get_records(self):
        """Return the opportunities or contacts; both must be readable to the user."""
        return self.lead_ids or self.partner_ids

    def _choose_addresses(self):
        """Return the addresses to be printed, in their order, and the incomplete."""
        records = self._get_records()
        records.check_access("read")
        addresses = self._read_addresses(records)
        incomplete = [address for address in addresses if address.missing]
        if self.skip_incomplete:
            addresses = [address for address in addresses if not address.missing]
        else:
            addresses = [address for address in addresses if any(address.text)]
        addresses = GROUPINGS.get(self.grouping, list)(addresses)
        return SORTINGS.get(self.sorting, list)(addresses), incomplete

    def _read_addresses(self, records):
        """Return an address per record; one lacks access where the contact is not the
        user's to read."""
        try:
            return records._get_postal_addresses(self.address_kind)
        except AccessError:
            if len(records) == 1:
                return [Address(records.id, (), "", (), missing=("access",))]
        return [address for one in records for address in self._read_addresses(one)]

    def _make_labels(self):
        """Return what stands on each label."""
        chosen, _incomplete = self._choose_addresses()
        records = self._get_records()
        sender = records._get_sender_lines() if self.with_sender else ()
        extra = clean(self.extra_line or "")
        codes = self._make_codes(chosen)
        return [
            Label((*address.text, extra) if extra else address.text, sender, code)
            for address, code in zip(chosen, codes, strict=True)
        ]

    def _make_codes(self, chosen):
        """Return a code, or none, per address."""
        if self.code_kind == "none":
            return [None] * len(chosen)
        records = self._get_records().browse(address.record_id for address in chosen)
        if self.code_kind == "QR":
            base = self.get_base_url()
            texts = [f"{base}/odoo/{record._name}/{record.id}" for record in records]
        else:
            texts = [record._get_postal_number() for record in records]
        return [Code(self.code_kind, text) for text in texts]

    def _get_pages(self):
        """Return the pages of labels as they are printed."""
        self.ensure_one()
        return self.format_id._make_pages(self._make_labels(), **self._get_options())

    def _get_options(self):
        return {
            "start_position": self.start_position,
            "copies": self.copies,
            "printer": self.printer_id,
        }

    def _render_exactly(self, report):
        labels = self._make_labels()
        return self.format_id._render_labels(labels, **self._get_options())
