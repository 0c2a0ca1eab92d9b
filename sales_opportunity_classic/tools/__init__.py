from . import stage_history
from . import validity
