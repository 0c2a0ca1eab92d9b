"""Odoo's WSGI application in this process, called as browsers call it."""

import dataclasses
import gc
import json
import threading
import time

from werkzeug.test import Client as WsgiClient

from odoo import api, http
from odoo.service import security
from odoo.tools import config

from .figures import Sample
from .measure import environment


class Client:
    """A signed-in salesperson's browser."""

    def __init__(self, registry, uid):
        self.uid = uid
        self.wsgi = open_server(registry)
        with environment(registry, uid) as env:
            self.context = dict(env["res.users"].context_get(), uid=uid)
            session = sign_in(env)
            self.csrf_token = http.Request.csrf_token(Page(env, session))
        self.headers = cookie(session)

    def call(self, method, arguments=(), **options):
        """The sample of one call of a method of the leads."""
        options["context"] = {**self.context, **options["context"]}
        parameters = {
            "model": "crm.lead",
            "method": method,
            "args": list(arguments),
            "kwargs": options,
        }
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        gc.collect()
        start = time.perf_counter()
        answer = self.wsgi.post(
            f"/web/dataset/call_kw/crm.lead/{method}", json=body, headers=self.headers
        )
        seconds = time.perf_counter() - start
        require_result(method, answer)
        return Sample(seconds, threading.current_thread().query_count)

    def post(self, path, values):
        """What the server answers to a form, read as JSON."""
        data = {"csrf_token": self.csrf_token, **values}
        answer = self.wsgi.post(path, data=data, headers=self.headers)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status}")
        return json.loads(answer.get_data(as_text=True))


@dataclasses.dataclass
class Page:
    """What a form's token is made of."""

    env: api.Environment
    session: http.Session


class Visitor:
    """The browser of somebody who is not signed in."""

    def __init__(self, registry):
        self.wsgi = open_server(registry)
        session = start_session(registry.db_name)
        http.root.session_store.save(session)
        self.headers = cookie(session)

    def open(self, path, shown):
        """The sample of fetching one page, which shows a text."""
        gc.collect()
        start = time.perf_counter()
        answer = self.wsgi.get(path, headers=self.headers)
        seconds = time.perf_counter() - start
        if answer.status_code != 200 or shown not in answer.get_data(as_text=True):
            raise AssertionError(f"{path}: {answer.status}, without {shown}")
        return Sample(seconds, threading.current_thread().query_count)


def open_server(registry):
    """A client of Odoo's server, which answers for every database that is asked."""
    config["db_name"] = sorted({*config["db_name"], registry.db_name})
    return WsgiClient(http.root, use_cookies=False)


def cookie(session):
    """The header by which the server knows a session."""
    return {"Cookie": f"session_id={session.sid}"}


def start_session(database):
    """A session of somebody who is not signed in."""
    session = http.root.session_store.new()
    session.update(http.get_default_session(), db=database, _trace_disable=True)
    return session


def sign_in(env):
    """A session as the login form makes it; the password is not what is measured."""
    session = start_session(env.cr.dbname)
    session.uid = env.uid
    session.login = env.user.login
    session.context = dict(env["res.users"].context_get())
    session.session_token = security.compute_session_token(session, env)
    http.root.session_store.save(session)
    return session


def require_result(method, answer):
    """An error would be answered fast."""
    text = answer.get_data(as_text=True)
    if answer.status_code != 200 or "result" not in json.loads(text):
        raise AssertionError(f"{method}: {answer.status} {text}")
