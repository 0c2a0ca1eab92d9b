from . import buy_link
