"""The Odoo 19 tree: the one `ODOO_HOME` names, or Debian's package made whole."""

import ast
import functools
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from . import paths
from .node import unpack_npm
from .packages import unstable_archive
from .system import Stop, once, say

TREE = paths.STATE / "odoo"
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
FONT_AWESOME = "font-awesome@4.7.0"
SEGMENTATION = "@mediapipe/selfie_segmentation@0.1.1675465747"


@functools.cache
def odoo_home():
    """The folder to put on the Python path so that `import odoo` gives Odoo 19."""
    if os.environ.get("ODOO_HOME"):
        return find_home(Path(os.environ["ODOO_HOME"]).expanduser().resolve())
    once("odoo", " ".join([*PACKAGES, FONT_AWESOME, SEGMENTATION]), download_odoo)
    return find_home(TREE)


def find_home(tree):
    """The importable folder of a source checkout or of an unpacked package."""
    for home in (tree, tree / "usr/lib/python3/dist-packages"):
        release = home / "odoo" / "release.py"
        if release.exists() and release_major(release) == 19:
            return home
    raise Stop(f"{tree} holds no Odoo 19: set ODOO_HOME to a folder that does.")


def release_major(release):
    """The major version that Odoo's release file declares."""
    for node in ast.parse(release.read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "version_info":
            return node.value.elts[0].value
    return None


def odoo_addons_paths():
    """The folders with Odoo's own addons, which a checkout keeps in two places."""
    home = odoo_home()
    inner, outer = home / "odoo" / "addons", home / "addons"
    # Debian's package has a second, incomplete copy in the outer folder.
    return [inner] if (inner / "web").is_dir() else [outer, inner]


def odoo_key():
    """What tells one Odoo tree from another."""
    release = odoo_home() / "odoo" / "release.py"
    return hashlib.sha256(str(release).encode() + release.read_bytes()).hexdigest()


def download_odoo():
    """Unpack Debian's package and put back what Debian left out of it."""
    archive = unstable_archive()
    say("Downloading Odoo 19 (about 130 MB) ...")
    shutil.rmtree(TREE, ignore_errors=True)
    archive.download(PACKAGES, TREE)
    addons = TREE / "usr/lib/python3/dist-packages/odoo/addons"
    restore_npm_files(addons)
    mend_links(TREE)


def restore_npm_files(addons):
    """Bring back the files that only the npm registry still has."""
    with tempfile.TemporaryDirectory() as scratch:
        fonts = unpack_npm(FONT_AWESOME, Path(scratch) / "fonts") / "fonts"
        for link in addons.glob("web/static/**/fonts/*"):
            if link.is_symlink() and (fonts / link.name).exists():
                link.unlink()
                shutil.copy(fonts / link.name, link)
        library = unpack_npm(SEGMENTATION, Path(scratch) / "segmentation")
        target = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library / target.name, target)


def mend_links(tree):
    """Point the links that lead nowhere at the files unpacked beside them."""
    shared = (tree / "usr/share").rglob("*")
    files = {path.name: path for path in shared if path.is_file()}
    for link in [path for path in tree.rglob("*") if is_broken(path)]:
        target = files.get(link.name) or files.get(f"{link.stem}-Regular{link.suffix}")
        if not target:
            raise Stop(
                f"Debian's Odoo package lacks {link.name}: get Odoo 19 yourself and "
                "set ODOO_HOME to its folder."
            )
        link.unlink()
        link.symlink_to(target)


def is_broken(path):
    """Whether the path is a link that leads nowhere."""
    return path.is_symlink() and not path.exists()
