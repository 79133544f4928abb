"""Who acts, and what they may do where. Decided once a request in people/permissions; read everywhere."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    LEARN = "learn"
    """Open modules, take quizzes, see one's own record."""
    VIEW_STATISTICS = "statistics:view"
    """See figures of the units where the duty is held, and of those below."""
    VIEW_PERSONS = "persons:view"
    """See persons by name, inside the home branch where the duty is held."""
    PUBLISH = "courses:publish"
    """Edit a module or its quiz and make it the version members see."""
    MANAGE_PEOPLE = "people:manage"
    """Add, move and deactivate members, appoint duties, reset passwords, within the duty's units."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission over one range of units.

    Units are numbered in pre-order, so a unit with all below it is the range first..last.
    """

    permission: Permission
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Actor:
    member_id: int
    grants: tuple[Grant, ...]

    def may(self, permission: Permission) -> bool:
        return any(grant.permission is permission for grant in self.grants)

    def may_at(self, permission: Permission, position: int) -> bool:
        """Whether the permission reaches the unit numbered `position`."""
        return any(g.permission is permission and g.first <= position <= g.last for g in self.grants)

    def ranges(self, permission: Permission) -> tuple[tuple[int, int], ...]:
        """The unit ranges where the permission holds, as (first, last)."""
        return tuple((g.first, g.last) for g in self.grants if g.permission is permission)
