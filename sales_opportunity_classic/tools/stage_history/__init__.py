"""The SQL of the sales history: set-based, one statement per batch of leads.

No ORM. Dates are UTC, durations are seconds or days of 86,400 seconds. A row with an
``origin`` came from a merged lead and is outside every chain and duration.
"""

from .rebuild import Rebuild
from .recording import insert_changes, insert_creations, take_over
from .stays import add_up_stays, select_entries
