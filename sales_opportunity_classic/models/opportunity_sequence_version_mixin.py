from odoo import api, fields, models


class OpportunitySequenceVersionMixin(models.AbstractModel):
    """The versions of a sequence's steps.

    Steps that somebody was enrolled in never change: whatever edits them, on the
    sequence or one by one, copies all of them first and goes on with the copies, which
    remember their origin. So what was done can be told for good, and nobody who is
    enrolled gets other steps than those shown when it was started.
    """

    _name = "opportunity.sequence.version.mixin"
    _description = "Versions of a Sequence"

    version = fields.Integer(default=1, readonly=True, required=True, copy=False)
    step_ids = fields.One2many(
        "opportunity.sequence.step",
        "sequence_id",
        "Steps",
        domain=[("is_current", "=", True)],
        copy=True,
    )
    all_step_ids = fields.One2many(
        "opportunity.sequence.step", "sequence_id", "Steps of All Versions"
    )
    outdated_count = fields.Integer(
        "On an Earlier Version", compute="_compute_outdated_count"
    )

    is_version_used = fields.Boolean(compute="_compute_is_version_used")

    # === COMPUTE METHODS === #

    @api.depends("version")
    def _compute_is_version_used(self):
        for sequence in self:
            saved = sequence._origin
            sequence.is_version_used = bool(saved) and saved._is_version_used()

    @api.depends("version")
    def _compute_outdated_count(self):
        for sequence in self:
            sequence.outdated_count = self.env[
                "opportunity.sequence.enrollment"
            ].search_count(sequence._get_outdated_domain())

    # === CRUD METHODS === #

    def write(self, vals):
        if not vals.get("step_ids"):
            return super().write(vals)
        for sequence in self:
            copies = sequence._renew_steps()
            commands = [_redirect(command, copies) for command in vals["step_ids"]]
            super(OpportunitySequenceVersionMixin, sequence).write(
                {**vals, "step_ids": commands}
            )
        return True

    # === ACTION METHODS === #

    def action_move_enrolled(self):
        """Move those who are on an earlier version to the present one; when their next
        step is due stays as it is."""
        self.ensure_one()
        self.check_access("write")
        enrollments = self.env["opportunity.sequence.enrollment"]
        enrollments.search(self._get_outdated_domain())._move_to_version()
        return True

    # === BUSINESS METHODS === #

    def _get_outdated_domain(self):
        return [
            ("sequence_id", "in", self.ids),
            ("version", "<", self.version if len(self) == 1 else 0),
            ("state", "in", ("active", "paused")),
        ]

    def _is_version_used(self):
        """Tell whether somebody is or was enrolled in the present version."""
        # sudo: those whom the user may not see as well
        enrollments = self.env["opportunity.sequence.enrollment"].sudo()
        return bool(
            enrollments.search_count(
                [
                    ("sequence_id", "=", self.id),
                    ("version", "=", self.version),
                    ("state", "!=", "draft"),
                ],
                limit=1,
            )
        )

    def _renew_steps(self):
        """Make a new version of the steps where the present one is in use.

        :return: {id of the step: its copy}; empty where the steps may be edited
        """
        self.ensure_one()
        if not self._is_version_used():
            return {}
        steps = self.step_ids
        version = self.version + 1
        super().write({"version": version})
        renewing = steps.with_context(opportunity_renewing=RENEWING)
        copies = [
            step.copy({"version": version, "origin_id": step._get_origin().id})
            for step in renewing
        ]
        renewing.write({"is_current": False})
        self.invalidate_recordset(["step_ids", "all_step_ids"])
        return dict(zip(steps.ids, self.env[steps._name].concat(*copies), strict=True))

    def _get_started(self):
        """Return the sequences and all that they start, one after the other."""
        started = self
        # sudo: of other companies as well
        while more := started.sudo().step_ids.start_sequence_id - started:
            started += more
        return started

    def _get_steps(self, version):
        """Return the steps of a version, in their order."""
        return self.all_step_ids.filtered(lambda step: step.version == version).sorted()


# In the context while a version is made; an object, so that no client sends it.
RENEWING = object()


def _redirect(command, copies):
    """Return an edit of a step as one of its copy."""
    match list(command):
        case [(1 | 2 | 3 | 4) as kind, id_, *rest] if id_ in copies:
            return (kind, copies[id_].id, *rest)
        case [6, zero, ids]:
            return (6, zero, [copies[id_].id if id_ in copies else id_ for id_ in ids])
        case _:
            return command
