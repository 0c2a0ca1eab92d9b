"""The table of screens is sound, and files are named after what they show."""

import string
import unittest
from unittest import mock

with mock.patch.dict("sys.modules", websocket=mock.MagicMock()):
    from devtools.screens.chromium import on_answer, on_navigation, on_request
    from devtools.screens.take import slug
from devtools.screens.table import ADMIN, MANAGER, RECORDS, SALESPERSON, SCREENS


def request(number, url="http://127.0.0.1/web", kind="XHR", loader="new"):
    """What Chromium tells about a request."""
    return {
        "requestId": number,
        "loaderId": loader,
        "type": kind,
        "request": {"url": url},
    }


class TestTable(unittest.TestCase):
    """Each screen can be opened and has its own pictures."""

    def test_names_are_unique(self):
        names = [screen.name for screen in SCREENS]
        self.assertEqual(len(names), len(set(names)))

    def test_users_are_known(self):
        users = {screen.user for screen in SCREENS}
        self.assertLessEqual(users, {SALESPERSON, MANAGER, ADMIN})

    def test_paths_name_known_records(self):
        for screen in SCREENS:
            fields = [part[1] for part in string.Formatter().parse(screen.path)]
            self.assertLessEqual(set(filter(None, fields)), set(RECORDS), screen.name)


class TestNames(unittest.TestCase):
    """A picture's name has no count and no punctuation."""

    def test_slug(self):
        self.assertEqual(slug("Sales History (4)"), "sales-history")
        self.assertEqual(slug("General"), "general")


class TestWaiting(unittest.TestCase):
    """A page is ready when everything that it asked for has come."""

    def setUp(self):
        self.page = mock.Mock(requests={})

    def test_answered_request_is_forgotten(self):
        on_request(self.page, request("1"))
        self.assertTrue(self.page.requests)
        on_answer(self.page, {"requestId": "1"})
        self.assertFalse(self.page.requests)

    def test_streams_and_workers_are_not_waited_for(self):
        on_request(self.page, request("1", kind="EventSource"))
        on_request(self.page, request("2", "http://127.0.0.1/a_worker", "Script"))
        self.assertFalse(self.page.requests)

    def test_navigation_drops_requests_of_the_page_before(self):
        on_request(self.page, request("1", loader="old"))
        on_request(self.page, request("2"))
        on_navigation(self.page, {"frame": {"loaderId": "new"}})
        self.assertEqual(list(self.page.requests), ["2"])

    def test_navigation_of_an_inner_frame_changes_nothing(self):
        on_request(self.page, request("1", loader="old"))
        on_navigation(self.page, {"frame": {"loaderId": "new", "parentId": "0"}})
        self.assertEqual(list(self.page.requests), ["1"])
