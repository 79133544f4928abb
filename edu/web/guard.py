"""Doors: every endpoint says who may enter; one that says nothing does not exist."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base.actor import Actor, Permission
from edu.base.clock import now
from edu.base.errors import NotAllowed, NotFound
from edu.base.i18n import mark
from edu.people import queries as people

View = TypeVar("View", bound=Callable[..., Any])

#: The door of pages that anyone may see.
PUBLIC = "public"


def allow(permission: Permission, *, before_change: bool = False) -> Callable[[View], View]:
    """Only for signed-in members with this permission somewhere; the query narrows it to where.

    before_change   also open to someone who must first replace a one-time password.
    """

    def hang(view: View) -> View:
        view.door = permission  # type: ignore[attr-defined]
        view.before_change = before_change  # type: ignore[attr-defined]
        return view

    return hang


def public(view: View) -> View:
    """For anyone, signed in or not."""
    view.door = PUBLIC  # type: ignore[attr-defined]
    return view


def viewer() -> people.SignedIn | None:
    """Who is signed in on this browser, or None. One statement a request."""
    if "viewer" not in g:
        token = session.get("token")
        g.viewer = people.signed_in(token, at=now()) if token else None
    return g.viewer


def actor() -> Actor:
    """Who acts. Only behind a door that is not public."""
    person = viewer()
    if person is None:
        raise NotAllowed(mark("Please sign in."))
    return person.actor


def refuse_unmarked() -> ResponseReturnValue | None:
    """Before each request: check the door."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # no such page: Flask answers 404 by itself
    door = getattr(view, "door", None)
    if door is None:
        raise NotFound(mark("This page does not exist."))
    if door == PUBLIC:
        return None
    person = viewer()
    if person is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.sign_in", next=target), 303)
    if person.must_change_password and not getattr(view, "before_change", False):
        flash(_("Please choose a password of your own first."), "notice")
        return redirect(url_for("account.password"), 303)
    if not person.actor.may(door):
        raise NotAllowed(mark("Your duties do not include this page."))
    return None
