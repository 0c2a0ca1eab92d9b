from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.click_robots import find_burst, find_sign

# The same again within this time is the same visit.
SAME_VISIT = timedelta(minutes=1)
# So many are noted of one email to one recipient.
MAX_CLICKS = 200


class OpportunityClick(models.Model):
    """A recipient followed a link of an email, or opened it.

    Written by the public addresses of the email, never by people. It goes with its
    tracked email, and so with the opportunity and the contact. Visits of programs
    that look at emails before people do are kept, told apart and not counted.
    """

    _name = "opportunity.click"
    _description = "Click"
    _inherit = ["opportunity.timeline.click.mixin", "opportunity.access.mixin"]
    _order = "date desc, id desc"
    _rec_name = "url"

    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    trace_id = fields.Many2one(
        "opportunity.mail.trace",
        "Sent Email",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        "Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Not "cascade": Odoo's privacy lookup passes over what goes with the contact.
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    email = fields.Char(related="trace_id.email")
    kind = fields.Selection(
        [("click", "Clicked"), ("open", "Opened")],
        "Event",
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True)
    url = fields.Char("Link", readonly=True)
    # Not for people: the links of other addons are for all employees.
    link_id = fields.Many2one(
        "link.tracker",
        "Tracked Link",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    robot_sign = fields.Selection(
        [
            ("agent", "Known program"),
            ("prefetch", "Fetched ahead"),
            ("early", "Seconds after sending"),
            ("burst", "Many links at once"),
        ],
        "Told by",
        readonly=True,
        help="By what the visit of a program was told from that of a person.",
    )
    is_robot = fields.Boolean(
        "Program",
        compute="_compute_is_robot",
        store=True,
        help="Not a person, but a program that looks at emails, such as a scanner "
        "for viruses. It does not count.",
    )

    _lead_date_idx = models.Index("(lead_id, date, id)")

    # === COMPUTE METHODS === #

    @api.depends("robot_sign")
    def _compute_is_robot(self):
        for click in self:
            click.is_robot = bool(click.robot_sign)

    # === BUSINESS METHODS === #

    @api.model
    def _get_person_domain(self, kind="click"):
        """Return the domain of what people did, and programs did not."""
        return Domain("kind", "=", kind) & Domain("is_robot", "=", False)

    @api.model
    def _note(self, trace, kind, link, visit):
        """Note a visit, and mark those before it that turn out to be a program's.

        :param visit: what the request tells of itself, of ``tools.click_robots``
        """
        date = fields.Datetime.now()
        earlier = self.search([("trace_id", "=", trace.id)], limit=MAX_CLICKS)
        followed = earlier.filtered(lambda one: one.kind == kind == "click")
        seen = [(click.link_id, click.date) for click in followed]
        sign = find_sign(visit, link, date, trace.date, seen)
        if len(earlier) >= MAX_CLICKS or earlier._find_same(kind, link, date, sign):
            return
        if trace._try_hold():
            burst = [followed[at].id for at in find_burst(link, date, seen)]
            followed.browse(burst).filtered(lambda one: not one.robot_sign).write(
                {"robot_sign": "burst"}
            )
        elif kind == "click":
            # nobody follows two links in the same instant; who does is not kept waiting
            sign = sign or "burst"
        values = {"kind": kind, "date": date, "robot_sign": sign}
        self.create(values | self._prepare_of_trace(trace) | self._prepare_link(link))

    def _find_same(self, kind, link, date, sign):
        """Return those that are the same visit; a person's is none of a program."""
        return self.filtered(
            lambda click: (
                click.kind == kind
                and click.link_id == link
                and click.is_robot == bool(sign)
                and date - click.date < SAME_VISIT
            )
        )

    @api.model
    def _prepare_of_trace(self, trace):
        return {
            "lead_id": trace.lead_id.id,
            "trace_id": trace.id,
            "mail_message_id": trace.mail_message_id.id,
            "partner_id": trace.partner_id.id,
        }

    @api.model
    def _prepare_link(self, link):
        return {"link_id": link.id, "url": link.url}
