"""People, for administrators: find, add, name, move, deactivate; roles, duties, relief, passwords."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base import passwords
from edu.base.actor import Permission
from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.base.errors import Conflict, Invalid, NotAllowed, NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.people import actions, queries
from edu.people.permissions import appointable, stands_above
from edu.people.queries import MemberRow
from edu.records import actions as records
from edu.web import people_forms as forms
from edu.web.errors import say
from edu.web.guard import actor, allow
from edu.web.people_forms import PageForm, today
from edu.web.transaction import afterwards, begins_itself
from edu.web.words import duty_names, relief_reasons

bp = Blueprint("people", __name__, url_prefix="/people")

MANAGE = Permission.MANAGE_PEOPLE
#: Lines of the list on one page. Chosen: a large branch fits on one.
PAGE = 50
#: No list is longer; a larger number in the address is somebody's play.
LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown."""

    number: int
    pages: int
    search: dict[str, Any]

    def url_for_page(self, number: int) -> str:
        return url_for(".index", page=number, **self.search)


def person_within(member_id: int) -> MemberRow:
    return queries.member_within(actor(), MANAGE, member_id)


@bp.get("")
@allow(MANAGE)
def index() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:100]
    unit_id = request.args.get("unit", type=int)
    is_active = request.args.get("state") != "inactive"
    number = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    units = queries.units_of(actor(), MANAGE)
    chosen = next((unit for unit in units if unit.id == unit_id), None)
    if unit_id and chosen is None:
        raise NotFound
    ranges = [(chosen.first, chosen.last)] if chosen else actor().ranges(MANAGE)
    rows, total = queries.members_found(ranges, text=text, is_active=is_active, skip=(number - 1) * PAGE, most=PAGE)
    ids = [row.id for row in rows]
    search = {"q": text or None, "unit": unit_id, "state": None if is_active else "inactive"}
    return render_template(
        "people/index.html",
        rows=rows,
        total=total,
        roles=queries.roles_by_member(ids, on=today()),
        role_names={role.id: role.names for role in courses.roles()},
        duties=queries.duty_kinds_by_member(ids),
        duty_names=duty_names(),
        units=forms.unit_choices(units),
        page=Page(number, ceil(total / PAGE), search),
    )


@bp.get("/<int:member_id>")
@allow(MANAGE)
def show(member_id: int) -> ResponseReturnValue:
    return person_page(person_within(member_id))


def person_page(person: MemberRow, tried: PageForm | None = None) -> str:
    """One member's page with its forms; `tried` takes the place of the fresh form of its kind. The look is logged."""
    by, at = actor(), now()
    afterwards(lambda: actions.log_view(by.member_id, person.id, "people.show", at=at))
    role_ids, duties = queries.roles_of(person.id, on=today()), queries.duties_of(person.id)
    fresh: list[PageForm] = [
        name_form(person),
        move_form(person),
        role_form(role_ids),
        duty_form(person),
        relief_form(),
    ]
    return render_template(
        "people/show.html",
        person=person,
        memberships=queries.memberships_of(person.id),
        roles=[role for role in courses.roles() if role.id in role_ids],
        duties=[(duty, by.may_at(MANAGE, duty.position)) for duty in duties],
        duty_names=duty_names(),
        reliefs=queries.relief_of(person.id, reader_id=by.member_id, on=today()),
        relief_reasons=relief_reasons(),
        is_above=stands_above(by, [duty.position for duty in duties]),
        is_self=person.id == by.member_id,
        tried=tried,
        forms={form.key: form for form in [*fresh, *([tried] if tried else [])]},
    )


def change(person: MemberRow, form: PageForm | None, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """Do one thing to a member and say so; what cannot be done is said on the form."""
    if form is None:
        act()
    else:
        if not form.validate():
            return person_page(person, form), 422
        try:
            act()
        except (Conflict, Invalid) as refusal:
            db.session.rollback()
            form.form_errors.append(say(refusal))
            return person_page(person, form), 422
    flash(done)
    return redirect(url_for(".show", member_id=person.id), 303)


def name_form(person: MemberRow) -> forms.NameForm:
    return forms.NameForm(prefix="name", name=person.name, name_en=person.name_en)


def move_form(person: MemberRow) -> forms.MoveForm:
    form = forms.MoveForm(prefix="move", unit_id=person.unit_id)
    form.unit_id.choices = forms.unit_choices(queries.units_of(actor(), MANAGE))
    return form


def role_form(without: frozenset[int] = frozenset()) -> forms.RoleForm:
    form = forms.RoleForm(prefix="role")
    form.role_id.choices = forms.role_choices(without)
    return form


def duty_form(person: MemberRow) -> forms.DutyForm:
    form = forms.DutyForm(prefix="duty", unit_id=person.unit_id)
    tops = [unit.first for unit in queries.root_units()]
    form.kind.choices = forms.duty_choices(appointable(actor(), tops))
    form.unit_id.choices = forms.unit_choices(queries.units_of(actor(), MANAGE))
    return form


def relief_form() -> forms.ReliefForm:
    form = forms.ReliefForm(prefix="relief")
    form.reason.choices = forms.reason_choices()
    return form


def who_and_when() -> dict[str, Any]:
    return {"by": actor().member_id, "at": now()}


@bp.post("/<int:member_id>/name")
@allow(MANAGE)
def rename(member_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    form = name_form(person)
    act = lambda: actions.change_member(person.id, **form.names(), **who_and_when())  # noqa: E731
    return change(person, form, act, _("The name is changed."))


@bp.post("/<int:member_id>/move")
@allow(MANAGE)
def move(member_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    form = move_form(person)
    return change(
        person,
        form,
        lambda: records.move_member(person.id, form.unit_id.data, on=form.on.data, **who_and_when()),
        _("The member is moved. What was earned before stays with the former unit."),
    )


@bp.post("/<int:member_id>/roles")
@allow(MANAGE)
def give_role(member_id: int) -> ResponseReturnValue:
    person, form = person_within(member_id), role_form()
    return change(
        person,
        form,
        lambda: records.give_role(person.id, form.role_id.data, on=form.on.data, **who_and_when()),
        _("The role is given. The plan follows from it at once."),
    )


@bp.post("/<int:member_id>/roles/<int:role_id>/end")
@allow(MANAGE)
def end_role(member_id: int, role_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    return change(
        person,
        None,
        lambda: records.end_role(person.id, role_id, on=today(), **who_and_when()),
        _("The role is ended."),
    )


@bp.post("/<int:member_id>/duties")
@allow(MANAGE)
def appoint(member_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    form = duty_form(person)
    return change(
        person,
        form,
        lambda: actions.appoint(person.id, form.kind.data, form.unit_id.data, on=today(), **who_and_when()),
        _("The duty is given."),
    )


@bp.post("/<int:member_id>/duties/<kind>/<int:unit_id>/end")
@allow(MANAGE)
def dismiss(member_id: int, kind: str, unit_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    unit = queries.unit_within(actor(), MANAGE, unit_id)
    return change(
        person,
        None,
        lambda: actions.dismiss(person.id, kind, unit.id, on=today(), **who_and_when()),
        _("The duty is ended."),
    )


@bp.post("/<int:member_id>/relief")
@allow(MANAGE)
def grant_relief(member_id: int) -> ResponseReturnValue:
    person, form = person_within(member_id), relief_form()
    return change(
        person,
        form,
        lambda: records.grant_relief(
            person.id, form.reason.data, until_on=form.until_on.data, on=form.on.data, **who_and_when()
        ),
        _("Relief is granted. What was required is now recommended."),
    )


@bp.post("/<int:member_id>/relief/end")
@allow(MANAGE)
def end_relief(member_id: int) -> ResponseReturnValue:
    person = person_within(member_id)
    return change(
        person, None, lambda: records.end_relief(person.id, on=today(), **who_and_when()), _("Relief is ended.")
    )


@bp.post("/<int:member_id>/deactivate")
@allow(MANAGE)
def deactivate(member_id: int) -> ResponseReturnValue:
    person = not_above(person_within(member_id))
    return change(
        person,
        None,
        lambda: records.deactivate(person.id, on=today(), **who_and_when()),
        _("The member is deactivated and signed out everywhere. Nothing is deleted."),
    )


@bp.post("/<int:member_id>/reactivate")
@allow(MANAGE)
def reactivate(member_id: int) -> ResponseReturnValue:
    person = not_above(person_within(member_id))
    return change(
        person,
        None,
        lambda: records.reactivate(person.id, on=today(), **who_and_when()),
        _("The member is active again."),
    )


def not_above(person: MemberRow) -> MemberRow:
    """Refuse to touch the access of somebody with duties beyond the actor's own units."""
    if stands_above(actor(), [duty.position for duty in queries.duties_of(person.id)]):
        raise NotAllowed(mark("This member has duties beyond your units. Ask those who administer them."))
    return person


@bp.post("/<int:member_id>/password")
@allow(MANAGE)
@begins_itself
def reset_password(member_id: int) -> ResponseReturnValue:
    person = not_above(person_within(member_id))
    db.session.rollback()  # nothing is held while the hash is made
    password = passwords.one_time()
    hashed = passwords.hash(password)
    begin_write()
    actions.reset_password(person.id, hashed, **who_and_when())
    return one_time_page(person, password)


@bp.route("/add", methods=["GET", "POST"])
@allow(MANAGE)
@begins_itself
def add() -> ResponseReturnValue:
    form = forms.MemberForm()
    form.unit_id.choices = forms.unit_choices(queries.units_of(actor(), MANAGE))
    if request.method != "POST":
        form.unit_id.data = request.args.get("unit", type=int)
        return render_template("people/add.html", form=form)
    if not form.validate():
        return render_template("people/add.html", form=form), 422
    db.session.rollback()  # nothing is held while the hash is made
    password = passwords.one_time()
    hashed = passwords.hash(password)
    begin_write()
    try:
        member_id = actions.add_member(
            login=form.login.data,
            **form.names(),
            unit_id=form.unit_id.data,
            password_hash=hashed,
            must_change=True,
            on=today(),
            **who_and_when(),
        )
    except (Conflict, Invalid) as refusal:
        form.form_errors.append(say(refusal))
        return render_template("people/add.html", form=form), 422
    return one_time_page(queries.member(member_id), password)


def one_time_page(person: MemberRow, password: str) -> str:
    """The answer to a POST, not a redirect: a one-time password is shown once and belongs in no address and no cookie.

    Every answer bears Cache-Control: no-store, so that going back does not show it again.
    """
    return render_template("people/one_time.html", person=person, password=password)
