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
    _inherit = ["opportunity.access.mixin"]
    _order = "date desc, id desc"
    _rec_name = "url"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
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
    def _get_earlier(self, trace):
        """Return what was noted of a tracked email, the latest first."""
        return self.search([("trace_id", "=", trace.id)], limit=MAX_CLICKS)

    @api.model
    def _is_worth_noting(self, earlier, kind, link):
        """Tell whether it is a visit of its own, and not one of too many."""
        since = fields.Datetime.now() - SAME_VISIT
        return len(earlier) < MAX_CLICKS and not any(
            click.kind == kind and click.link_id == link and click.date > since
            for click in earlier
        )

    @api.model
    def _note(self, trace, kind, link, visit, earlier):
        """Note a visit, and mark those before it that turn out to be a program's."""
        date = fields.Datetime.now()
        known = earlier.filtered(lambda one: one.kind == kind == "click")
        seen = [(click.link_id, click.date) for click in known]
        burst = known.browse(known[at].id for at in find_burst(link, date, seen))
        burst.filtered(lambda click: not click.robot_sign).robot_sign = "burst"
        return self.create(
            {
                "lead_id": trace.lead_id.id,
                "trace_id": trace.id,
                "mail_message_id": trace.mail_message_id.id,
                "partner_id": trace.partner_id.id,
                "kind": kind,
                "date": date,
                "url": link.url,
                "link_id": link.id,
                "robot_sign": find_sign(visit, link, date, trace.date, seen),
            }
        )
