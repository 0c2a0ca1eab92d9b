"""Load the sample of the folder SAMPLE_DIR; fed to `odoo shell` on a new database."""

import os
import sys
from pathlib import Path

from odoo.addons import sales_opportunity_classic

sys.path.insert(0, str(Path(sales_opportunity_classic.__file__).parent.parent))

from devtools.sample.loading import load_sample  # noqa: E402

load_sample(env, os.environ["SAMPLE_DIR"])  # noqa: F821
env.cr.commit()  # noqa: F821
