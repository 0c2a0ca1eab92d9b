"""Stamps, programs and the one sentence."""

import contextlib
import io
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from devtools import cli, odoo, paths, sql
from devtools.databases import create
from devtools.odoo_source import find_home, mend_links
from devtools.python_env import check_version
from devtools.serve import check_sample, require_free
from devtools.system import Stop, need_space, once, run


class StateCase(unittest.TestCase):
    """A test with a state folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, value in (
            ("ROOT", self.folder),
            ("LOGS", self.folder / "logs"),
            ("STAMPS", self.folder / "stamps"),
        ):
            patch = mock.patch.object(paths, name, value)
            patch.start()
            self.addCleanup(patch.stop)


class TestOnce(StateCase):
    """Work that is done once per key."""

    def test_work_is_done_once_per_key(self):
        work = mock.Mock()
        for key in ("a", "a", "b", "b"):
            once("thing", key, work)
        self.assertEqual(work.call_count, 2)

    def test_work_that_failed_is_done_again(self):
        work = mock.Mock(side_effect=[Stop("no"), None])
        with self.assertRaises(Stop):
            once("thing", "a", work)
        once("thing", "a", work)
        once("thing", "a", work)
        self.assertEqual(work.call_count, 2)


class TestRun(StateCase):
    """Programs run quietly."""

    def test_output_is_returned(self):
        self.assertEqual(run(["echo", "hello"], failure="no"), "hello\n")

    def test_input_is_given(self):
        self.assertEqual(run(["cat"], input="words", failure="no"), "words")

    def test_failure_is_one_sentence_and_the_output_is_kept(self):
        argv = [sys.executable, "-c", "import sys; sys.exit('the reason')"]
        with self.assertRaisesRegex(Stop, r"^It failed \(details: logs/x.log\)\.$"):
            run(argv, failure="It failed", log="x.log")
        self.assertEqual((self.folder / "logs/x.log").read_text(), "the reason\n")


class TestNewcomersErrors(StateCase):
    """Each error that a newcomer meets is one sentence that says what to do."""

    def test_full_disk(self):
        with self.assertRaisesRegex(Stop, "free at least 1000000 GB"):
            need_space(1_000_000)

    def test_wrong_python(self):
        check_version((3, 11))
        with self.assertRaisesRegex(Stop, "run ./dev with Python 3.11"):
            check_version((3, 13))

    def test_port_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with self.assertRaisesRegex(Stop, f"{port} is taken.*--port {port + 1}"):
                require_free(port)
        require_free(port)

    def test_sample_folder_without_files(self):
        self.assertIsNone(check_sample(None))
        with self.assertRaisesRegex(Stop, "lacks accounts.csv"):
            check_sample(self.folder)

    def test_odoo_home_without_odoo(self):
        with self.assertRaisesRegex(Stop, "holds no Odoo 19"):
            find_home(self.folder)

    def test_odoo_home_of_another_version(self):
        (self.folder / "odoo").mkdir()
        release = self.folder / "odoo" / "release.py"
        release.write_text("version_info = (18, 0, 0)")
        with self.assertRaises(Stop):
            find_home(self.folder)
        release.write_text("version_info = (19, 0, 0)")
        self.assertEqual(find_home(self.folder), self.folder)

    def test_database_with_a_name_that_needs_quoting(self):
        for name in ('a"b', "", "postgres", "1a", "../up"):
            with self.assertRaises(Stop):
                sql.check_name(name)

    def test_database_that_exists(self):
        found = mock.patch.object(sql, "exists", return_value=True)
        with found, self.assertRaisesRegex(Stop, "./dev dropdb mine drops it"):
            create("mine")


class TestMendedLinks(StateCase):
    """Links of the unpacked package that lead nowhere."""

    def setUp(self):
        super().setUp()
        self.share = self.folder / "usr" / "share" / "fonts"
        self.share.mkdir(parents=True)
        self.link = self.folder / "usr" / "lib" / "Font.otf"
        self.link.parent.mkdir()
        self.link.symlink_to("/usr/share/nowhere/Font.otf")

    def test_link_is_pointed_at_the_file_of_its_name(self):
        (self.share / "Font.otf").write_text("font")
        mend_links(self.folder)
        self.assertEqual(self.link.read_text(), "font")

    def test_link_is_pointed_at_the_regular_font(self):
        (self.share / "Font-Regular.otf").write_text("regular")
        mend_links(self.folder)
        self.assertEqual(self.link.read_text(), "regular")

    def test_missing_file_stops(self):
        with self.assertRaisesRegex(Stop, "lacks Font.otf"):
            mend_links(self.folder)


class TestCommandLine(unittest.TestCase):
    """The words of ./dev."""

    def main(self, *argv):
        """The status and the printed errors of a command."""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            return cli.main(list(argv)), errors.getvalue()

    def test_stop_is_one_sentence_without_traceback(self):
        with mock.patch("devtools.databases.drop", side_effect=Stop("Do this.")):
            self.assertEqual(self.main("dropdb", "x"), (2, "Do this.\n"))

    def test_words_behind_odoo_are_odoos(self):
        with mock.patch("devtools.odoo.call_odoo", return_value=3) as call:
            self.assertEqual(self.main("odoo", "-d", "x", "--help")[0], 3)
        call.assert_called_once_with("-d", "x", "--help")

    def test_shell_on_a_terminal_speaks(self):
        words = self.shell_words(terminal=True)
        self.assertEqual(words, ("shell", "-d", "x", "--no-http"))

    def test_shell_on_a_script_is_quiet(self):
        words = self.shell_words(terminal=False)
        self.assertEqual(words, ("shell", "-d", "x", "--no-http", odoo.QUIET))

    def shell_words(self, terminal):
        """The words that Odoo gets for its shell."""
        with (
            mock.patch("os.isatty", return_value=terminal),
            mock.patch("devtools.odoo.call_odoo", return_value=0) as call,
        ):
            self.main("shell", "x")
        return call.call_args.args

    def test_words_behind_the_database_are_psqls(self):
        with mock.patch("devtools.sql.call_psql", return_value=0) as call:
            self.main("psql", "x", "-c", "SELECT 1")
        call.assert_called_once_with("x", ["-c", "SELECT 1"])

    def test_modules_are_split(self):
        with mock.patch("devtools.databases.create") as call:
            self.main("createdb", "x", "--modules", "a,b", "--demo")
        call.assert_called_once_with(
            "x", demo=True, modules=["a", "b"], with_addon=True
        )


if __name__ == "__main__":
    unittest.main()
