"""A browser for tests: signs in without a password, names pages by endpoint, holds every page to the page law."""

import contextvars
import hashlib
import secrets
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from edu.base.clock import now
from edu.base.db import db
from edu.people import actions as people
from tests.page_law import faults_of


class Client(FlaskClient):
    """Flask's test client, each request in a context of its own, as on a server.

    A test has an application context open; a request inside it would share its `g` and its session, and so be signed
    in as whoever asked before.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()  # what the test has prepared, the request must see
        response = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        db.session.expire_all()  # what the request has changed, the test must see
        if (
            response.mimetype == "text/html"
            and response.request.method != "HEAD"
            and not 300 <= response.status_code < 400
        ):
            faults = faults_of(response.get_data(as_text=True))
            assert not faults, f"{response.request.method} {response.request.path} breaks the page law:\n" + "\n".join(
                faults
            )
        return response


class TextOf(HTMLParser):
    """The words of a page as they are read: no markup, white space folded."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def __str__(self) -> str:
        return " ".join(" ".join(self.words).split())


@dataclass(frozen=True)
class Answer:
    """What came back."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        return str(TextOf(self.html))

    @property
    def json(self) -> Any:
        return self.response.get_json()

    @property
    def location(self) -> str:
        """Where a redirect leads: path and query."""
        return self.response.headers["Location"]


class Browser:
    """One person's browser.

    browser.as_(world.ben).get("units.show", unit_id=3)           a page, by endpoint
    browser.as_(world.ben).get("/units/3", expect=404)            or by path
    browser.as_(world.ben).post("quiz.submit", {"a": "b"}, attempt_id=7)
    """

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.language = language
        self.client = Client(app, app.response_class, use_cookies=True)

    def as_(self, member: Any, language: str | None = None) -> "Browser":
        """A new browser, signed in as a member: their id, or anything that has a `member_id` or an `id`."""
        browser = Browser(self.app, language or self.language)
        if member is not None:
            member_id = member if isinstance(member, int) else getattr(member, "member_id", None) or member.id
            with browser.client.session_transaction() as session:
                session["token"] = sign_in(member_id)
        return browser

    def nobody(self, language: str | None = None) -> "Browser":
        """A new browser on which nobody is signed in."""
        return self.as_(None, language)

    def address(self, page: str, values: dict[str, Any]) -> str:
        if page.startswith("/"):
            return page
        with self.app.test_request_context():
            return url_for(page, **values)

    def csrf_token(self) -> str:
        """The token that a form of this browser's session would bear."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(secrets.token_bytes(64)).hexdigest())
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(raw))

    def get(
        self, page: str, *, expect: int | None = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Answer:
        return self._open("GET", page, expect, values, headers=headers)

    def post(
        self,
        page: str,
        data: dict[str, Any] | None = None,
        *,
        json: Any = None,
        expect: int | None = 303,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Answer:
        """Send a form (or JSON) with the session's token, as the page's own form would."""
        if json is not None:
            headers = {**(headers or {}), "X-CSRFToken": self.csrf_token()}
            return self._open("POST", page, expect, values, json=json, headers=headers)
        return self._open(
            "POST", page, expect, values, data={"csrf_token": self.csrf_token(), **(data or {})}, headers=headers
        )

    def _open(self, method: str, page: str, expect: int | None, values: dict[str, Any], **request: Any) -> Answer:
        headers = {"Accept-Language": self.language, **(request.pop("headers") or {})}
        address = self.address(page, values)
        answer = Answer(self.client.open(address, method=method, headers=headers, **request))
        assert expect in (None, answer.status), (
            f"{method} {address}: {answer.status} instead of {expect}\n{answer.text[:2000]}"
        )
        return answer


def sign_in(member_id: int) -> str:
    """A signed-in browser's token; no password is hashed, which would cost every test 20 ms."""
    token = people.open_sign_in(member_id, device="test", at=now())
    db.session.commit()
    return token
