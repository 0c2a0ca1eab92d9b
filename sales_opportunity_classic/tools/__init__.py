from . import recurrence
from . import stage_history
from . import validity
