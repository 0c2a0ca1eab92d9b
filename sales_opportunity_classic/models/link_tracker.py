from odoo import api, fields, models

# Odoo wants the addresses of one label to be different; others may have the same.
LABEL = "Opportunity"


class LinkTracker(models.Model):
    """The links of emails from opportunities are of use to the system alone: all
    employees read the others, and Odoo's short addresses are soon guessed."""

    _inherit = "link.tracker"

    is_of_opportunity = fields.Boolean("Of Opportunities", readonly=True)
    opportunity_trace_ids = fields.Many2many(
        "opportunity.mail.trace",
        "opportunity_mail_trace_link_rel",
        "link_id",
        "trace_id",
        readonly=True,
        groups=fields.NO_ACCESS,
    )

    # Of any length, which others are not.
    _url_idx = models.Index("USING hash (url)")

    @api.model
    def _get_of_opportunities(self, urls):
        """Return {address: id and code of its link}; what is new is made."""
        # sudo: people have nothing to do with them
        Link = self.sudo().with_context(opportunity_links=True)
        domain = [("url", "in", list(urls)), ("is_of_opportunity", "=", True)]
        known = {link.url: link for link in Link.search(domain, order="id desc")}
        new = [url for url in dict.fromkeys(urls) if url not in known]
        made = Link.create([self._prepare_of_opportunities(url) for url in new])
        links = known | dict(zip(new, made, strict=True))
        # All at once: each email has the codes of several.
        Link.concat(*links.values()).link_code_ids.fetch(["code"])
        return {
            url: (link.id, link.link_code_ids[:1].code) for url, link in links.items()
        }

    @api.model
    def _prepare_of_opportunities(self, url):
        # With a title Odoo does not look for one at the address.
        return {
            "url": url,
            "title": url,
            "label": LABEL,
            "is_of_opportunity": True,
        }

    def _unlink_unused(self):
        """Delete links that no tracked email has any more."""
        links = self.filtered(lambda link: not link.opportunity_trace_ids)
        links.filtered("is_of_opportunity").unlink()
