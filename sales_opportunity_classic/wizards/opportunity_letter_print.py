from odoo import api, fields, models
from odoo.exceptions import UserError

PREVIEW = "sales_opportunity_classic.opportunity_letter_print_report"
# So many records are merged to tell beforehand which get no letter.
MOST_CHECKED = 100
LARGEST_ID = 2**31 - 1


class OpportunityLetterPrint(models.TransientModel):
    """Shows each letter as it will be, lets it be changed by hand, then prints or
    sends all of them."""

    _name = "opportunity.letter.print"
    _inherit = ["opportunity.print.mixin"]
    _description = "Print Letters"

    res_model = fields.Selection(
        [("crm.lead", "Opportunities"), ("res.partner", "Contacts")],
        required=True,
        default="crm.lead",
    )
    res_ids = fields.Json()
    template_id = fields.Many2one(
        "opportunity.letter.template",
        "Letter",
        default=lambda self: self._default_template_id(),
    )
    # Which one is shown
    position = fields.Integer()
    record_count = fields.Integer(compute="_compute_record")
    number = fields.Integer(compute="_compute_record")
    record_name = fields.Char(compute="_compute_record")
    record_id = fields.Integer(compute="_compute_record")
    body_html = fields.Html(
        "Text",
        compute="_compute_body_html",
        # with the rights of whoever looks at it
        compute_sudo=False,
        store=True,
        readonly=False,
        sanitize_style=True,
    )
    edited = fields.Json()
    can_post = fields.Boolean(compute="_compute_can_post")
    # What stands against some
    reason = fields.Char(compute="_compute_reason")
    is_many = fields.Boolean(compute="_compute_record")
    problem_count = fields.Integer(compute="_compute_problems")
    problem_list = fields.Html(compute="_compute_problems")

    # === DEFAULT METHODS === #

    @api.model
    def _default_template_id(self):
        templates = self.env["opportunity.letter.template"]
        # Those of the companies that one works in now
        mine = templates._search([])
        last = self.env["opportunity.letter"].search(
            [("user_id", "=", self.env.uid), ("template_id", "in", mine)], limit=1
        )
        return last.template_id or templates.search([], limit=1)

    # === COMPUTE METHODS === #

    def _get_ids(self):
        """Return the ids that were chosen; what is no id came from a client."""
        ids = self.res_ids if isinstance(self.res_ids, list) else []
        ids = [id_ for id_ in ids if type(id_) is int and 0 < id_ <= LARGEST_ID]
        return list(dict.fromkeys(ids))

    def _get_records(self):
        return self.env[self.res_model].browse(self._get_ids()).exists()

    def _get_shown(self):
        """Return the record whose letter is shown."""
        ids = self._get_ids()
        position = min(max(self.position, 0), len(ids) - 1)
        return self.env[self.res_model].browse(ids[position : position + 1]).exists()

    @api.depends("position", "res_ids", "res_model")
    def _compute_record(self):
        for wizard in self:
            record = wizard._get_shown()
            wizard.record_count = len(wizard._get_ids())
            wizard.number = wizard.position + 1
            wizard.record_id = record.id
            readable = record._filtered_access("read")
            wizard.record_name = readable.display_name or self.env._("Not yours to see")
            wizard.is_many = wizard.record_count > MOST_CHECKED

    @api.depends("res_model")
    def _compute_can_post(self):
        self.can_post = self.env["opportunity.letter.batch"]._can_post()

    @api.depends("template_id", "position", "res_ids", "res_model")
    def _compute_body_html(self):
        for wizard in self:
            merged = wizard._merge(wizard._get_shown())
            wizard.body_html = merged[0].body if merged else False

    @api.depends("template_id", "position", "res_ids", "res_model")
    def _compute_reason(self):
        for wizard in self:
            merged = wizard._merge(wizard._get_shown())
            wizard.reason = ", ".join(merged[0].reasons) if merged else False

    @api.depends("template_id", "res_ids", "res_model")
    def _compute_problems(self):
        for wizard in self:
            problems = [] if wizard.is_many else wizard._find_problems()
            wizard.problem_count = len(problems)
            batch = self.env["opportunity.letter.batch"]
            wizard.problem_list = batch._describe_problems(problems)

    def _find_problems(self):
        """Return [name, reasons] of the records that get no letter."""
        records = self._get_records()
        writable = records._filtered_access("write")
        refused = self.env["opportunity.letter.batch"]._refuse(records - writable)
        return refused + [
            [letter.record.display_name, ", ".join(letter.reasons)]
            for letter in self._merge(writable)
            if letter.reasons
        ]

    def _merge(self, records):
        """Return the merged letters, with what was changed by hand."""
        if not self.template_id or not records:
            return []
        source = self.template_id._get_source()._replace(edited=self._get_edited())
        merged = records._filtered_access("read")._merge_letters(source)
        return [
            letter._replace(reasons=(*letter.reasons, hindrance))
            if (hindrance := letter.record._get_letter_hindrance())
            else letter
            for letter in merged
        ]

    # === BY HAND === #

    def _get_edited(self):
        """Return {id as text: what was changed by hand} of the chosen template."""
        edited = self.edited if isinstance(self.edited, dict) else {}
        texts = edited.get(str(self.template_id.id))
        texts = texts if isinstance(texts, dict) else {}
        return {id_: text for id_, text in texts.items() if isinstance(text, str)}

    def _keep_edited(self):
        """Remember what was changed by hand in the letter that is shown."""
        record = self._get_shown()
        merged = self._merge(record)
        sanitize = self._fields["body_html"].convert_to_column
        if not merged or self.body_html == sanitize(merged[0].body, self):
            return
        texts = {**self._get_edited(), str(record.id): str(self.body_html or "")}
        self.edited = {str(self.template_id.id): texts}

    # === ACTION METHODS === #

    def action_next(self):
        """Show the next letter."""
        return self._move(1)

    def action_previous(self):
        """Show the letter before."""
        return self._move(-1)

    def action_reset(self):
        """Take back what was changed by hand in this letter."""
        texts = dict(self._get_edited())
        texts.pop(str(self._get_shown().id), None)
        self.edited = {str(self.template_id.id): texts}
        self._compute_body_html()
        return self._reopen()

    def action_preview(self):
        """Return the PDF of the letter that is shown."""
        self._keep_edited()
        report = self.env.ref(PREVIEW)
        return {
            **report.report_action(self, config=False),
            "close_on_report_download": False,
        }

    def action_print(self):
        """Print all letters, in the background where they are many."""
        batch = self._start("print")
        if batch.state == "waiting":
            return self._tell(
                self.env._("You will be told when the letters are ready to be printed.")
            )
        if not batch.pdf_id or batch.problem_count:
            return self._open(batch)
        return batch.action_download()

    def action_send(self):
        """Send all letters by email."""
        return self._send("email")

    def action_post(self):
        """Give all letters to Odoo's Snailmail, which posts them."""
        return self._send("post")

    # === BUSINESS METHODS === #

    def _send(self, kind):
        batch = self._start(kind)
        if batch.state == "waiting":
            return self._tell(self.env._("You will be told when all letters are sent."))
        if batch.problem_count:
            return self._open(batch)
        return self._tell(
            self.env._("%s letters are on their way.", batch.letter_count)
        )

    def _move(self, steps):
        self._keep_edited()
        last = len(self._get_ids()) - 1
        self.position = min(max(self.position + steps, 0), last)
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Letter"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _start(self, kind):
        self.ensure_one()
        records = self._get_records()
        if not self.template_id or not records:
            raise UserError(self.env._("Choose a letter, and to whom it goes."))
        self._keep_edited()
        Batch = self.env["opportunity.letter.batch"]
        return Batch._start(self.template_id, records, kind, self._get_edited())

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _open(self, batch):
        return {
            "type": "ir.actions.act_window",
            "name": batch.name,
            "res_model": batch._name,
            "res_id": batch.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _render_exactly(self, report):
        """Return the PDF of the letter that is shown."""
        self.check_access("read")
        merged = self._merge(self._get_shown())
        if not merged:
            raise UserError(self.env._("Choose a letter, and to whom it goes."))
        return self.template_id._print_letters([self.template_id._make_page(merged[0])])
