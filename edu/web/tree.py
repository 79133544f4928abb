"""The tree of units, for administrators: add, name, hang elsewhere, close."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import now
from edu.base.db import db
from edu.base.errors import Conflict, Invalid
from edu.people import actions, queries
from edu.people.queries import UnitRow
from edu.web import people_forms as forms
from edu.web.errors import say
from edu.web.filters import in_language
from edu.web.guard import actor, allow
from edu.web.people_forms import PageForm, today

bp = Blueprint("tree", __name__, url_prefix="/tree")

MANAGE = Permission.MANAGE_PEOPLE


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the list, with how deep it hangs and what hangs below it."""

    unit: UnitRow
    members: int
    below: list["Branch"]


def branches(units: list[UnitRow], counts: dict[int, int]) -> list[Branch]:
    """The units, in the order of their numbers, as trees."""
    tops: list[Branch] = []
    line: list[Branch] = []
    for unit in units:
        while line and line[-1].unit.last < unit.first:
            line.pop()
        branch = Branch(unit, counts.get(unit.id, 0), [])
        (line[-1].below if line else tops).append(branch)
        line.append(branch)
    return tops


@bp.get("")
@allow(MANAGE)
def index() -> ResponseReturnValue:
    units = queries.units_of(actor(), MANAGE)
    counts = queries.headcounts(min(u.first for u in units), max(u.last for u in units)) if units else {}
    return render_template("tree/index.html", branches=branches(units, counts), count=len(units))


def unit_form(unit: UnitRow | None = None) -> forms.UnitForm:
    values = {"name": unit.name, "name_en": unit.name_en, "kind": unit.kind} if unit else {}
    form = forms.UnitForm(prefix="unit", **values)
    form.kind.choices = [(key, in_language(names)) for key, names, _home in queries.unit_kinds()]
    return form


def hang_form(unit: UnitRow) -> forms.HangForm:
    """Under which unit: any within reach that does not hang below this one."""
    form = forms.HangForm(prefix="hang", parent_id=unit.parent_id)
    reach = queries.units_of(actor(), MANAGE)
    form.parent_id.choices = forms.unit_choices([u for u in reach if not unit.first <= u.first <= unit.last])
    return form


@bp.route("/add", methods=["GET", "POST"])
@allow(MANAGE)
def add() -> ResponseReturnValue:
    form = forms.NewUnitForm()
    form.kind.choices = unit_form().kind.choices
    form.parent_id.choices = forms.unit_choices(queries.units_of(actor(), MANAGE))
    if not form.is_submitted():
        return render_template("tree/add.html", form=form)
    values = {"code": form.code.data, "kind": form.kind.data, "parent_id": form.parent_id.data, **form.names()}
    return answer(
        form,
        lambda: actions.add_unit(**values, by=actor().member_id, at=now()),
        lambda: render_template("tree/add.html", form=form),
        _("The unit is added."),
    )


@bp.get("/<int:unit_id>")
@allow(MANAGE)
def show(unit_id: int) -> ResponseReturnValue:
    return unit_page(queries.unit_within(actor(), MANAGE, unit_id))


def unit_page(unit: UnitRow, tried: PageForm | None = None) -> str:
    fresh: list[PageForm] = [unit_form(unit), hang_form(unit)]
    return render_template(
        "tree/show.html",
        unit=unit,
        path=queries.path(unit, actor=actor(), permission=MANAGE),
        members=queries.headcounts(unit.first, unit.first).get(unit.id, 0),
        tried=tried,
        forms={form.key: form for form in [*fresh, *([tried] if tried else [])]},
    )


def answer(form: PageForm, act: Callable[[], Any], page: Callable[[], str], done: str) -> ResponseReturnValue:
    """Do one thing to the tree and say so; what cannot be done is said on the form."""
    if not form.validate():
        return page(), 422
    try:
        act()
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal))
        return page(), 422
    flash(done)
    return redirect(url_for(".index"), 303)


@bp.post("/<int:unit_id>/name")
@allow(MANAGE)
def rename(unit_id: int) -> ResponseReturnValue:
    unit = queries.unit_within(actor(), MANAGE, unit_id)
    form = unit_form(unit)
    return answer(
        form,
        lambda: actions.change_unit(unit.id, **form.names(), kind=form.kind.data, by=actor().member_id, at=now()),
        lambda: unit_page(unit, form),
        _("The unit is changed."),
    )


@bp.post("/<int:unit_id>/hang")
@allow(MANAGE)
def hang(unit_id: int) -> ResponseReturnValue:
    unit = queries.unit_within(actor(), MANAGE, unit_id)
    form = hang_form(unit)
    return answer(
        form,
        lambda: actions.move_unit(unit.id, form.parent_id.data, by=actor().member_id, at=now()),
        lambda: unit_page(unit, form),
        _("The unit hangs in its new place, with all below it."),
    )


@bp.post("/<int:unit_id>/close")
@allow(MANAGE)
def close(unit_id: int) -> ResponseReturnValue:
    unit = queries.unit_within(actor(), MANAGE, unit_id)
    actions.close_unit(unit.id, by=actor().member_id, on=today(), at=now())
    flash(_("The unit is closed. Its history stays."))
    return redirect(url_for(".index"), 303)
