"""One commit at the edge of the request.

A GET never writes domain data: whatever it changed is rolled back. What a request must leave behind even when it
was refused (a try counted, a look logged, a sign-in seen) goes into a second short transaction of its own.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask.wrappers import Response

from edu.base.db import begin_write, db

View = TypeVar("View", bound=Callable[..., Any])

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def begins_itself(view: View) -> View:
    """For a view that does slow work (a password hash) before it writes: it calls `begin_write` when it is ready.

    Holding SQLite's one write lock while hashing would make every other writer wait.
    """
    view.begins_itself = True  # type: ignore[attr-defined]
    return view


def begin() -> None:
    """Before each request that may write: take the write lock at once."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in SAFE and view is not None and not getattr(view, "begins_itself", False):
        begin_write()


def separately(write: Callable[[], Any]) -> Any:
    """Run `write` in a short transaction of its own, now. Only while the request's transaction holds no lock."""
    db.session.rollback()
    begin_write()
    try:
        result = write()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return result


def afterwards(write: Callable[[], Any]) -> None:
    """Run `write` in a short transaction of its own once the request's is over, also when the page is refused."""
    g.setdefault("afterwards", []).append(write)


def finish(response: Response) -> Response:
    """After each request: keep the changes of a successful POST, drop everything else; then what comes afterwards."""
    if request.method in SAFE or response.status_code >= 400:
        db.session.rollback()
    else:
        db.session.commit()
    for write in g.pop("afterwards", []):
        separately(write)
    return response


def furnish(app: Flask) -> None:
    app.after_request(finish)
