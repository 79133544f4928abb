"""Nouns: what members completed, the hours it counts for, where they stopped reading, where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from edu.base.db import AnySelect, Names, db
from edu.base.i18n import LANGUAGES
from edu.courses.models import Module, Version, VersionText
from edu.records import policies
from edu.records.forecast import Fading
from edu.records.models import Completion, Holding, HourPolicy, HoursEntry, Place, Standing
from edu.records.policies import HourPolicySpec
from edu.records.standings import Cell


@dataclass(frozen=True, slots=True)
class Completed:
    """One completion, as a record shows it."""

    module_key: str
    title: str
    version_number: int
    completed_at: datetime
    #: Of the closing quiz right, 0–1.
    share: float
    minutes: int


@dataclass(frozen=True, slots=True)
class YearHours:
    """One study year in one category."""

    year: int
    category: str
    names: Names
    minutes: int
    hours: float
    basis: Names


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a member stopped in a module."""

    module_id: int
    version_id: int
    anchor: str
    at: datetime
    #: Title of that section; empty when the version has none in this language.
    section: str


def holdings(member_ids: Sequence[int], *, on: date) -> dict[int, set[tuple[int, int]]]:
    """(topic, layer) of every rung held on a day, by member."""
    held: dict[int, set[tuple[int, int]]] = {}
    for member_id, topic_id, layer in db.session.execute(
        select(Holding.member_id, Holding.topic_id, Holding.layer).where(
            Holding.member_id.in_(member_ids), Holding.lapses_on.is_(None) | (Holding.lapses_on > on)
        )
    ):
        held.setdefault(member_id, set()).add((topic_id, layer))
    return held


def spans(member_id: int) -> list[Fading]:
    """Every required rung that a member holds, with the days on which it comes due and lapses; under relief, none."""
    rows: AnySelect = (
        select(Standing.member_id, Standing.topic_id, Standing.layer, Holding.due_on, Holding.lapses_on)
        .join(Holding, SAME_RUNG)
        .where(Standing.member_id == member_id, Standing.role_id.is_(None))
    )
    return [Fading(*row) for row in db.session.execute(rows)]


#: A standing and the holding of the same rung.
SAME_RUNG = and_(
    Holding.member_id == Standing.member_id,
    Holding.topic_id == Standing.topic_id,
    Holding.layer == Standing.layer,
)


def standings(member_ids: Sequence[int]) -> dict[int, tuple[int, dict[Cell, bool]]]:
    """What is stored of where members stand: (unit, cell → held), by member."""
    found: dict[int, tuple[int, dict[Cell, bool]]] = {}
    rows = select(
        Standing.member_id, Standing.unit_id, Standing.role_id, Standing.topic_id, Standing.layer, Standing.is_held
    ).where(Standing.member_id.in_(member_ids))
    for member_id, unit_id, role_id, topic_id, layer, is_held in db.session.execute(rows):
        found.setdefault(member_id, (unit_id, {}))[1][Cell(role_id, topic_id, layer)] = is_held
    return found


def completed_versions(member_id: int) -> dict[int, int]:
    """module → the last version of it that the member completed."""
    rows = (
        select(Completion.module_id, Completion.version_id)
        .where(Completion.member_id == member_id)
        .order_by(Completion.completed_at)
    )
    return {module_id: version_id for module_id, version_id in db.session.execute(rows)}


def completions(member_id: int, language: str) -> list[Completed]:
    """A member's completions, latest first, titled in `language` or else in the leading one."""
    asked, leading = aliased(VersionText), aliased(VersionText)
    rows = (
        select(
            Module.key,
            func.coalesce(asked.title, leading.title, Module.key),
            Version.number,
            Completion.completed_at,
            Completion.share,
            Version.minutes,
        )
        .join(Module, Module.id == Completion.module_id)
        .join(Version, Version.id == Completion.version_id)
        .outerjoin(asked, (asked.version_id == Version.id) & (asked.language == language))
        .outerjoin(leading, (leading.version_id == Version.id) & (leading.language == LANGUAGES[0]))
        .where(Completion.member_id == member_id)
        .order_by(Completion.completed_at.desc(), Completion.id.desc())
    )
    return [Completed(*row) for row in db.session.execute(rows)]


def hour_policies() -> list[HourPolicySpec]:
    rows = select(
        HourPolicy.category,
        HourPolicy.since_on,
        HourPolicy.names,
        HourPolicy.minutes_per_hour,
        HourPolicy.round_down_to,
        HourPolicy.year_starts,
        HourPolicy.basis,
    )
    return [HourPolicySpec(*row) for row in db.session.execute(rows)]


def hours_by_year(member_id: int) -> list[YearHours]:
    """Study hours by year and category, latest year first; each sum rounded once, under the policy of its last day."""
    agreed = hour_policies()
    entries = db.session.execute(
        select(HoursEntry.category, HoursEntry.studied_on, HoursEntry.minutes).where(HoursEntry.member_id == member_id)
    )
    sums: dict[tuple[int, str], tuple[int, date]] = {}
    for category, studied_on, minutes in entries:
        policy = policies.policy_on(agreed, category, studied_on)
        if policy:
            key = (policies.study_year(studied_on, policy), category)
            total, last = sums.get(key, (0, studied_on))
            sums[key] = (total + minutes, max(last, studied_on))
    years = []
    for (year, category), (total, last) in sums.items():
        policy = policies.policy_on(agreed, category, last)
        if policy:
            years.append(YearHours(year, category, policy.names, total, policies.hours(total, policy), policy.basis))
    return sorted(years, key=lambda entry: (-entry.year, entry.category))


#: Hot: one of the two is asked on every module page and on home.
PLACES: AnySelect = (
    select(Place.module_id, Place.version_id, Place.anchor, Place.at, VersionText.contents)
    .outerjoin(
        VersionText, (VersionText.version_id == Place.version_id) & (VersionText.language == bindparam("language"))
    )
    .where(Place.member_id == bindparam("member_id"))
)
PLACE = PLACES.where(Place.module_id == bindparam("module_id"))


def _readings(query: AnySelect, **values: object) -> list[Reading]:
    return [
        Reading(module_id, version_id, anchor, at, _section(contents or [], anchor))
        for module_id, version_id, anchor, at, contents in db.session.execute(query, values)
    ]


def _section(contents: Sequence[dict[str, str]], anchor: str) -> str:
    return next((section["title"] for section in contents if section["anchor"] == anchor), "")


def places(member_id: int, language: str) -> dict[int, Reading]:
    """Where the member stopped reading, by module."""
    found = _readings(PLACES, member_id=member_id, language=language)
    return {reading.module_id: reading for reading in found}


def place(member_id: int, module_id: int, language: str) -> Reading | None:
    """Where the member stopped in one module; None when no place was kept."""
    return next(iter(_readings(PLACE, member_id=member_id, module_id=module_id, language=language)), None)
