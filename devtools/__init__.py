"""What `./dev` does: an Odoo 19, a PostgreSQL and the tests, in one ignored folder."""

import sys

from . import paths

# What Python compiles does not lie beside the sources.
sys.pycache_prefix = str(paths.CACHE / "pycache")
