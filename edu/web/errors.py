"""Domains raise words; here they become numbers and pages."""

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from edu.base.db import db
from edu.base.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal

STATUS: dict[type[Refusal], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}

#: Statuses with a page of their own; any other is shown with the page of its hundred.
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500})


def say(refusal: Refusal) -> str:
    """The refusal in the reader's language."""
    return gettext(refusal.message, **refusal.values) if refusal.message else ""


def error_page(status: int, message: str) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=message), status
    page = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template(f"errors/{page}.html", message=message), status


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    return error_page(STATUS[type(refusal)], say(refusal))


def show_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    page = make_response(error_page(error.code or 500, ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        page.allow.update(error.valid_methods)  # RFC 9110, 15.5.6: a 405 says what would be allowed
    return page


def show_csrf(error: CSRFError) -> ResponseReturnValue:
    """A form from before the sign-in, or from a tab left open: nothing was done, and the person is told."""
    return error_page(400, gettext("This form had expired. Go back, reload the page and send it again."))


def show_bug(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return error_page(500, "")


def furnish(app: Flask) -> None:
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(500, show_bug)
