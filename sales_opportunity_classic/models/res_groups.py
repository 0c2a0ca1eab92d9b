from odoo import api, models
from odoo.exceptions import ValidationError


class ResGroups(models.Model):
    """Groups that custom fields and tabs name, as Odoo's fields and views do: by
    external id."""

    _inherit = "res.groups"

    def _get_opportunity_xmlids(self):
        """Return the external ids of the groups, joined by commas and in a stable
        order; groups made by hand get one."""
        if not self:
            return ""
        # sudo: external ids are not for sales administrators to read or write
        rows = self.sudo().export_data(["id"])["datas"]
        return ",".join(sorted(xmlid for [xmlid] in rows))

    def _check_opportunity_groups(self):
        """Refuse groups of customers: custom fields are for employees.

        :raises ValidationError: naming the group
        """
        portal, public = map(self.env.ref, ("base.group_portal", "base.group_public"))
        # sudo: what a group implies is not for sales administrators to read
        outside = (portal + public).sudo().all_implied_ids
        if foreign := self & outside:
            raise ValidationError(
                self.env._(
                    "“%(group)s”: customers on the portal are in this group, and "
                    "custom fields are for employees only.",
                    group=foreign[0].display_name,
                )
            )

    @api.model
    def _get_by_opportunity_xmlids(self, xmlids):
        """Return the groups with these external ids. The administrators stand in for
        a group that is not here, so that nobody sees more than before."""
        groups = self.browse()
        for xmlid in filter(None, xmlids.split(",")):
            found = self.env.ref(xmlid, raise_if_not_found=False)
            if not found or found._name != self._name:
                found = self.env.ref("base.group_system")
            groups += found
        return groups
