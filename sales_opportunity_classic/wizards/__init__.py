from . import base_partner_merge_automatic_wizard
from . import opportunity_closing_mixin
from . import crm_lead_lost
from . import opportunity_folder_move
from . import opportunity_mark_won
