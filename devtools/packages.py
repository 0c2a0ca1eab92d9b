"""Debian packages unpacked into a private folder: the system stays as it is."""

import re
import shutil

from . import paths
from .system import Stop, need_space, once, run

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
NETWORK = "Debian's packages cannot be had: check the network connection and retry"
SOURCE_URI = re.compile(r"'(?P<mirror>[^']+?)/?dists/(?P<suite>[^/']+)/InRelease'")
PLANNED = re.compile(r"^Inst (?P<name>\S+)", re.MULTILINE)


class Archive:
    """A private view of a package archive, usable without root.

    `source` is one line of an apt source list; without it, the machine's own
    sources are used.
    """

    def __init__(self, name, source=None):
        self.name = name
        self.source = source
        self.folder = paths.CACHE / "apt" / name

    def download(self, packages, root):
        """Unpack the packages themselves into `root`, their dependencies left out."""
        self._update()
        folder = self.folder / "packages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._apt("download", *packages, cwd=folder)
        for package in sorted(folder.glob("*.deb")):
            run(
                ["dpkg", "-x", package, root],
                failure=f"{package.name} cannot be unpacked",
            )
        shutil.rmtree(folder)

    def download_with_dependencies(self, packages, root):
        """Unpack the packages and whatever they need that the machine lacks."""
        self._update()
        plan = self._apt("-s", "install", "--no-install-recommends", *packages)
        self.download(sorted({*planned(plan), *packages}), root)

    def _update(self):
        (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.folder / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        if self.source:
            (self.folder / "sources.list").write_text(self.source + "\n")
        once(f"apt-{self.name}", self.source or "machine", lambda: self._apt("update"))

    def _apt(self, *words, **options):
        argv = ["apt-get", "-q", *self.options(), *words]
        return run(argv, failure=NETWORK, log=f"apt-{self.name}.log", **options)

    def options(self):
        settings = [
            f"Dir::State::Lists={self.folder / 'lists'}",
            f"Dir::Cache={self.folder}",
            "Debug::NoLocking=1",
            "APT::Sandbox::User=root",
            "Acquire::Retries=2",
            "Acquire::http::Timeout=30",
        ]
        if self.source:
            settings += [
                f"Dir::Etc::sourcelist={self.folder / 'sources.list'}",
                "Dir::Etc::sourceparts=-",
                "APT::Update::Error-Mode=any",
                # A mirror may lag behind; what it holds is still signed by Debian.
                "Acquire::Check-Valid-Until=false",
            ]
        return [word for setting in settings for word in ("-o", setting)]


def planned(plan):
    """The names of the packages that a simulated installation would add."""
    return PLANNED.findall(plan)


def machine_archive():
    """The archive of the machine's own release."""
    require_apt()
    return Archive("machine")


def unstable_archive():
    """The suite `sid` of the mirror that the machine itself uses."""
    require_apt()
    listing = run(
        ["apt-get", "update", "--print-uris"], failure="apt-get cannot list its sources"
    )
    return Archive(
        "sid", f"deb [signed-by={KEYRING}] {debian_mirror(listing)} sid main"
    )


def debian_mirror(listing):
    """The mirror in what `apt-get update --print-uris` says, not the security one."""
    for source in SOURCE_URI.finditer(listing):
        if "debian" in source["mirror"] and "security" not in source["suite"]:
            return source["mirror"]
    raise Stop(
        "This machine's apt sources name no Debian mirror: get Odoo 19 yourself and "
        "set ODOO_HOME to its folder."
    )


def require_apt():
    """Stop where packages cannot be had."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Stop(
            "This machine has no apt: set ODOO_HOME to an Odoo 19 tree and PGHOST to a "
            "PostgreSQL server, and install chromium and wkhtmltopdf yourself."
        )
    need_space(4)
