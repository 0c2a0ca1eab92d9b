from odoo.tests import new_test_user

from .common import OpportunityCommon


class TimelineCommon(OpportunityCommon):
    """An opportunity with a customer, its salesman, a colleague who may read it only
    when it is shared, and a stranger in the same department.

    Nothing is on it but the row of its creation.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Rome Stones", "email": "rome@example.com"}
        )
        cls.salesman = cls.user_sales_salesman
        cls.opportunity.partner_id = cls.customer
        cls.colleague, cls.stranger = [
            new_test_user(
                cls.env,
                login,
                email=f"{login}@example.com",
                groups="sales_team.group_sale_salesman,base.group_partner_manager",
            )
            for login in ("colleague", "stranger")
        ]
        cls.env.flush_all()

    @classmethod
    def _plan_task(cls, summary="Call back", lead=None, user=None, **values):
        """Plan an activity, by default a to-do of the salesman's on the opportunity."""
        lead = lead if lead is not None else cls.opportunity
        return lead.activity_schedule(
            values.pop("kind", "mail.mail_activity_data_todo"),
            values.pop("due", "2026-05-04"),
            summary,
            user_id=(user or cls.salesman).id,
            **values,
        )

    @classmethod
    def _write_note(cls, body="Likes oak", lead=None, date="2026-05-01 08:00:00"):
        return cls._post(body, lead, date, subtype_xmlid="mail.mt_note")

    @classmethod
    def _post(cls, body, lead=None, date="2026-05-01 08:00:00", **values):
        lead = lead if lead is not None else cls.opportunity
        message = lead.message_post(body=body, **{"message_type": "comment"} | values)
        message.sudo().date = date
        return message

    @classmethod
    def _meet(cls, user=None, **values):
        Event = cls.env["calendar.event"].with_user(user or cls.salesman)
        return Event.create(
            {
                "name": "Demo",
                "start": "2026-05-04 10:00:00",
                "stop": "2026-05-04 11:00:00",
                "opportunity_id": cls.opportunity.id,
                **values,
            }
        )

    @classmethod
    def _send_letter(cls, lead=None, **values):
        lead = lead if lead is not None else cls.opportunity
        # sudo: letters are made by printing
        letters = cls.env["opportunity.letter"].sudo()
        letter = letters.create({"name": "Welcome", "lead_id": lead.id, **values})
        letter.date = "2026-05-02 07:00:00"
        return letter

    @classmethod
    def _load(cls, name="Contract.pdf", user=None, **values):
        files = cls.env["opportunity.file"].with_user(user or cls.salesman)
        file = files.create(
            {"name": name, "raw": b"x", "lead_id": cls.opportunity.id, **values}
        )
        cls.env.cr.execute(
            "UPDATE opportunity_file SET create_date = '2026-05-02' WHERE id = %s",
            file.ids,
        )
        return file

    @classmethod
    def _share(cls, access="read", user=None):
        return (
            cls.env["opportunity.share"]
            .with_user(cls.salesman)
            .create(
                {
                    "lead_id": cls.opportunity.id,
                    "user_id": (user or cls.colleague).id,
                    "access": access,
                }
            )
        )

    def _get(self, record=None, user=None, after=None, **filters):
        """Return a page, as the salesman sees it."""
        record = self.opportunity if record is None else record
        self.env.flush_all()
        self.env.invalidate_all()
        record = record.with_user(user or self.salesman)
        return record.get_timeline(filters, after)

    def _get_rows(self, *args, **kwargs):
        return self._get(*args, **kwargs)["rows"]

    def _get_kinds(self, *args, **kwargs):
        """Return the kinds of what is shown, the row of the creation left out."""
        rows = self._get_rows(*args, **kwargs)
        return [row["kind"] for row in rows if row["kind"] != "stage"]

    def _get_titles(self, *args, **kwargs):
        return [
            row["title"] or row["text"]
            for row in self._get_rows(*args, **kwargs)
            if row["kind"] != "stage"
        ]
