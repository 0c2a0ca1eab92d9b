from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import timeline

# What the client may ask for; whatever else comes is said to be wrong.
STATES = {"open": True, "done": False}
TEXT_LENGTH = 200
LAST_ID = 2**31 - 1
LAST_MOMENT = 2**53


class Person(NamedTuple):
    """Somebody, as contact and as user."""

    partner_ids: list
    user_ids: list


class OpportunityTimelineFilterMixin(models.AbstractModel):
    """What the timeline is filtered by, as the client says it.

    Whatever it says ends in a filter or in a message that tells what is wrong.
    """

    _name = "opportunity.timeline.filter.mixin"
    _description = "Filters of the Timeline"

    @api.model
    def _clean_timeline_filters(self, filters):
        """Return filters as the statement takes them.

        :raise ValidationError: one of them makes no sense
        """
        filters = {} if filters is None else filters
        if not isinstance(filters, dict):
            raise self._make_timeline_error(filters)
        return {
            "kinds": self._clean_timeline_kinds(filters.get("kinds")),
            "person": self._clean_timeline_person(filters.get("person_id")),
            "date_from": self._clean_timeline_day(filters.get("date_from")),
            "date_to": self._clean_timeline_day(filters.get("date_to"), days=1),
            "is_open": self._clean_timeline_choice(filters.get("state"), STATES),
            "text": self._clean_timeline_text(filters.get("search")),
            "order": self._clean_timeline_choice(
                filters.get("order") or "newest",
                {order: order for order in timeline.ORDERS},
            ),
        }

    @api.model
    def _clean_timeline_kinds(self, kinds):
        known = set()
        for model in self._get_timeline_sources():
            known.update(self.env[model]._timeline_kinds)
        if not kinds:
            return []
        if not isinstance(kinds, list) or not all(
            isinstance(kind, str) and kind in known for kind in kinds
        ):
            raise self._make_timeline_error(kinds)
        return kinds

    @api.model
    def _clean_timeline_person(self, person_id):
        if not person_id:
            return None
        if not is_number(person_id, LAST_ID):
            raise self._make_timeline_error(person_id)
        # sudo: whoever left the company still did what they did
        users = self.env["res.users"].sudo().with_context(active_test=False)
        users = users._search(Domain("partner_id", "=", person_id))
        return Person([person_id], list(users.get_result_ids()))

    @api.model
    def _clean_timeline_day(self, day, days=0):
        """Return the moment at which a day of the user begins, or ends."""
        if not day:
            return None
        try:
            date = datetime.strptime(day, "%Y-%m-%d").date() + timedelta(days=days)
        except (TypeError, ValueError, OverflowError):
            raise self._make_timeline_error(day) from None
        start = self.env.tz.localize(datetime.combine(date, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _clean_timeline_choice(self, value, choices):
        if not value:
            return None
        if not isinstance(value, str) or value not in choices:
            raise self._make_timeline_error(value)
        return choices[value]

    @api.model
    def _clean_timeline_text(self, text):
        if not text:
            return ""
        if not isinstance(text, str):
            raise self._make_timeline_error(text)
        return text.replace("\x00", "").strip()[:TEXT_LENGTH]

    @api.model
    def _clean_timeline_cursor(self, after):
        if not after:
            return None
        match after:
            case [0 | 1 as rank, moment, str() as source, number] if (
                is_number(moment, LAST_MOMENT)
                and is_number(number, LAST_ID)
                and source in self._get_timeline_sources()
            ):
                distance = timedelta(microseconds=moment)
                return timeline.Cursor(int(rank), distance, source, number)
        raise self._make_timeline_error(after)

    @api.model
    def _make_timeline_cursor(self, entry):
        """Return what ``_clean_timeline_cursor`` takes."""
        moment = entry["moment"] // timedelta(microseconds=1)
        return [entry["rank"], moment, entry["source"], entry["number"]]

    @api.model
    def _make_timeline_error(self, value):
        return ValidationError(
            self.env._(
                "The tasks cannot be filtered by “%(value)s”. Reload the page.",
                value=str(value)[:100],
            )
        )


def is_number(value, limit):
    """Tell whether this is a whole number, no larger than ``limit`` either way."""
    return type(value) is int and abs(value) <= limit
