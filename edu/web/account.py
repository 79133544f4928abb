"""Signing in and out, one's own password, language and sign-ins; and whether the site is well."""

from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from edu.base import passwords
from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.base.errors import Invalid
from edu.base.i18n import LANGUAGES
from edu.courses import queries as courses
from edu.people import actions, queries
from edu.people.names import fold_login
from edu.people.queries import sign_ins
from edu.web.errors import error_page, say
from edu.web.forms import BaseForm
from edu.web.guard import actor, allow, public, viewer
from edu.web.transaction import afterwards, begins_itself, separately
from edu.web.words import device_name, duty_names

bp = Blueprint("account", __name__)

#: How exactly "last seen" is kept: a write on every request would cost more than it tells.
SEEN_EVERY = timedelta(minutes=5)


class SignInForm(BaseForm):
    """A login name and a password; whether they are right is not for a form to say."""

    login = StringField(_l("Login name"), [InputRequired(), Length(max=200)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1000)])
    next = HiddenField()


class PasswordForm(BaseForm):
    """The present password and, twice, the new one."""

    present = PasswordField(_l("Present password"), [InputRequired(), Length(max=1000)])
    new = PasswordField(_l("New password"), [InputRequired(), Length(max=1000)])
    again = PasswordField(_l("New password again"), [InputRequired(), Length(max=1000)])

    def validate_new(self, field: PasswordField) -> None:
        person = viewer()
        try:
            passwords.check(field.data, login=person.login if person else "")
        except Invalid as refusal:
            raise ValidationError(say(refusal)) from None
        if field.data == self.present.data:
            raise ValidationError(_("This is the password you have now."))

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords differ."))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@begins_itself
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    if request.method != "POST":
        if viewer():
            return redirect(local(form.next.data) or url_for("home.show"), 303)
        return render_template("account/sign_in.html", form=form)
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    login = fold_login(form.login.data)
    if wait := try_counted(login):
        return too_many(wait)
    if not opened(login, form.password.data):
        form.form_errors.append(_("The login name or the password is wrong."))
        return render_template("account/sign_in.html", form=form), 422
    return redirect(local(form.next.data) or url_for("home.show"), 303)


def try_counted(login: str) -> timedelta | None:
    """Count a try under the name and the address, before any hash is made; how long to wait, if one has had enough."""
    limits = {login_key(login): sign_ins.LOGIN_TRIES, address_key(): sign_ins.ADDRESS_TRIES}
    wait: timedelta | None = separately(lambda: actions.count_tries(limits, at=now()))
    return wait


def login_key(login: str) -> str:
    """Digests, so that the table of tries tells neither names nor addresses."""
    return "login:" + sign_ins.digest(login)


def address_key() -> str:
    return "address:" + sign_ins.digest(request.remote_addr or "")


def too_many(wait: timedelta) -> ResponseReturnValue:
    minutes = max(1, ceil(wait.total_seconds() / 60))
    message = ngettext(
        "There were too many attempts. Try again in %(num)s minute.",
        "There were too many attempts. Try again in %(num)s minutes.",
        minutes,
    )
    return error_page(429, message)


def opened(login: str, password: str) -> bool:
    """Sign this browser in if the password is right. A name that does not exist takes the same time."""
    at = now()
    found = sign_ins.credentials(login, at=at)
    db.session.rollback()  # nothing is held while the hash is made
    stored = found.password_hash if found else None
    if not passwords.verify(stored, password) or found is None or stored is None:
        return False
    renewed = passwords.hash(password) if passwords.is_outdated(stored) else None
    begin_write()
    if renewed:
        actions.renew_hash(found.member_id, renewed)
    actions.forgive_tries(login_key(login), address_key(), at=at)
    token = actions.open_sign_in(found.member_id, device=request.user_agent.string, at=at)
    language = session.get("language")
    session.clear()  # nothing from before the sign-in survives it
    session["token"] = token
    if language:
        session["language"] = language
    return True


def local(target: str | None) -> str:
    """The address if it leads to a page of this site, else nothing.

    Browsers read "\\" as "/" and skip control characters, so both are refused: "/\\host" would leave the site.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return ""
    if "\\" in target or any(ord(character) < 33 or ord(character) == 127 for character in target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if person := viewer():
        actions.sign_out(person.sign_in_id, member_id=person.actor.member_id, at=now())
    session.clear()
    return redirect(url_for(".sign_in"), 303)


@bp.get("/account")
@allow(Permission.LEARN)
def show() -> ResponseReturnValue:
    at, person = now(), viewer()
    assert person is not None  # the door is not public
    role_ids = queries.roles_of(person.actor.member_id, on=day_of(at))
    return render_template(
        "account/show.html",
        person=person,
        unit=queries.Called(person.unit_name, person.unit_name_en),
        roles=[role for role in courses.roles() if role.id in role_ids],
        duties=queries.duties_of(person.actor.member_id),
        duty_names=duty_names(),
        sign_ins=[(row, device_name(row.device)) for row in sign_ins.sign_ins_of(person.actor.member_id, at=at)],
    )


@bp.route("/account/password", methods=["GET", "POST"])
@allow(Permission.LEARN, before_change=True)
@begins_itself
def password() -> ResponseReturnValue:
    person, form = viewer(), PasswordForm()
    assert person is not None  # the door is not public
    if request.method != "POST":
        return render_template("account/password.html", form=form, must=person.must_change_password)
    if not form.validate():
        return render_template("account/password.html", form=form, must=person.must_change_password), 422
    if wait := try_counted(person.login):
        return too_many(wait)
    found = sign_ins.credentials(person.login, at=now())
    db.session.rollback()  # nothing is held while the hashes are made
    if not passwords.verify(found.password_hash if found else None, form.present.data):
        form.present.errors = [_("This is not your present password.")]
        return render_template("account/password.html", form=form, must=person.must_change_password), 422
    hashed = passwords.hash(form.new.data)
    begin_write()
    actions.set_password(person.actor.member_id, hashed, sign_in_id=person.sign_in_id, at=now())
    actions.forgive_tries(login_key(person.login), address_key(), at=now())
    flash(_("Your password is changed. All other browsers are signed out."))
    return redirect(url_for("home.show" if person.must_change_password else ".show"), 303)


@bp.post("/account/language")
@public
def language() -> ResponseReturnValue:
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if person := viewer():
            actions.set_language(person.actor.member_id, chosen)
    return redirect(local(request.form.get("next", "").rstrip("?")) or url_for("home.show"), 303)


@bp.post("/account/sign-out-everywhere")
@allow(Permission.LEARN, before_change=True)
def sign_out_everywhere() -> ResponseReturnValue:
    actions.sign_out_everywhere(actor().member_id, at=now())
    session.clear()
    flash(_("You are signed out everywhere."))
    return redirect(url_for(".sign_in"), 303)


@bp.post("/account/sign-ins/<int:sign_in_id>/close")
@allow(Permission.LEARN)
def close_sign_in(sign_in_id: int) -> ResponseReturnValue:
    actions.sign_out(sign_in_id, member_id=actor().member_id, at=now())
    flash(_("That browser is signed out."))
    return redirect(url_for(".show"), 303)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """For whoever watches the site: it answers, and so does its database."""
    db.session.execute(select(1))
    return "ok", {"Content-Type": "text/plain; charset=utf-8"}


@bp.after_app_request
def keep_seen(response: Response) -> Response:
    """Keep a sign-in that is in use from running out."""
    person, at = g.get("viewer"), now()
    if person is not None and at - person.seen_at >= SEEN_EVERY and "token" in session:
        afterwards(lambda: actions.keep_seen(person.sign_in_id, at=at))
    return response
