import logging
from contextlib import suppress

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .opportunity_letter_layout_mixin import CHUNK

LETTERS_AT_ONCE = 100

_logger = logging.getLogger(__name__)


class OpportunityLetterBatch(models.Model):
    """Letters that are made at one go: at once, or in the background if they are many.

    It has its own copy of the template, so that all its letters are the same whatever
    becomes of that. Letters are made in the name and with the rights of whoever asked
    for them, a part after the other; what cannot be made is noted with its reason. At
    the end all parts become one PDF file.
    """

    _name = "opportunity.letter.batch"
    _description = "Letters at One Go"
    _inherit = [
        "opportunity.letter.making.mixin",
        "opportunity.letter.delivery.mixin",
        "opportunity.letter.layout.mixin",
        "opportunity.settings.mixin",
    ]
    _order = "id desc"

    name = fields.Char(required=True)
    subject = fields.Char()
    template_id = fields.Many2one(
        "opportunity.letter.template", index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(
        [
            ("print", "Print"),
            ("email", "Send by Email"),
            ("post", "Send by Post"),
        ],
        required=True,
        default="print",
    )
    state = fields.Selection(
        [
            ("waiting", "In Progress"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="waiting",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "For",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    res_model = fields.Selection(
        [("crm.lead", "Opportunities"), ("res.partner", "Contacts")],
        "Letters to",
        required=True,
    )
    # The copy of what was asked for
    res_ids = fields.Json(required=True, groups=fields.NO_ACCESS)
    source = fields.Json(required=True, groups=fields.NO_ACCESS)
    company_ids = fields.Json(required=True, groups=fields.NO_ACCESS)
    # What became of it
    total_count = fields.Integer("Letters Asked for")
    done_count = fields.Integer("Worked Through")
    progress = fields.Float(compute="_compute_progress")
    letter_ids = fields.One2many("opportunity.letter", "batch_id", "Letters")
    letter_count = fields.Integer(compute="_compute_letter_count")
    problems = fields.Json(groups=fields.NO_ACCESS)
    problem_count = fields.Integer("Without a Letter")
    problem_list = fields.Html(compute="_compute_problem_list", compute_sudo=True)
    error = fields.Text(help="Why the letters could not be made.")
    pdf_id = fields.Many2one("ir.attachment", "PDF File", ondelete="set null")

    # === COMPUTE METHODS === #

    @api.depends("total_count", "done_count")
    def _compute_progress(self):
        for batch in self:
            batch.progress = 100 * batch.done_count / (batch.total_count or 1)

    @api.depends("letter_ids")
    def _compute_letter_count(self):
        counts = dict(
            self.env["opportunity.letter"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count"]
            )
        )
        for batch in self:
            batch.letter_count = counts.get(batch, 0)

    @api.depends("problems")
    def _compute_problem_list(self):
        for batch in self:
            batch.problem_list = self._describe_problems(batch.problems or [])

    @api.model
    def _describe_problems(self, problems):
        """Return a list of [name, reasons] as HTML; names are text."""
        if not problems:
            return False
        rows = (
            Markup("<li><b>%s</b>: %s</li>") % (name, reasons)
            for name, reasons in problems
        )
        return Markup('<ul class="mb-0">%s</ul>') % Markup().join(rows)

    # === ACTION METHODS === #

    def action_download(self):
        """Return the download of the PDF file."""
        self.ensure_one()
        if not self.pdf_id:
            raise UserError(self.env._("There is no PDF file of these letters."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.pdf_id.id}?download=true",
            "target": "download",
            "close": True,
        }

    def action_cancel(self):
        """Make no more letters; those that were made stay, in one file."""
        self.check_access("read")
        # sudo: what becomes of a batch is written by the system, for whom it is
        waiting = self.sudo().filtered(lambda batch: batch.state == "waiting")
        waiting.state = "cancelled"
        for batch in waiting:
            batch._join_parts()
        return True

    def action_open_letters(self):
        """Return the letters that were made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "opportunity.letter",
            "views": [(False, "list"), (False, "form")],
            "domain": [("batch_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _start(self, template, records, kind="print", edited=None):
        """Make letters of a template to some records, in the name of the user.

        :return: the batch: done where there are few, else waiting for its turn
        """
        source = template._get_source()._replace(edited=edited or {})
        # sudo: batches are for the system to keep, for whom they are to read
        batch = self.sudo().create(
            {
                "name": template.name,
                "subject": template.subject or template.name,
                "template_id": template.id,
                "kind": kind,
                "res_model": records._name,
                "res_ids": records.ids,
                "source": source._asdict(),
                "company_ids": self.env.companies.ids,
                "total_count": len(records),
                **template._copy_layout(),
            }
        )
        if len(records) <= self._get_most_at_once():
            batch._run_part(len(records))
        else:
            # sudo: scheduled actions are for administrators
            self.env.ref("sales_opportunity_classic.ir_cron_letters").sudo()._trigger()
        return batch.sudo(False)

    @api.model
    def _get_most_at_once(self):
        """Return how many letters a user waits for; more are made in the background."""
        most = self._get_opportunity_setting("letters_at_once", LETTERS_AT_ONCE)
        return int(most) or LETTERS_AT_ONCE

    @api.model
    def _cron_print(self):
        """Make the letters that wait, a part after the other, oldest batch first."""
        waiting = self.search([("state", "=", "waiting")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(
            remaining=sum(batch.total_count - batch.done_count for batch in waiting)
        )
        for batch in waiting:
            while batch._is_free_to_run():
                done = batch._try_part()
                if not cron._commit_progress(done):
                    return

    def _is_free_to_run(self):
        return self.try_lock_for_update() and self.state == "waiting"

    def _try_part(self):
        """Make the next part; where that fails the batch ends with its reason, so that
        it holds up no other."""
        before = self.done_count
        try:
            with self.env.cr.savepoint():
                self._run_part(CHUNK)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody changed the same: it is seen when the part is tried again
            self.env.cr.rollback()
            return 0
        except Exception as error:  # noqa: BLE001 whatever it was, others wait
            _logger.info("Letters of batch %s failed", self.id, exc_info=True)
            self._fail(error)
        if self.state != "waiting":
            self._tell_user()
        return self.done_count - before

    def _fail(self, error):
        """End with a reason; what was made before is one file, if that can be made."""
        self.invalidate_recordset()
        self.write({"state": "failed", "error": str(error)})
        with suppress(Exception), self.env.cr.savepoint():
            self._join_parts()

    def _run_part(self, size):
        """Make the next letters, as superuser in the name of the batch's user."""
        ids = self.res_ids[self.done_count : self.done_count + size]
        letters, problems = self._get_maker()._make_letters(ids)
        self._deliver(letters)
        problems = [*(self.problems or []), *problems]
        self.write(
            {
                "done_count": self.done_count + len(ids),
                "problems": problems,
                "problem_count": len(problems),
            }
        )
        if self.done_count >= self.total_count:
            self._finish()

    def _get_maker(self):
        """Return the batch in the name of its user, in the companies they were in."""
        return (
            self.with_user(self.user_id)
            .with_context(allowed_company_ids=self.company_ids)
            .with_context(lang=self.user_id.lang)
        )

    # === NEWS === #

    def _tell_user(self):
        """Tell whom the letters are for, now if they are there and in their inbox."""
        title, text = self.with_context(lang=self.user_id.lang)._get_news()
        link = Markup('<a href="/odoo/opportunity.letter.batch/%s">%s</a>')
        self.user_id._bus_send(
            "simple_notification", {"title": title, "message": text, "sticky": True}
        )
        partner = self.user_id.partner_id
        partner.message_notify(
            partner_ids=partner.ids, subject=title, body=link % (self.id, text)
        )

    def _get_news(self):
        """Return what became of the letters: a title and a sentence."""
        title = (
            self.env._("The letters are ready")
            if self.state == "done"
            else self.env._("The letters could not be made")
        )
        text = self.env._(
            "%(name)s: %(made)s letters, %(problems)s records without one.",
            name=self.name,
            made=self.letter_count,
            problems=self.problem_count,
        )
        return title, text
