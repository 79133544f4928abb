"""What surrounds every page: who is signed in and where they can go."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.web.filters import language
from edu.web.guard import viewer


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    is_current: bool
    count: int = 0


#: Blueprints that belong to the place of another.
SHELVES = {"tree": "people", "quiz": "learn", "plan": "home", "diagnose": "home", "mistakes": "record"}


def nav() -> list[NavItem]:
    """The pages this person's duties open, in the order of how often they are used."""
    person = viewer()
    if person is None or person.must_change_password:
        return []
    places = [
        ("home.show", _("Today"), Permission.LEARN),
        ("learn.catalogue", _("Catalogue"), Permission.LEARN),
        ("record.show", _("My record"), Permission.LEARN),
        ("units.index", _("Our units"), Permission.VIEW_STATISTICS),
        ("write.index", _("Write"), Permission.PUBLISH),
        ("bank.index", _("Questions"), Permission.PUBLISH),
        ("people.index", _("People"), Permission.MANAGE_PEOPLE),
    ]
    here = SHELVES.get(request.blueprint or "", request.blueprint)
    return [
        NavItem(url_for(endpoint), label, endpoint.split(".")[0] == here)
        for endpoint, label, permission in places
        if person.actor.may(permission)
    ]


@dataclass(frozen=True, slots=True)
class Who:
    """The person in the corner of the page."""

    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Other:
    """A language that the page is not in."""

    tag: str
    name: str


#: What each language calls itself.
OWN_NAMES = {"zh-CN": "中文", "en": "English"}


def who() -> Who | None:
    person = viewer()
    if person is None:
        return None
    in_english = language() == "en"
    return Who(
        (in_english and person.name_en) or person.name,
        (in_english and person.unit_name_en) or person.unit_name,
    )


def address() -> str:
    """Where a switch of language leads: to this page again, or home from one that only answers a form."""
    rule = request.url_rule
    is_a_page = rule is None or "GET" in (rule.methods or ())
    return request.full_path if is_a_page else url_for("home.show")


def context() -> dict[str, Any]:
    here = language()
    others = [Other(tag, name) for tag, name in OWN_NAMES.items() if tag != here]
    return {"viewer": who(), "nav": nav(), "lang": here, "languages": others, "address": address()}


def furnish(app: Flask) -> None:
    app.context_processor(context)
