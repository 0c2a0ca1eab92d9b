"""What the addon's folder says about itself."""

import ast
import hashlib

from . import paths
from .system import Stop

NOT_IN_A_DATABASE = {"tests", "__pycache__"}


def manifest():
    """The addon's manifest."""
    path = paths.ADDON_DIR / "__manifest__.py"
    if not path.exists():
        raise Stop(
            f"The folder {paths.ADDON} is missing: restore it from the repository."
        )
    return ast.literal_eval(path.read_text())


def addon_hash():
    """A digest of every file of the addon that a database can depend on."""
    digest = hashlib.sha256()
    for path in sorted(paths.ADDON_DIR.rglob("*")):
        relative = path.relative_to(paths.ADDON_DIR)
        if path.is_file() and not NOT_IN_A_DATABASE & set(relative.parts):
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()
