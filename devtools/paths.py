"""Where everything lies; all that the tools make is under `STATE`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "sales_opportunity_classic"
ADDON_DIR = ROOT / ADDON
DEVTOOLS = ROOT / "devtools"

STATE = ROOT / ".odoo"
BIN = STATE / "bin"
CACHE = STATE / "cache"
DATA = STATE / "data"
LOGS = STATE / "logs"
STAMPS = STATE / "stamps"
UNPACKED = STATE / "root"
VENV = STATE / "venv"
