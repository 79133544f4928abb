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

#: What reaches beyond units: courses belong to the whole, so only who administers the whole appoints who edits them.
#: Otherwise the administrator of one branch could rewrite what everybody learns.
FOR_THE_WHOLE = frozenset({Permission.PUBLISH})


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


def appointable(actor: Actor, tops: Iterable[int]) -> list[str]:
    """The kinds of duty that an administrator may appoint somebody to, within their own units.

    tops   `first` of the units at the top of the tree.
    """
    manages_whole = any(actor.may_at(Permission.MANAGE_PEOPLE, top) for top in tops)
    return [kind for kind, opens in GRANTS.items() if manages_whole or not opens & FOR_THE_WHOLE]


def stands_above(actor: Actor, positions: Iterable[int]) -> bool:
    """Whether duties held at these unit numbers lie outside what the actor administers.

    Whoever has such duties is not for this actor to deactivate or to give a new password: with that password the actor
    could take the duties over.
    """
    return not all(actor.may_at(Permission.MANAGE_PEOPLE, position) for position in positions)
