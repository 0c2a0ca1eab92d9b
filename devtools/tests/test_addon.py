"""What the tools read from the addon's folder."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from devtools import addon, paths
from devtools.system import Stop


class TestAddon(unittest.TestCase):
    """The manifest and the digest of a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        patch = mock.patch.object(paths, "ADDON_DIR", self.folder)
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, name, text="x"):
        """Write one file of the addon."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_manifest_is_read_without_running_it(self):
        self.write("__manifest__.py", '{"depends": ["crm"]}  # a comment')
        self.assertEqual(addon.manifest(), {"depends": ["crm"]})

    def test_missing_addon_is_told_in_one_sentence(self):
        with self.assertRaisesRegex(Stop, "is missing"):
            addon.manifest()

    def test_every_change_of_code_or_data_changes_the_hash(self):
        seen = {addon.addon_hash()}
        for name, text in (("a.py", "1"), ("a.py", "2"), ("b.py", "2")):
            self.write(name, text)
            seen.add(addon.addon_hash())
        self.assertEqual(len(seen), 4)

    def test_tests_and_compiled_files_do_not_change_the_hash(self):
        before = addon.addon_hash()
        for name in ("tests/test_a.py", "static/tests/a.js", "__pycache__/a.pyc"):
            self.write(name)
        self.assertEqual(addon.addon_hash(), before)


if __name__ == "__main__":
    unittest.main()
