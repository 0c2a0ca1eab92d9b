import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context
from odoo.tools.mail import plaintext2html

from ..tools.subscription_due import count_due, take_due

# Billed and committed at one go.
BATCH = 100
ATTEMPTS = 5
# Of these nobody knows whether they would fail again.
CONCURRENCY = OperationalError

_logger = logging.getLogger(__name__)


class OpportunitySubscriptionBillingMixin(models.AbstractModel):
    """The scheduled action that bills what is due.

    Rows are locked, billed together and committed with their periods and next dates,
    batch after batch, the oldest period first. So a run that is killed has billed whole
    batches, and the next one goes on. Where a batch fails, its rows are billed one by
    one; the one that cannot be billed is parked with its reason.
    """

    _name = "opportunity.subscription.billing.mixin"
    _description = "Billing of Subscriptions"

    # === CRON === #

    @api.model
    def _cron_bill_due(self, limit=None):
        """Bill what is due, period by period, each dated as due.

        :param limit: bill no more than so many periods
        """
        engine = self._get_engine()
        today = fields.Date.context_today(self)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=engine._count_due(today))
        left = float("inf") if limit is None else limit
        while done := engine._bill_batch(today, min(BATCH, left)):
            left -= done
            if not cron._commit_progress(done):
                break
            self.env.invalidate_all()
        engine._charge_due(today)
        # What is left, perhaps without time, goes on soon instead of tomorrow.
        cron._commit_progress(remaining=engine._count_due(today))

    @api.model
    def _bill_batch(self, day, limit):
        """Bill the oldest that are due; return how many. Where another transaction was
        faster it begins anew, with what that one left."""
        for attempt in range(ATTEMPTS):
            try:
                due = self._take_due(day, limit)
                due._bill()
                return len(due)
            except CONCURRENCY:
                if attempt == ATTEMPTS - 1:
                    raise
                self.env.cr.rollback()
        return 0

    @api.model
    def _get_engine(self):
        """Return the model as the system bills with it, whoever started the run."""
        context = clean_context(self.env.context)
        engine = self.with_user(SUPERUSER_ID)
        return engine.with_context(context, tracking_disable=True)

    @api.model
    def _count_due(self, day):
        charges = self._find_due_charges(day)
        return self.env.execute_query(count_due(day))[0][0] + len(charges)

    @api.model
    def _take_due(self, day, limit):
        """Return the oldest due subscriptions, locked for this transaction."""
        if limit <= 0:
            return self.browse()
        self.env.flush_all()
        rows = self.env.execute_query(take_due(day, limit))
        return self.browse([row[0] for row in rows])

    # === BATCHES === #

    def _bill(self):
        """Bill the next period of each; one that cannot be billed stops no other."""
        error = self._attempt(self._bill_together)
        if not error:
            return
        if len(self) == 1:
            self._park(error)
            return
        _logger.info("Subscriptions %s are billed one by one: %s", self.ids, error)
        for subscription in self:
            subscription._bill()

    @api.model
    def _attempt(self, operation):
        """Do all of something, or nothing of it; return what went wrong."""
        try:
            with self.env.cr.savepoint():
                operation()
        except CONCURRENCY:
            raise
        except Exception as error:
            return error
        return None

    def _bill_together(self):
        over = self.filtered(lambda subscription: subscription._is_over())
        over._end()
        bills = {row: row._get_next_period() for row in self - over}
        invoices = self._create_invoices(bills)
        self._note_bills(bills, invoices)

    def _note_bills(self, bills, invoices):
        """Write down what was billed, and what is due next."""
        self.env["opportunity.subscription.period"].create(
            [
                row._prepare_period(period, invoices.get(row))
                for row, period in bills.items()
            ]
        )
        for row, period in bills.items():
            row._note_billed(period)
            row.line_ids._note_invoice(invoices.get(row))
            row.line_ids.filtered("billed_terms").billed_terms = False

    def _note_billed(self, period):
        """The next period is one further from the anchor."""
        self.write(
            {
                "cycles_done": period.number,
                "next_index": self.next_index + 1,
                "date_due": fields.Date.add(period.end, days=1),
                **({"state": "active"} if self.state == "trial" else {}),
            }
        )

    def _add_period(self, period, **values):
        return self.env["opportunity.subscription.period"].create(
            self._prepare_period(period, None) | values
        )

    def _prepare_period(self, period, invoice):
        return {
            "subscription_id": self.id,
            "number": period.number,
            "kind": period.kind,
            "date_start": period.start,
            "date_end": period.end,
            "factor": period.factor,
            "amount": invoice.amount_untaxed_in_currency_signed if invoice else 0.0,
            "state": "billed" if invoice else "free",
            "invoice_id": invoice.id if invoice else False,
            "date_charge": self._get_charge_date(invoice),
        }

    def _get_charge_date(self, invoice):
        """Return when the saved payment method is charged: with the bill."""
        return invoice and self.payment_token_id and fields.Date.context_today(self)

    # === PROBLEMS === #

    def _park(self, error):
        """Bill no more until somebody has solved the problem."""
        self.invalidate_recordset()
        reason = str(error) or type(error).__name__
        if not isinstance(error, UserError):
            _logger.info("%s could not be billed", self.name, exc_info=error)
        self.write({"is_parked": True, "problem": reason})
        self._tell_salesperson(self.env._("Could not be billed"), reason)

    def _tell_salesperson(self, summary, note):
        """Schedule an activity for the salesperson or the team leader, whoever may read
        it, or leave a note."""
        users = (self.user_id | self.team_id.user_id).filtered(self._is_read_by)
        if not users:
            self._message_log(body=f"{summary}: {note}")
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=users[0].id,
            summary=summary,
            note=plaintext2html(note),
        )

    def _is_read_by(self, user):
        """Tell whether the user is there and may read the subscription."""
        if not user.active or self.company_id not in user.company_ids:
            return False
        companies = self.company_id.ids
        own = self.with_user(user).with_context(allowed_company_ids=companies)
        return own.has_access("read")
