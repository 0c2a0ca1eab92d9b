from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js


class HootCommon(HttpCase):
    """Runs the unit tests of ``static/tests`` in a browser."""

    def _run_suite(self, preset):
        # An unknown id would select every test of Odoo's, and outlast the time.
        suite = test_js.HOOTCommon._generate_hash(self, "@sales_opportunity_classic")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000&id={suite}",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )


@tagged("post_install", "-at_install")
class TestJs(HootCommon):
    """The unit tests on a desk."""

    @no_retry
    def test_unit_desktop(self):
        self._run_suite("desktop")


@tagged("post_install", "-at_install")
class TestJsMobile(HootCommon):
    """The unit tests on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_unit_mobile(self):
        self._run_suite("mobile")
