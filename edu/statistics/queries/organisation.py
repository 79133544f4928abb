"""The whole organisation as arrays, read row by row in bounded memory. numpy; loaded by commands alone."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from sqlalchemy import select

from edu.base.db import AnySelect, db
from edu.people.models import Member, MemberRole, Relief
from edu.records.models import Holding
from edu.statistics.what_if import Bytes, Organisation

#: Rows fetched at a time.
PART = 20_000


def organisation(topic_ids: Sequence[int], role_ids: Sequence[int], *, on: date) -> Organisation:
    """Active members who are not relieved on a day, their roles and what they hold, in three passes.

    topic_ids, role_ids     their places are the places in the arrays; what is not among them is left out.
    """
    members = _members(on)
    topics, roles = _places(topic_ids), _places(role_ids)
    return Organisation(*_roles(members, roles, on), _held(members, topics, on))


def member_ids(*, on: date) -> list[int]:
    """Whose rows these are, by place."""
    return [int(member_id) for member_id in _members(on)]


def _places(ids: Sequence[int]) -> np.ndarray:
    """id → place, as an array; -1 for what has none."""
    places = np.full(max(ids, default=0) + 1, -1, np.int32)
    places[list(ids)] = np.arange(len(ids))
    return places


def _members(on: date) -> np.ndarray:
    relieved = select(Relief.member_id).where(Relief.since_on <= on, Relief.until_on.is_(None) | (Relief.until_on > on))
    rows: AnySelect = select(Member.id).where(Member.is_active, Member.id.not_in(relieved)).order_by(Member.id)
    return _columns(rows)[:, 0]


def _columns(rows: AnySelect) -> np.ndarray:
    """Whole numbers of a query, rows × columns."""
    width = len(rows.selected_columns)
    parts = [
        np.array([tuple(row) for row in part], np.int64).reshape(-1, width)
        for part in db.session.execute(rows, execution_options={"yield_per": PART}).partitions()
    ]
    return np.concatenate([np.empty((0, width), np.int64), *parts])


def _roles(members: np.ndarray, roles: np.ndarray, on: date) -> tuple[np.ndarray, np.ndarray]:
    rows: AnySelect = (
        select(MemberRole.member_id, MemberRole.role_id)
        .where(MemberRole.since_on <= on, MemberRole.until_on.is_(None) | (MemberRole.until_on > on))
        .order_by(MemberRole.member_id)
    )
    found = _columns(rows)
    found = found[np.isin(found[:, 0], members) & (found[:, 1] < len(roles))]
    found = found[roles[found[:, 1]] >= 0]
    first = np.searchsorted(found[:, 0], members)
    return np.append(first, len(found)), roles[found[:, 1]].astype(np.int32)


def _held(members: np.ndarray, topics: np.ndarray, on: date) -> Bytes:
    held = np.zeros((len(members), int(topics.max(initial=-1)) + 1), np.uint8)
    rows: AnySelect = select(Holding.member_id, Holding.topic_id, Holding.layer).where(
        Holding.lapses_on.is_(None) | (Holding.lapses_on > on)
    )
    for part in db.session.execute(rows, execution_options={"yield_per": PART}).partitions():
        member, topic, layer = np.array([tuple(row) for row in part], np.int64).T
        place = np.searchsorted(members, member)
        known = (place < len(members)) & (topic < len(topics))
        known[known] &= (members[place[known]] == member[known]) & (topics[topic[known]] >= 0)
        bits = (1 << (layer[known] - 1)).astype(np.uint8)
        np.bitwise_or.at(held, (place[known], topics[topic[known]]), bits)
    return held
