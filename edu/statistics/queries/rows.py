"""The rows that figures are made from, one statement each."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from edu.base.db import AnySelect, db
from edu.base.i18n import LANGUAGES
from edu.courses.models import Module, Topic, VersionText
from edu.gaps.models import Evidence
from edu.people.models import Member, Unit
from edu.quizzes.models import Attempt
from edu.records.models import Holding, Standing, Tally
from edu.records.queries import SAME_RUNG
from edu.statistics.persons import Stand
from edu.statistics.support import Sitting
from edu.statistics.suppression import Cell, Count, RoleCount


def cells(first: int, last: int) -> dict[int, dict[Cell, Count]]:
    """home → cell → rungs, over all roles, of the units numbered first..last."""
    found: dict[int, dict[Cell, Count]] = {}
    rows = (
        select(Unit.home_first, Tally.topic_id, Tally.layer, func.sum(Tally.required), func.sum(Tally.held))
        .join(Unit, Unit.id == Tally.unit_id)
        .join(Topic, Topic.id == Tally.topic_id)
        .where(Unit.first.between(first, last), Tally.role_id.is_(None), Topic.is_retired.is_(False))
        .group_by(Unit.home_first, Tally.topic_id, Tally.layer)
    )
    for home, topic_id, layer, required, held in db.session.execute(rows):
        found.setdefault(home, {})[Cell(topic_id, layer)] = Count(int(required), int(held))
    return found


def roles(first: int, last: int) -> dict[int, dict[int, RoleCount]]:
    """home → role → people and rungs, of the units numbered first..last.

    A role requires the same of everyone who has it, so in one unit its largest cell counts its people.
    """
    found: dict[int, dict[int, RoleCount]] = {}
    rows = (
        select(
            Unit.home_first,
            func.coalesce(Tally.role_id, 0),
            func.max(Tally.required),
            func.sum(Tally.required),
            func.sum(Tally.held),
        )
        .join(Unit, Unit.id == Tally.unit_id)
        .join(Topic, Topic.id == Tally.topic_id)
        .where(Unit.first.between(first, last), Tally.role_id.is_not(None), Topic.is_retired.is_(False))
        .group_by(Unit.id, Unit.home_first, Tally.role_id)
    )
    for home, role_id, people, required, held in db.session.execute(rows):
        here = found.setdefault(home, {})
        before = here.get(role_id, RoleCount(0, 0, 0))
        here[role_id] = RoleCount(before.people + people, before.required + int(required), before.held + int(held))
    return found


def stands(first: int, last: int) -> list[Stand]:
    """Every rung required of the people in the units numbered first..last."""
    rows: AnySelect = (
        select(
            Standing.member_id,
            Unit.first,
            Standing.role_id,
            Standing.topic_id,
            Standing.layer,
            Standing.is_held,
            Holding.due_on,
            Holding.lapses_on,
        )
        .join(Unit, Unit.id == Standing.unit_id)
        .join(Topic, Topic.id == Standing.topic_id)
        .outerjoin(Holding, SAME_RUNG)
        .where(Unit.first.between(first, last), Topic.is_retired.is_(False))
    )
    return [Stand(*row) for row in db.session.execute(rows)]


def _members(first: int, last: int) -> Select[int]:
    return (
        select(Member.id).join(Unit, Unit.id == Member.unit_id).where(Unit.first.between(first, last), Member.is_active)
    )


def last_evidence(first: int, last: int) -> dict[int, datetime]:
    """When each member of the units numbered first..last last showed anything; who never did is left out."""
    rows = (
        select(Evidence.member_id, func.max(Evidence.at))
        .where(Evidence.member_id.in_(_members(first, last)))
        .group_by(Evidence.member_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def sittings(first: int, last: int, language: str) -> dict[int, list[Sitting]]:
    """The closing quizzes handed in by each member, in that order, titled in `language` or in the leading one."""
    asked, leading = aliased(VersionText), aliased(VersionText)
    rows = (
        select(
            Attempt.member_id,
            Module.id,
            Module.topic_id,
            Module.layer,
            func.coalesce(asked.title, leading.title, Module.key),
            Attempt.passed,
        )
        .join(Module, Module.id == Attempt.module_id)
        .outerjoin(asked, (asked.version_id == Attempt.version_id) & (asked.language == language))
        .outerjoin(leading, (leading.version_id == Attempt.version_id) & (leading.language == LANGUAGES[0]))
        .where(
            Attempt.member_id.in_(_members(first, last)),
            Attempt.closed_at.is_not(None),
        )
        .order_by(Attempt.closed_at, Attempt.id)
    )
    found: dict[int, list[Sitting]] = {}
    for member_id, module_id, topic_id, layer, title, has_passed in db.session.execute(rows):
        sitting = Sitting(member_id, module_id, Cell(topic_id, layer), title, bool(has_passed))
        found.setdefault(member_id, []).append(sitting)
    return found
