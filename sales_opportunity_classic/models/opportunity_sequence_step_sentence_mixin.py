from odoo import api, fields, models
from odoo.tools import format_date, format_time

from .opportunity_sequence_step_timing_mixin import WEEKDAYS, to_time


class OpportunitySequenceStepSentenceMixin(models.AbstractModel):
    """A step as people say it: “3 days later, at 9:00, Email: Introduction”."""

    _name = "opportunity.sequence.step.sentence.mixin"
    _description = "Sentence of a Step"

    sentence = fields.Char("Step", compute="_compute_sentence")

    @api.depends(
        *("timing", "delay_count", "delay_unit", "date_field_id", "date_fixed"),
        *("is_before", "is_yearly", "time_mode", "time_start", "time_end"),
        *("is_working_days", "step_type", "display_name", "is_removing"),
        *("tag_ids", "category_ids", "field_id", "field_value"),
        *("share_user_id", "share_team_id"),
        *WEEKDAYS,
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for step in self:
            parts = (step._say_when(), *step._say_slot(), step._say_what())
            sentence = ", ".join(filter(None, parts))
            step.sentence = sentence[:1].upper() + sentence[1:]

    # === WHEN === #

    def _say_when(self):
        """Return when the step is due, without the time of day."""
        match self.timing:
            case "date":
                return self.env._("on %s", format_date(self.env, self.date_fixed))
            case "field":
                return self._say_date()
            case "task":
                if not self.delay_count:
                    return self.env._("when the task before is done")
                return self.env._("%s after the task is done", self._say_delay())
            case _:
                if not self.delay_count:
                    return self.env._("at once")
                return self.env._("%s later", self._say_delay())

    def _say_date(self):
        # sudo: what fields there are is no secret
        date = self.sudo().date_field_id.field_description or ""
        values = {"delay": self._say_delay(), "date": date}
        if not self.delay_count:
            text = self.env._("on “%s”", date)
        elif self.is_before:
            text = self.env._("%(delay)s before “%(date)s”", **values)
        else:
            text = self.env._("%(delay)s after “%(date)s”", **values)
        return self.env._("%s every year", text) if self.is_yearly else text

    def _say_delay(self):
        """Return how long the step waits; its words are whole, to be translated."""
        count, is_one = self.delay_count, self.delay_count == 1
        texts = {
            "minute": (self.env._("1 minute"), self.env._("%s minutes", count)),
            "hour": (self.env._("1 hour"), self.env._("%s hours", count)),
            "day": (self.env._("1 day"), self.env._("%s days", count)),
            "week": (self.env._("1 week"), self.env._("%s weeks", count)),
            "month": (self.env._("1 month"), self.env._("%s months", count)),
        }
        singular, plural = texts.get(self.delay_unit, ("", ""))
        return singular if is_one else plural

    def _say_slot(self):
        """Yield on which days and at what time the step may be carried out."""
        if not all(self[day] for day in WEEKDAYS):
            days = [self._fields[day] for day in WEEKDAYS if self[day]]
            names = [day._description_string(self.env) for day in days]
            yield self.env._("on %s", ", ".join(names))
        if self.is_working_days:
            yield self.env._("on a working day")
        start, end = self._say_time(self.time_start), self._say_time(self.time_end)
        if self.time_mode == "at":
            yield self.env._("at %s", start)
        elif self.time_mode == "window":
            yield self.env._("between %(start)s and %(end)s", start=start, end=end)

    def _say_time(self, hours):
        return format_time(self.env, to_time(hours), False, "short")

    # === WHAT === #

    def _say_what(self):
        """Return the kind of step with what tells it from others."""
        kinds = dict(self._fields["step_type"]._description_selection(self.env))
        kind = kinds.get(self.step_type, "")
        content = self.name or self._get_content_name() or self._say_content()
        if not content:
            return kind
        return self.env._("%(kind)s: %(name)s", kind=kind, name=content)

    def _say_content(self):
        match self.step_type:
            case "tag":
                tags = self.tag_ids or self.category_ids
                names = ", ".join(tags.mapped("display_name"))
                return self.env._("without %s", names) if self.is_removing else names
            case "field":
                # sudo: what fields there are is no secret
                name = self.sudo().field_id.field_description or ""
                return f"{name} = {self.field_value or ''}"
            case "share":
                return (self.share_user_id or self.share_team_id).display_name
            case _:
                return ""
