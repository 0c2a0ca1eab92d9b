import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import append_content_to_html

from ..tools.tracked_links import find_links, replace_links

# What a code is made of; the database refuses some of what else may come.
CODE = re.compile(r"[\w-]{22}", re.ASCII)
PIXEL = '<img src="%s" alt="" width="1" height="1" style="border:0"/>'


class SentLinks(dict):
    """{address: id and code of its link} of emails that are sent together. Odoo commits
    after each of them, and forgets what it has read."""


class OpportunityMailTrace(models.Model):
    """One email of an opportunity to one recipient, whose clicks are noted.

    Made while the email is sent, by which the recipient's copy alone gets the links
    with this token. Its links lead on for as long as it lives, whether or not clicks
    are still noted. It goes with the opportunity and with the contact.
    """

    _name = "opportunity.mail.trace"
    _description = "Tracked Email"
    _inherit = [
        "opportunity.access.mixin",
        "opportunity.recipient.mixin",
        "opportunity.token.mixin",
        "opportunity.settings.mixin",
    ]
    _order = "id desc"
    _rec_name = "subject"

    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    subject = fields.Char(readonly=True)
    email = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="The address of a recipient who is no contact.",
    )
    date = fields.Datetime("Sent on", required=True, readonly=True)
    # Not for people: the links of other addons are for all employees.
    link_ids = fields.Many2many(
        "link.tracker",
        "opportunity_mail_trace_link_rel",
        "trace_id",
        "link_id",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )

    _token_uniq = models.UniqueIndex("(token)")
    _message_email_uniq = models.UniqueIndex(
        "(mail_message_id, email) WHERE email IS NOT NULL"
    )

    # === CRUD METHODS === #

    def unlink(self):
        links = self.link_ids
        self.env["opportunity.click"].search([("trace_id", "in", self.ids)]).unlink()
        result = super().unlink()
        links._unlink_unused()
        return result

    # === SENDING === #

    @api.model
    def _track(self, mail, copies):
        """Lead the links of an email over this server, in the copies that have one
        recipient who may be tracked.

        :param mail: the ``mail.mail`` that is being sent
        :param list copies: as ``_prepare_outgoing_list`` returns them; changed
        """
        # sudo: whoever sends may not know what is noted
        mail, Trace = mail.sudo(), self.sudo()
        lead = mail._get_tracked_opportunity()
        recipients = lead and self.env["res.partner"]._find_trackable(copies, lead)
        if not recipients:
            return
        urls = [url for copy, __ in recipients for url in find_links(copy["body"])]
        has_pixel = Trace._is_noting("open")
        if not (urls or has_pixel):
            return
        links = self._get_links(urls)
        traces = Trace._make(mail, lead, [person for __, person in recipients], links)
        for (copy, __), trace in zip(recipients, traces, strict=True):
            copy["body"] = trace._lead_over(copy["body"], links, has_pixel)

    @api.model
    def _get_links(self, urls):
        """Return {address: id and code of its link}."""
        sent = self.env.context.get("opportunity_sent_links")
        links = sent if isinstance(sent, SentLinks) else SentLinks()
        new = [url for url in urls if url not in links]
        links.update(self.env["link.tracker"]._get_of_opportunities(new))
        return {url: links[url] for url in urls}

    @api.model
    def _make(self, mail, lead, people, links):
        """Return a trace per recipient: the same where the email is sent again.

        :param list people: a contact each, or an address
        """
        message = mail.mail_message_id
        sent = self.search([("mail_message_id", "=", message.id)])
        traces = {trace.partner_id or trace.email: trace for trace in sent}
        # Of the others it has been noted when their copy was sent.
        known = {person: traces[person] for person in people if person in traces}
        values = {
            "lead_id": lead.id,
            "mail_message_id": message.id,
            "subject": mail.subject,
            "date": fields.Datetime.now(),
            "link_ids": [fields.Command.link(id_) for id_, __ in links.values()],
        }
        self.concat(*known.values()).write(values)
        new = [person for person in dict.fromkeys(people) if person not in known]
        made = self.create([values | self._prepare_recipient(one) for one in new])
        known.update(zip(new, made, strict=True))
        return [known[person] for person in people]

    @api.model
    def _prepare_recipient(self, person):
        return (
            {"email": person} if isinstance(person, str) else {"partner_id": person.id}
        )

    def _lead_over(self, body, links, has_pixel):
        """Return the recipient's copy of an email."""
        addresses = {url: self._get_url(code) for url, (__, code) in links.items()}
        body = type(body)(replace_links(body, addresses))
        if has_pixel:
            image = PIXEL % self._get_pixel_url()
            body = append_content_to_html(body, image, plaintext=False)
        return body

    def _get_url(self, code):
        base = self.lead_id.get_base_url()
        return f"{base}/opportunity/r/{self.token}/{code}"

    def _get_pixel_url(self):
        return f"{self.lead_id.get_base_url()}/opportunity/o/{self.token}.gif"

    # === NOTING === #

    @api.model
    def _is_noting(self, kind):
        """Tell whether clicks, or opens, are to be noted by the settings."""
        names = ("track_links", "track_opens")[: 2 if kind == "open" else 1]
        return all(self._get_opportunity_setting(name) for name in names)

    def _find_link(self, code):
        """Return the link with a code that came from outside, if the email has it."""
        codes = self.env["link.tracker.code"]
        if not CODE.fullmatch(code):
            return codes.link_id
        domain = Domain("code", "=", code) & Domain("link_id", "in", self.link_ids.ids)
        return codes.search(domain, limit=1).link_id

    def _note(self, kind, visit, link=None):
        """Note that somebody followed a link, or opened the email.

        Of two at once Odoo runs the later one again, which then sees what the first
        one noted.

        :param visit: what the request tells of itself, of ``tools.click_robots``
        """
        self.ensure_one()
        if not self._is_noting(kind) or self._is_refused():
            return
        link = link or self.env["link.tracker"]
        self.env["opportunity.click"]._note(self, kind, link, visit)

    def _is_refused(self):
        """Tell whether the recipient does not want to be tracked by now."""
        person = self.partner_id or self.email
        return not person or bool(self.env["res.partner"]._find_refusing([person]))
