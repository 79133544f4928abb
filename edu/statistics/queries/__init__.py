"""Nouns: the report of a unit, the list behind one of its numbers.

The number of statements does not grow with the unit.
"""

from datetime import datetime

from edu.base.actor import Actor
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.statistics.queries import own, published
from edu.statistics.queries.scope import member_within, scope_of, topmost_units
from edu.statistics.queries.shapes import Framework, Listing, PersonRow, Row, Scope, UnitReport
from edu.statistics.report import STATES, Selection

__all__ = [
    "Framework",
    "Listing",
    "PersonRow",
    "Row",
    "Scope",
    "UnitReport",
    "behind",
    "member_within",
    "topmost_units",
    "unit_report",
]


def unit_report(actor: Actor, unit_id: int, *, language: str, at: datetime, itself: bool = False) -> UnitReport:
    """All figures of one unit; of those directly in it only, if `itself`. Raises NotFound outside the actor's units."""
    scope = scope_of(actor, unit_id, itself=itself, at=at)
    framework = _framework()
    return own.report(scope, framework, language=language) if scope.is_own else published.report(scope, framework)


def behind(actor: Actor, unit_id: int, selection: Selection, *, at: datetime, itself: bool = False) -> Listing:
    """The list behind a number of that unit's report. Raises NotFound where there is no such number."""
    scope = scope_of(actor, unit_id, itself=itself, at=at)
    framework = _framework()
    _check(selection, framework, is_own=scope.is_own)
    answer = own.behind if scope.is_own else published.behind
    return answer(scope, framework, selection)


def _framework() -> Framework:
    return Framework(tuple(courses.topics()), tuple(courses.layers()), tuple(courses.roles()))


def _check(selection: Selection, framework: Framework, *, is_own: bool) -> None:
    """Above the branch, figures by role are published over all topics only: crossed, they would be too small."""
    is_known = (
        selection.state in STATES
        and selection.topic_id in (None, *framework.topic_ids)
        and selection.layer in (None, *framework.layer_numbers)
        and selection.role_id in (None, *(role.id for role in framework.roles))
    )
    is_crossed = selection.role_id is not None and (selection.topic_id, selection.layer) != (None, None)
    if not is_known or (is_crossed and not is_own):
        raise NotFound(mark("There is no such figure."))
