"""Which duty opens what, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from edu.base.actor import Actor, Grant, Permission

#: What each duty opens, in the unit where it is held and in all units below it.
GRANTS: dict[str, frozenset[Permission]] = {
    "trainer": frozenset({Permission.PUBLISH}),
    "secretary": frozenset({Permission.VIEW_STATISTICS, Permission.VIEW_PERSONS}),
    "board": frozenset({Permission.VIEW_STATISTICS}),
    "administrator": frozenset({Permission.MANAGE_PEOPLE}),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A duty with the numbers of the unit where it is held."""

    kind: str
    first: int
    last: int
    #: The unit is a home (a branch) or lies inside one.
    in_home: bool


def build_actor(member_id: int, position: int, posts: Iterable[Post]) -> Actor:
    """What a member may do where.

    position   `first` of the member's own unit; everyone may learn there.

    Persons are known by name in their home branch only: a secretary above the branches sees, by name, those who are
    directly in the secretary's own unit.
    """
    grants = [Grant(Permission.LEARN, position, position)]
    for post in posts:
        for permission in sorted(GRANTS[post.kind]):
            narrow = permission is Permission.VIEW_PERSONS and not post.in_home
            grants.append(Grant(permission, post.first, post.first if narrow else post.last))
    return Actor(member_id, tuple(grants))
