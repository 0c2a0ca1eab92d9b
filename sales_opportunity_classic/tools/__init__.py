from . import follow_up_timing
from . import recurrence
from . import stage_history
from . import validity
