from odoo import fields, models


class OpportunityRecipientMixin(models.AbstractModel):
    """Who got an email, and which. The email is deleted once it is sent; rows of the
    concrete model go with the contact by its own ``unlink``."""

    _name = "opportunity.recipient.mixin"
    _description = "Recipient of an Email"

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
