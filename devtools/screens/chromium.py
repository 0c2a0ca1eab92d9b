"""A headless Chromium, steered through its DevTools protocol.

Runs in the virtual environment, for its WebSocket client.
"""

import base64
import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from websocket import WebSocketTimeoutException, create_connection

TIMEOUT = 60
QUIET_SECONDS = 0.5
START_SECONDS = 30
AWAITED = {"Document", "Fetch", "Font", "Image", "Script", "Stylesheet", "XHR"}
OPTIONS = (
    "--headless=new",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    "--lang=en-US",
)


class PageError(Exception):
    """The page did not do what was asked."""


@contextlib.contextmanager
def chromium(program):
    """A page of a new Chromium without any past."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = start(program, profile)
        try:
            yield Page(page_address(profile))
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def start(program, profile):
    """Start Chromium; root has no sandbox to offer."""
    words = [f"--user-data-dir={profile}", "about:blank"]
    if os.geteuid() == 0:
        words.insert(0, "--no-sandbox")
    return subprocess.Popen(
        [program, *OPTIONS, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def page_address(profile):
    """Where the page listens; Chromium writes its port when it is ready."""
    path = Path(profile, "DevToolsActivePort")
    deadline = time.monotonic() + START_SECONDS
    while not (path.exists() and path.read_text().strip()):
        if time.monotonic() > deadline:
            raise PageError("Chromium does not start.")
        time.sleep(0.1)
    port = path.read_text().split()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        targets = json.load(answer)
    return next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page")


class Page:
    """One page: where it is, what it requested and what went wrong in it."""

    def __init__(self, address):
        self.socket = create_connection(address, timeout=TIMEOUT)
        self.count = 0
        self.requests = {}
        self.problems = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Call a method of the protocol and return its result."""
        self.count += 1
        number = self.count
        message = {"id": number, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            message = self.receive(TIMEOUT)
            if message.get("id") == number:
                break
        if "error" in message:
            raise PageError(f"{method}: {message['error']['message']}")
        return message["result"]

    def receive(self, seconds):
        """The next message, noted when it is an event."""
        self.socket.settimeout(seconds)
        message = json.loads(self.socket.recv())
        if handle := EVENTS.get(message.get("method")):
            handle(self, message["params"])
        return message

    def settle(self):
        """Wait until the page has requested nothing for a while."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            try:
                self.receive(QUIET_SECONDS)
            except WebSocketTimeoutException:
                if not self.requests:
                    return
        urls = ", ".join(url for _loader, url in self.requests.values())
        raise PageError(f"The page still waits for {urls}.")

    def evaluate(self, expression):
        """The value of a JavaScript expression."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise PageError(describe(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def resize(self, width, height, phone):
        """Take the size, and the fingers, of a device."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def open(self, url):
        """Open an address and let the page settle."""
        self.requests.clear()
        self.call("Page.navigate", url=url)
        self.settle()

    def forget(self, origin):
        """Sign out: drop what a site keeps, such as who signed in before."""
        self.call("Storage.clearDataForOrigin", origin=origin, storageTypes="all")

    def picture(self, path):
        """Save what is visible."""
        answer = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))


def describe(details):
    """The text of a JavaScript exception."""
    exception = details.get("exception", {})
    return exception.get("description") or details["text"]


def on_request(page, params):
    """Another answer to wait for; the page is never told the end of a worker's."""
    url = params["request"]["url"]
    if params.get("type") in AWAITED and "worker" not in url:
        page.requests[params["requestId"]] = (params["loaderId"], url)


def on_navigation(page, params):
    """What the page before had requested does not matter any more."""
    if "parentId" not in params["frame"]:
        loader = params["frame"]["loaderId"]
        left = {key: kept for key, kept in page.requests.items() if kept[0] == loader}
        page.requests = left


def on_answer(page, params):
    """One answer less to wait for."""
    page.requests.pop(params["requestId"], None)


def on_exception(page, params):
    """The page's code failed."""
    page.problems.append(describe(params["exceptionDetails"]))


def on_log(page, params):
    """The browser noted something, such as a missing file."""
    entry = params["entry"]
    if entry["level"] == "error":
        page.problems.append(f"{entry['text']} {entry.get('url', '')}")


EVENTS = {
    "Page.frameNavigated": on_navigation,
    "Network.requestWillBeSent": on_request,
    "Network.loadingFinished": on_answer,
    "Network.loadingFailed": on_answer,
    "Runtime.exceptionThrown": on_exception,
    "Log.entryAdded": on_log,
}
