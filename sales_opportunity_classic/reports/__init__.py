from . import opportunity_label_pages
