"""What apt says, read correctly."""

import unittest

from devtools.packages import Archive, debian_mirror, planned
from devtools.system import Stop

LISTING = """'http://m.example/archive-security/dists/x-security/InRelease' a 0
'http://m.example/debian/dists/bookworm/InRelease' b 0
'http://m.example/debian/dists/bookworm/main/binary-all/Packages.xz' c 0
"""
PLAN = """NOTE: This is only a simulation!
Inst libpq5 (15.1-1 Debian:12/stable [amd64])
Inst postgresql-15 (15.1-1 Debian:12/stable [amd64]) []
Conf libpq5 (15.1-1 Debian:12/stable [amd64])
"""


class TestApt(unittest.TestCase):
    """The lines of apt-get."""

    def test_plan_names_what_would_be_installed(self):
        self.assertEqual(planned(PLAN), ["libpq5", "postgresql-15"])

    def test_nothing_to_install_gives_an_empty_plan(self):
        self.assertEqual(planned("0 upgraded, 0 newly installed"), [])

    def test_mirror_is_the_one_of_the_release_itself(self):
        self.assertEqual(debian_mirror(LISTING), "http://m.example/debian")

    def test_security_mirror_alone_is_not_enough(self):
        with self.assertRaises(Stop):
            debian_mirror("'http://m.example/debian/dists/x-security/InRelease' a 0")

    def test_other_distribution_is_told_to_set_odoo_home(self):
        with self.assertRaisesRegex(Stop, "ODOO_HOME"):
            debian_mirror("'http://m.example/ubuntu/dists/noble/InRelease' a 0")

    def test_archive_of_another_suite_ignores_the_machines_sources(self):
        self.assertIn(
            "Dir::Etc::sourceparts=-", Archive("a", "deb x sid main").options()
        )
        self.assertNotIn("Dir::Etc::sourceparts=-", Archive("machine").options())


if __name__ == "__main__":
    unittest.main()
