"""When a step of a follow-up sequence is due. Plain functions, no ORM.

Moments come and go as Odoo stores them: in UTC, without a zone. Days and times of day
are those of the recipient's time zone. Whatever cannot be is refused by a
``ValueError`` with a sentence for people.
"""

from .due import get_due, get_remaining, get_resumed
from .rules import Delay, OnDate, Slot, Window
from .search import find_next, find_previous
from .working_days import get_working_days
