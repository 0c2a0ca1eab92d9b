"""The SQL of the reports: what the rows of each are made of.

No ORM. ``leads`` is the query of the opportunities that the reader may read; it holds
``exchange_rate``, which makes amounts of the opportunity amounts of the reader's
company. Dates are UTC, durations days of 86,400 seconds.
"""

from .aggregates import AGGREGATES, select_ratio
from .conversion import Exchange
from .days import days_between, local_date, working_days_between
