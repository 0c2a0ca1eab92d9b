"""The SQL of the timeline: what happened and is to happen, of several tables at once.

No ORM. Each source describes the columns of its own table; the union puts the selected
rows of all in one order and cuts a page out of it. Dates are UTC.
"""

from . import activities, clicks, events, files, letters, messages, moves, steps
from .columns import Columns
from .outcomes import select_outcomes
from .union import ORDERS, Cursor, select_page, select_people
