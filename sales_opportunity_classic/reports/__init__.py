from . import opportunity_label_pages
from . import opportunity_report_mixin
from . import opportunity_report_ageing
from . import opportunity_report_dashboard
from . import opportunity_report_forecast
from . import opportunity_report_outcome
from . import opportunity_report_salesperson
from . import opportunity_report_stage
