from odoo import fields, models


class OpportunitySequenceExitMixin(models.AbstractModel):
    """When records leave a sequence by themselves.

    Archived records, and people who unsubscribed or whose mails bounce, leave it in any
    case.
    """

    _name = "opportunity.sequence.exit.mixin"
    _description = "Exit Rules of a Sequence"

    stop_on_reply = fields.Boolean(
        "Reply",
        default=True,
        help="An answer to any email of the sequence. Out-of-office notes and other "
        "automatic answers do not count.",
    )
    stop_on_meeting = fields.Boolean("Meeting Booked", default=True)
    stop_on_won = fields.Boolean("Won", default=True)
    stop_on_lost = fields.Boolean("Lost", default=True)
