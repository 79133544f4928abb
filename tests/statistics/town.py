"""A town of branches for tests of figures: people by the handful, each with roles and rungs held."""

from dataclasses import dataclass
from itertools import count

from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.base.db import db
from edu.courses import actions as courses
from edu.courses.queries import roles, topics
from edu.people import actions as people
from edu.people import queries
from edu.people.actions import UnitKindSpec
from edu.people.models import Duty, Member, MemberRole, Membership
from edu.people.permissions import Post, build_actor
from edu.records import actions as records
from edu.records.models import Holding
from tests import make
from tests.times import MONDAY

REQUIRES = {"member": {"aid": 2, "privacy": 1}, "leader": {"aid": 3, "privacy": 1}, "guest": {"privacy": 1}}
TODAY = day_of(MONDAY)


@dataclass
class Town:
    topics: dict[str, int]
    roles: dict[str, int]
    units: dict[str, int]
    logins: "count[int]"

    def unit(self, code: str, parent: str | None = None, kind: str = "branch") -> int:
        self.units[code] = make.unit(code, kind, self.units[parent] if parent else None)
        return self.units[code]

    def people(self, unit: str, number: int, *role_keys: str, holds: str = "") -> list[int]:
        """Members of one unit with the same roles, who hold the same rungs: "aid1 aid2 privacy1"."""
        members = [
            Member(
                login=f"m{next(self.logins)}",
                name=f"{unit} {place}",
                unit_id=self.units[unit],
                password_hash=None,
                is_active=True,
                created_at=MONDAY,
            )
            for place in range(number)
        ]
        db.session.add_all(members)
        db.session.flush()
        ids = [member.id for member in members]
        for member_id in ids:
            db.session.add(Membership(member_id=member_id, unit_id=self.units[unit], since_on=TODAY))
            for key in role_keys:
                db.session.add(MemberRole(member_id=member_id, role_id=self.roles[key], since_on=TODAY))
            for rung in holds.split():
                topic_id = self.topics[rung[:-1]]
                db.session.add(Holding(member_id=member_id, topic_id=topic_id, layer=int(rung[-1]), since_at=MONDAY))
        db.session.flush()
        records.restate(ids, on=TODAY)
        return ids

    def actor(self, kind: str, unit: str, member_id: int | None = None) -> Actor:
        """Someone with a duty at a unit; a new member of it, unless one is given."""
        unit_id = self.units[unit]
        member_id = member_id or self.people(unit, 1)[0]
        db.session.add(Duty(member_id=member_id, kind=kind, unit_id=unit_id, since_on=TODAY))
        db.session.flush()
        return self.acting(kind, unit, member_id)

    def acting(self, kind: str, unit: str, member_id: int = 0) -> Actor:
        """What a duty at a unit opens, for someone who is in no figure."""
        here = queries.unit(self.units[unit])
        homes = {key for key, _names, is_home in queries.unit_kinds() if is_home}
        in_home = here.kind in homes or here.home_first < here.first
        return build_actor(member_id, here.first, [Post(kind, here.first, here.last, in_home)])


def found() -> Town:
    """A town with its kinds of unit, topics and roles, and one unit at the top."""
    courses.define_framework(make.framework(REQUIRES), on=TODAY)
    people.define_unit_kinds(
        [
            UnitKindSpec("whole", make.words("whole"), False),
            UnitKindSpec("branch", make.words("branch"), True),
            UnitKindSpec("group", make.words("group"), False),
        ]
    )
    town = Town({topic.key: topic.id for topic in topics()}, {role.key: role.id for role in roles()}, {}, count())
    town.unit("top", kind="whole")
    return town


def riverside() -> Town:
    """Two parishes: branches of 8, 12 in two groups and some beside, 6, and one too small; three people in the office."""
    town = found()
    town.unit("parish", "top", "whole")
    town.unit("first", "parish")
    town.unit("second", "parish")
    town.unit("east", "second", "group")
    town.unit("west", "second", "group")
    town.unit("market", "top")
    town.unit("couriers", "top")
    town.unit("empty", "top")
    town.people("top", 3, "member")
    town.people("first", 6, "member", holds="aid1")
    town.people("first", 2, "member", "leader", holds="aid1 aid2 privacy1")
    town.people("second", 2, "member", "leader", holds="aid1 aid2 aid3 privacy1")
    town.people("east", 4, "member", holds="privacy1")
    town.people("east", 1, "guest")
    town.people("west", 3, "member", holds="aid1 aid2 privacy1")
    town.people("west", 2, "member", "leader")
    town.people("market", 6, "member", "leader", holds="aid1 aid3")
    town.people("couriers", 4, "member")
    return town
