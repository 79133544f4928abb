"""The forms of the people pages. Each can stand on one page with the others: its prefix keeps the names apart."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from edu.base.clock import day_of, now
from edu.base.errors import Invalid
from edu.courses import queries as courses
from edu.people.names import NAME_LENGTH, checked_code, checked_login, checked_name
from edu.people.queries import UnitRow
from edu.web.errors import say
from edu.web.filters import called, in_language
from edu.web.forms import BaseForm
from edu.web.words import duty_names, relief_reasons

Choices = list[tuple[str, str]]


def today() -> date:
    return day_of(now())


def unit_choices(units: list[UnitRow]) -> Choices:
    """The units as a list to choose from, each indented below the one it hangs under."""
    ends: list[int] = []
    choices = []
    for unit in units:
        while ends and ends[-1] < unit.first:
            ends.pop()
        # U+2003: browsers fold ordinary spaces in an option.
        choices.append((str(unit.id), "\u2003" * len(ends) + called(unit)))
        ends.append(unit.last)
    return choices


class Checked:
    """A validator that asks a domain rule, and says its refusal in the reader's words."""

    def __init__(self, rule: Any) -> None:
        self.rule = rule

    def __call__(self, _form: BaseForm, field: Field) -> None:
        try:
            self.rule(field.data or "")
        except Invalid as refusal:
            raise ValidationError(say(refusal)) from None


def not_in_future(_form: BaseForm, field: DateField) -> None:
    if field.data and field.data > today():
        raise ValidationError(_("That day lies in the future."))


class PageForm(BaseForm):
    """One of several forms on a page, told apart by its prefix."""

    @property
    def key(self) -> str:
        return str(self._prefix).rstrip("-")


class NameForm(PageForm):
    name = StringField(_l("Name"), [InputRequired(), Length(max=NAME_LENGTH), Checked(checked_name)])
    name_en = StringField(_l("Name in English"), [Optional(), Length(max=NAME_LENGTH), Checked(checked_name)])

    def names(self) -> dict[str, Any]:
        return {"name": self.name.data, "name_en": self.name_en.data or None}


class MemberForm(NameForm):
    """A new member. Where they may be put is set by the page."""

    login = StringField(_l("Login name"), [InputRequired(), Checked(checked_login)])
    unit_id = SelectField(_l("Unit"), coerce=int)


class MoveForm(PageForm):
    unit_id = SelectField(_l("To the unit"), coerce=int)
    on = DateField(_l("From"), [InputRequired(), not_in_future], default=today)


class RoleForm(PageForm):
    role_id = SelectField(_l("Role"), coerce=int)
    on = DateField(_l("From"), [InputRequired(), not_in_future], default=today)


class DutyForm(PageForm):
    kind = SelectField(_l("Duty"))
    unit_id = SelectField(_l("For the unit and all below it"), coerce=int)


class ReliefForm(PageForm):
    reason = RadioField(_l("Reason"), [InputRequired()])
    on = DateField(_l("From"), [InputRequired(), not_in_future], default=today)
    until_on = DateField(_l("Until, that day not included"), [Optional()])

    def validate_until_on(self, field: DateField) -> None:
        if field.data and self.on.data and field.data <= self.on.data:
            raise ValidationError(_("The last day lies before the first."))


class UnitForm(NameForm):
    """A unit's words and kind."""

    name = StringField(_l("Name of the unit"), [InputRequired(), Length(max=NAME_LENGTH), Checked(checked_name)])

    kind = SelectField(_l("Kind"))


class NewUnitForm(UnitForm):
    """A unit to be hung under another."""

    code = StringField(_l("Code"), [InputRequired(), Checked(checked_code)])
    parent_id = SelectField(_l("Under the unit"), coerce=int)


class HangForm(PageForm):
    parent_id = SelectField(_l("Under the unit"), coerce=int)


def role_choices(without: frozenset[int]) -> Choices:
    return [(str(role.id), in_language(role.names)) for role in courses.roles() if role.id not in without]


def duty_choices(kinds: list[str]) -> Choices:
    names = duty_names()
    return [(kind, names[kind]) for kind in kinds]


def reason_choices() -> Choices:
    return list(relief_reasons().items())
