from . import buy_link
from . import file_link
from . import file_upload
from . import file_zip
from . import mail_trace
from . import portal
