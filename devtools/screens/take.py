"""Take the pictures of the table; reads its task as JSON from standard input."""

import json
import re
import sys
from pathlib import Path

from .chromium import PageError, chromium
from .table import SCREENS, SIZES

# Defines `find`, which understands the selectors of the table.
HELPERS = """
window.find = (selector) => {
    const [css, text] = selector.split("|");
    return [...document.querySelectorAll(css)].filter((element) =>
        element.getClientRects().length &&
        element.textContent.trim().startsWith(text || ""));
};
"""
SIGNED_IN = "Boolean(document.querySelector('.o_web_client'))"
READY = """
new Promise((resolve) => {
    const look = (left) => {
        const view = find(".o_action .o_content");
        const busy = find(".o_loading_indicator, .o_blockUI, .o_view_sample_loading");
        if ((view.length && !busy.length) || !left) {
            resolve(Boolean(view.length));
        } else {
            setTimeout(look, 200, left - 1);
        }
    };
    look(100);
})
"""
ERRORS = "find('.o_error_dialog, .o_notification_bar.bg-danger').length"
CLICK = "find({selector})[{index}].click()"
TEXTS = "find({selector}).map((element) => element.textContent.trim())"
# What sticks to the top of the page must not cover the element.
SHOW = """
(() => {{
    const element = find({selector})[{index}];
    element.style.scrollMarginTop = "180px";
    element.scrollIntoView();
}})()
"""


class Photographer:
    """Walks through the screens with one page."""

    def __init__(self, page, task):
        self.page = page
        self.base = task["url"]
        self.users = task["users"]
        self.records = task["records"]
        self.folder = Path(task["folder"])
        self.saved = []
        self.problems = []
        page.call("Page.addScriptToEvaluateOnNewDocument", source=HELPERS)

    def take_all(self):
        """Take every picture, one user after the other."""
        for user in dict.fromkeys(screen.user for screen in SCREENS):
            self.sign_in(self.users[user])
            for size in SIZES:
                self.page.resize(*size[1:])
                for screen in SCREENS:
                    if screen.user == user:
                        self.try_to_take(screen, size[0])

    def sign_in(self, login):
        """Sign in as people do, with the login as password."""
        page = self.page
        page.resize(*SIZES[0][1:])
        page.forget(self.base)
        page.open(f"{self.base}/web/login")
        for name in ("login", "password"):
            page.evaluate(f"find('#{name}')[0].value = {json.dumps(login)}")
        page.evaluate("find('form.oe_login_form')[0].submit()")
        page.settle()
        if not page.evaluate(SIGNED_IN):
            raise PageError(f"{login} cannot sign in with the password {login}.")

    def try_to_take(self, screen, size):
        """Take the pictures of a screen; note what was wrong with it."""
        self.page.problems.clear()
        try:
            self.take(screen, size)
        except KeyError as missing:
            self.problems.append(f"{screen.name}-{size}: there is no record {missing}")
        except PageError as failure:
            self.problems.append(f"{screen.name}-{size}: {failure}")
        found = dict.fromkeys(self.page.problems)
        self.problems += [f"{screen.name}-{size}: {problem}" for problem in found]

    def take(self, screen, size):
        """Open a screen, click what is to be clicked and save it."""
        self.open(screen.path.format(**self.records))
        for selector in screen.clicks:
            self.click(selector)
        if screen.focus:
            self.evaluate(SHOW, screen.focus)
        if screen.each:
            self.take_each(screen, size)
        else:
            self.save(f"{screen.name}-{size}")

    def take_each(self, screen, size):
        """Click the elements in turn, and save what each shows."""
        for index, text in enumerate(self.evaluate(TEXTS, screen.each)):
            self.evaluate(CLICK, screen.each, index)
            self.page.settle()
            self.evaluate(SHOW, screen.each, index)
            self.page.settle()
            self.save(f"{screen.name}-{slug(text)}-{size}")

    def open(self, path):
        """Open a path of the web client and wait for its view."""
        self.page.open(f"{self.base}/odoo/{path}")
        if not self.page.evaluate(READY):
            raise PageError(f"{path} shows no view")
        self.page.settle()

    def click(self, selector):
        """Click an element, which must be there unless the selector says else."""
        css = selector.removeprefix("?")
        if self.evaluate(TEXTS, css):
            self.evaluate(CLICK, css)
            self.page.settle()
        elif css == selector:
            raise PageError(f"nothing to click at {selector}")

    def evaluate(self, expression, selector, index=0):
        """Evaluate one of the expressions above for a selector."""
        words = {"selector": json.dumps(selector), "index": index}
        return self.page.evaluate(expression.format(**words))

    def save(self, name):
        """Save a picture; an error on it is a problem."""
        path = self.folder / f"{name}.png"
        self.page.picture(path)
        self.saved.append(str(path))
        if self.page.evaluate(ERRORS):
            raise PageError("an error message is on the screen")


def slug(text):
    """A text as part of a file's name."""
    return re.sub(r"[^a-z]+", "-", text.casefold()).strip("-")


def main():
    """Take the pictures and tell, as JSON, what was saved and what was wrong."""
    task = json.load(sys.stdin)
    with chromium(task["chromium"]) as page:
        photographer = Photographer(page, task)
        photographer.take_all()
    print(json.dumps({"saved": photographer.saved, "problems": photographer.problems}))


if __name__ == "__main__":
    main()
