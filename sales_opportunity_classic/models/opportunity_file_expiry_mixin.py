from odoo import api, fields, models

# A change of these asks for another reminder.
REMINDED_OF = frozenset(("active", "date_expiry", "lead_id", "name", "visibility"))


class OpportunityFileExpiryMixin(models.AbstractModel):
    """The day on which a file expires, with a reminder for its people.

    The reminder is an activity of the opportunity, or of the contact where there is
    none, for the salesperson or else for whoever loaded the file. It is scheduled with
    the date, follows it, and goes with the file; once done it stays done.
    """

    _name = "opportunity.file.expiry.mixin"
    _description = "Expiry of a File"

    date_expiry = fields.Date(
        "Expires on",
        index="btree_not_null",
        help="The salesperson, or else who loaded the file, gets an activity for "
        "this day.",
    )
    reminder_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files.filtered("date_expiry")._remind()
        return files

    def write(self, vals):
        result = super().write(vals)
        if REMINDED_OF & vals.keys():
            # Done reminders come back with another date only, or out of the bin.
            again = vals.get("date_expiry") or vals.get("active")
            # sudo: the reminder is the salesperson's, the file may be another's
            files = self.sudo().filtered(lambda file: again or file._is_remindful())
            files.with_env(self.env)._remind()
        return result

    def unlink(self):
        # sudo: the reminder is the salesperson's, the file may be another's
        reminders = self.sudo().filtered(lambda file: file._is_remindful()).reminder_id
        result = super().unlink()
        if self.env.su:
            reminders.exists().unlink()
        return result

    # === BUSINESS METHODS === #

    def _is_remindful(self):
        """Tell whether the reminder is still to be done."""
        return bool(self.reminder_id.active)

    def _remind(self):
        """Schedule the reminders anew."""
        # sudo: the reminder is the salesperson's, the file may be another's
        for file in self.sudo():
            if file._is_remindful():
                file.reminder_id.unlink()
            if file.active and file.date_expiry:
                document = file.lead_id or file.partner_id
                file.reminder_id = document.activity_schedule(
                    "mail.mail_activity_data_todo", **file._prepare_reminder_values()
                )

    def _prepare_reminder_values(self):
        """Return the values of the activity. Others read it as well, those of a contact
        every employee, so it does not tell the name of what they may not read."""
        owner = self.create_uid
        if self.visibility == "private" or not self.lead_id:
            return {
                "date_deadline": self.date_expiry,
                "summary": self.env._("A file of yours expires"),
                "user_id": owner.id,
            }
        return {
            "date_deadline": self.date_expiry,
            "summary": self.env._("%(file)s expires", file=self.name),
            "user_id": (self.lead_id.user_id or owner).id,
        }
