"""Programs of unpacked packages, made runnable by small wrappers in one folder."""

import os
import shlex

from . import paths
from .packages import machine_archive
from .system import find_program, once, say

FONTS = [
    "fonts-dejavu-core",
    "fonts-liberation",
    "fonts-symbola",  # emoji
    "fonts-wqy-microhei",  # Chinese, Japanese, Korean
    "fontconfig-config",
]
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def unpack(name, packages):
    """Unpack packages with their dependencies, once."""

    def make():
        say(f"Unpacking {name} ...")
        machine_archive().download_with_dependencies(packages, paths.UNPACKED)

    once(f"unpacked-{name}", " ".join(packages), make)


def library_path():
    """The folders that hold the shared libraries of unpacked packages."""
    patterns = ["usr/lib/*-linux-gnu*", "lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/*/"]
    found = [folder for pattern in patterns for folder in paths.UNPACKED.glob(pattern)]
    return os.pathsep.join(str(folder) for folder in found if any(folder.glob("*.so*")))


def write_wrapper(name, program, settings=None):
    """Put a small script on our own PATH that starts an unpacked program; its path."""
    settings = {"LD_LIBRARY_PATH": library_path(), **(settings or {})}
    exports = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    lines = ["#!/bin/sh", *exports, f'exec {shlex.quote(str(program))} "$@"', ""]
    paths.BIN.mkdir(parents=True, exist_ok=True)
    wrapper = paths.BIN / name
    wrapper.write_text("\n".join(lines))
    wrapper.chmod(0o755)
    return wrapper


def ensure_browser():
    """The path of a Chromium, which Odoo's browser tests find on the PATH."""
    return find_program("chromium") or find_program("google-chrome") or own_browser()


def own_browser():
    """The path of the unpacked Chromium."""
    unpack("chromium", ["chromium", *FONTS])
    program = paths.UNPACKED / "usr/lib/chromium/chromium"
    return write_wrapper("chromium", program, font_settings())


def ensure_wkhtmltopdf():
    """A wkhtmltopdf that Odoo's reports find on the PATH."""
    if not find_program("wkhtmltopdf"):
        unpack("wkhtmltopdf", ["wkhtmltopdf", *FONTS])
        plugins = next(paths.UNPACKED.glob("usr/lib/*-linux-gnu*/qt5/plugins"))
        settings = {"QT_PLUGIN_PATH": str(plugins), **font_settings()}
        write_wrapper("wkhtmltopdf", paths.UNPACKED / "usr/bin/wkhtmltopdf", settings)


def font_settings():
    """What makes fontconfig find the unpacked fonts."""
    config = paths.STATE / "fonts.conf"
    cache = paths.CACHE / "fontconfig"
    config.write_text(FONTS_CONF.format(root=paths.UNPACKED, cache=cache))
    return {"FONTCONFIG_FILE": str(config)}
