from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..tools.click_robots import Visit, find_burst, find_sign
from ..tools.tracked_links import find_links, is_trackable, replace_links

SENT = datetime(2026, 5, 4, 10)
PERSON = Visit("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")


def after(seconds):
    return SENT + timedelta(seconds=seconds)


@tagged("post_install", "-at_install")
class TestTrackedLinks(BaseCase):
    def test_what_is_tracked(self):
        for url in (
            "https://example.com",
            "http://example.com:8080/a/b?c=d&e=f#g",
            "HTTPS://example.com/",
            "https://example.com/my-page",
            "https://example.com/webinar",
            "https://example.com/it's",
            "https://example.com/größe?ü=ö#ä",
            "https://例え.jp/道",
            "https://[2001:db8::1]/x",
            "https://example.com/" + "x" * 1980,
        ):
            self.assertTrue(is_trackable(url), url)

    def test_what_is_never_tracked(self):
        for url in (
            "",
            "#prices",
            "/shop",
            "//example.com/x",
            "mailto:me@example.com",
            "tel:+123",
            "sms:+123",
            "ftp://example.com",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "https:///x",
            "https://",
            "https://user:secret@example.com/",
            "https://example.com:port/",
            "https://[broken/",
            "https://example.com/a\nb",
            "https://example.com/a b",
            "https://example.com/a\tb",
            " https://example.com/",
            'https://example.com/"x',
            "https://example.com/<x>",
            "https:\\\\example.com",
            "https://example.com/\u2028",
            "https://example.com/" + "x" * 1981,
            # of one person only
            "https://example.com/my/orders/5",
            "https://example.com/my",
            "https://example.com/fr/my/orders",
            "https://example.com/pt_BR/my/orders",
            "https://example.com/x?access_token=1",
            "https://example.com/x?a=1&answer_token=1",
            "https://example.com/rate/abc/5",
            "https://example.com/en_US/survey/abc",
            "https://example.com/sign/abc",
            "https://example.com/mail/view?model=crm.lead",
            "https://example.com/mail/unfollow",
            "https://example.com/web/content/5",
            "https://example.com/web",
            "https://example.com/odoo/crm",
            "https://example.com/opportunity/buy/x",
            "https://example.com/opportunity/shared/x",
            "https://example.com/opportunity/r/x/y",
            "https://example.com/mailing/5/unsubscribe",
            "https://example.com/unsubscribe_from_list",
            "https://news.example.com/Unsubscribe?x=1",
            "https://example.com/preferences?opt-out=1",
        ):
            self.assertFalse(is_trackable(url), url)

    def test_links_are_found_and_replaced_and_nothing_else(self):
        html = (
            "<p title=\"<a href='https://t.example.com'>\">"
            "<a href=https://bare.example.com/x>1</a>"
            "<A class='x' HREF = 'https://single.example.com/?a=1&amp;b=2'>2</A>"
            "<a title=\" href='https://t.example.com'\" "
            'href="https://double.example.com/" href="https://second.example.com">3</a>'
            '<a data-href="https://data.example.com">4</a>'
            "<a>5</a><abbr href='https://abbr.example.com'>6</abbr>"
            "<!-- <a href='https://comment.example.com'>7</a> -->"
            "<style>a[href='https://style.example.com'] {}</style>"
            "<!--[if mso]><a href='https://mso.example.com'>8</a><![endif]-->"
            "https://text.example.com"
            '<a href="https://double.example.com/">again</a></p>'
        )
        urls = [
            "https://bare.example.com/x",
            "https://single.example.com/?a=1&b=2",
            "https://double.example.com/",
        ]
        self.assertEqual(find_links(html), urls)
        changed = replace_links(html, dict.fromkeys(urls, "https://me/?a&b"))
        self.assertEqual(changed.count('"https://me/?a&amp;b"'), 4)
        self.assertEqual(find_links(changed), ["https://me/?a&b"])
        self.assertEqual(replace_links(html, {}), html)
        self.assertEqual(
            replace_links("<a href='https://x.example.com'>ü</a>", {}),
            "<a href='https://x.example.com'>ü</a>",
        )

    def test_broken_texts_stay_as_they_are(self):
        for html in (
            "",
            "<a",
            "<a href=",
            '<a href="https://example.com',
            "<a href=\"https://example.com'>x</a>",
            "<a <a <a " * 1000,
            '<a "' * 1000,
            "<!-- " * 1000,
        ):
            self.assertEqual(find_links(html), [])
            self.assertEqual(replace_links(html, {"https://example.com": "x"}), html)

    def test_not_more_than_a_hundred(self):
        html = "".join(f'<a href="https://x.example.com/{n}">' for n in range(150))
        self.assertEqual(len(find_links(html)), 100)


@tagged("post_install", "-at_install")
class TestClickRobots(BaseCase):
    def _find(self, visit=PERSON, date=None, earlier=(), link="a"):
        return find_sign(visit, link, date or after(60), SENT, list(earlier))

    def test_people(self):
        self.assertEqual(self._find(), "")
        self.assertEqual(self._find(date=after(10)), "")
        self.assertEqual(self._find(earlier=[("b", after(58))]), "")
        self.assertEqual(self._find(earlier=[("a", after(60)), ("a", after(59))]), "")
        proxy = Visit("Mozilla/5.0 (via ggpht.com GoogleImageProxy)")
        self.assertEqual(self._find(proxy), "")

    def test_programs(self):
        for agent in ("", "curl/8", "python-requests/2", "Mimecast", "HeadlessChrome"):
            visit = Visit(agent, is_crawler=agent.startswith("curl"))
            self.assertEqual(self._find(visit), "agent", agent)
        for purpose in ("prefetch", "Prefetch;prerender", "preview"):
            self.assertEqual(self._find(Visit(PERSON.agent, purpose)), "prefetch")
        self.assertEqual(self._find(date=after(9)), "early")
        self.assertEqual(self._find(date=after(-5)), "early")

    def test_bursts(self):
        for earlier, found in (
            ([("b", after(60))], [0]),
            ([("b", after(59))], []),
            ([("b", after(55)), ("c", after(51))], [0, 1]),
            ([("b", after(55)), ("c", after(50))], []),
            ([("b", after(55)), ("b", after(51))], []),
            ([("a", after(60)), ("b", after(60))], [0, 1]),
        ):
            self.assertEqual(find_burst("a", after(60), earlier), found, earlier)
            sign = "burst" if found else ""
            self.assertEqual(self._find(earlier=earlier), sign)
