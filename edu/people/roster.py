"""Units and members as a file wants them: read the rows, compare with what is there, say what would change.

Nothing here touches the database: `plan` takes what exists and returns what to do, so that a dry run and the import
are one and the same. The rules:

- A column that is missing, and a cell that is empty, change nothing.
- Roles are the whole list: what is not listed ends. Duties are only added, so that a forgotten cell locks nobody out.
- Members and units that are not in the file stay as they are.
- A row with a fault is left out, with everything that depends on it; the others go on.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.base.tables import Row, Table, plain_header
from edu.people.names import checked_code, checked_login, checked_name
from edu.people.roster_rows import (
    DUTY_WORDS,
    MEMBER_COLUMNS,
    SEPARATORS,
    UNIT_COLUMNS,
    Existing,
    Fault,
    MemberChange,
    Plan,
    UnitChange,
    plain,
)

#: A table with where its columns are.
_Columns = tuple[Table, dict[str, int]]


def plan(tables: Sequence[Table], existing: Existing) -> Plan:
    """What the tables ask for beyond what exists. All faults come in one run."""
    made = Plan()
    units: list[_Columns] = []
    members: list[_Columns] = []
    for table in tables:
        columns = _columns(table)
        if "login" in columns:
            members.append((table, columns))
        elif "code" in columns:
            units.append((table, columns))
        else:
            raise Invalid(mark("The table %(name)s has neither login names nor unit codes."), name=table.name)
    tree = _plan_units(units, existing, made)
    made.homes = {code: _home(code, tree, existing.home_kinds) for code in tree}
    _plan_members(members, existing, tree, made)
    return made


def _columns(table: Table) -> dict[str, int]:
    """Which column holds what. A table with login names is one of members, any other is one of units."""
    plain_headers = [plain_header(header) for header in table.headers]
    is_members = any(word in MEMBER_COLUMNS["login"] for word in plain_headers)
    wanted = MEMBER_COLUMNS if is_members else UNIT_COLUMNS
    return {
        name: index
        for name, words in wanted.items()
        if (index := next((at for at, word in enumerate(plain_headers) if word in words), None)) is not None
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """One row with its columns by name."""

    table: Table
    row: Row
    columns: Mapping[str, int]

    def __getitem__(self, name: str) -> str:
        return self.row.cells[self.columns[name]] if name in self.columns else ""

    def fault(self, refusal: Invalid) -> Fault:
        return Fault(self.table.name, self.table.headers, self.row, refusal.message, refusal.values)


def _lines(tables: Sequence[_Columns], key: Callable[[str], str], name: str, made: Plan) -> Iterator[tuple[str, _Line]]:
    """Each row with what it is about; a damaged row, one without a key and a second one about the same are faults."""
    seen: dict[str, int] = {}
    for table, columns in tables:
        for row in table.rows:
            line = _Line(table, row, columns)
            try:
                if row.is_damaged:
                    raise Invalid(mark("This row has characters that cannot be read. Save the file again as UTF-8."))
                about = key(line[name])
                if about in seen:
                    raise Invalid(mark("%(what)s stands already in row %(row)s."), what=about, row=seen[about])
            except Invalid as refusal:
                made.faults.append(line.fault(refusal))
                continue
            seen[about] = row.line
            yield about, line


# Units


def _plan_units(tables: Sequence[_Columns], existing: Existing, made: Plan) -> dict[str, UnitChange]:
    """Fill `made` with changes of units; returns all units as they will be."""
    tree = {
        code: UnitChange(unit.id, code, unit.name, unit.name_en, unit.kind, unit.parent)
        for code, unit in existing.units.items()
    }
    waiting: dict[str, tuple[UnitChange, _Line]] = {}
    for code, line in _lines(tables, checked_code, "code", made):
        try:
            waiting[code] = _unit(code, line, existing), line
        except Invalid as refusal:
            made.faults.append(line.fault(refusal))
    # A unit comes after the one above it, in whatever order the file has them: go round until nothing more settles.
    while settled := [code for code in list(waiting) if _settle(*waiting[code], tree, made)]:
        for code in settled:
            del waiting[code]
    for unit, line in waiting.values():
        fault = Invalid(mark("The upper unit %(code)s does not exist, or hangs below this one."), code=unit.parent)
        made.faults.append(line.fault(fault))
    return tree


def _settle(unit: UnitChange, line: "_Line", tree: dict[str, UnitChange], made: Plan) -> bool:
    """Put the unit into the tree if the unit above it is there. False: it has to wait."""
    if not _can_hang(unit, tree):
        return False
    if unit.id is None and unit.parent is None and any(other.parent is None for other in tree.values()):
        made.faults.append(line.fault(Invalid(mark("The upper unit is missing: only one unit stands at the top."))))
        return True
    tree[unit.code] = unit
    if unit.id is None or unit.is_moved or unit.is_renamed:
        made.units.append(unit)
    else:
        made.unchanged += 1
    return True


def _unit(code: str, line: _Line, existing: Existing) -> UnitChange:
    """The unit as a row wants it. Raises Invalid."""
    if code in existing.closed:
        raise Invalid(mark("The unit %(code)s is closed. Choose another code."), code=code)
    was = existing.units.get(code)
    kind = existing.kinds.get(plain(line["kind"])) if line["kind"] or was is None else was.kind
    if kind is None:
        raise Invalid(mark("There is no kind of unit called %(kind)s."), kind=line["kind"] or "—")
    name = checked_name(line["name"]) if line["name"] or was is None else was.name
    name_en = checked_name(line["name_en"]) if line["name_en"] else (was.name_en if was else None)
    parent = checked_code(line["parent"]) if line["parent"] else (was.parent if was else None)
    if was is None:
        return UnitChange(None, code, name, name_en, kind, parent)
    is_renamed = (name, name_en, kind) != (was.name, was.name_en, was.kind)
    return UnitChange(was.id, code, name, name_en, kind, parent, parent != was.parent, is_renamed)


def _can_hang(unit: UnitChange, tree: Mapping[str, UnitChange]) -> bool:
    """Whether the upper unit is there and does not hang below this one."""
    at = unit.parent
    while at is not None:
        if at == unit.code or at not in tree:
            return False
        at = tree[at].parent
    return True


def _home(code: str, tree: Mapping[str, UnitChange], home_kinds: Collection[str]) -> str:
    at: str | None = code
    while at is not None:
        if tree[at].kind in home_kinds:
            return at
        at = tree[at].parent
    return code


# Members


def _plan_members(tables: Sequence[_Columns], existing: Existing, tree: Mapping[str, UnitChange], made: Plan) -> None:
    for login, line in _lines(tables, checked_login, "login", made):
        try:
            member = _member(login, line, existing, tree)
        except Invalid as refusal:
            made.faults.append(line.fault(refusal))
            continue
        if member.id is None or _differs(member):
            made.members.append(member)
        else:
            made.unchanged += 1


def _differs(member: MemberChange) -> bool:
    return bool(
        member.moved_from or member.is_renamed or member.roles_given or member.roles_ended or member.duties_given
    )


def _member(login: str, line: _Line, existing: Existing, tree: Mapping[str, UnitChange]) -> MemberChange:
    """The member as a row wants them. Raises Invalid."""
    was = existing.members.get(login)
    if was is not None and not was.is_active:
        raise Invalid(mark("This member is deactivated. Reactivate them on the people page first."))
    unit = _known_unit(line["unit"], tree) if line["unit"] or was is None else was.unit
    name = checked_name(line["name"]) if line["name"] or was is None else was.name
    name_en = checked_name(line["name_en"]) if line["name_en"] else (was.name_en if was else None)
    roles = frozenset(_roles(line["roles"], existing.roles)) if line["roles"] else None
    duties = frozenset(_duties(line["duties"], unit, tree))
    if was is None:
        return MemberChange(None, login, name, name_en, unit, roles_given=roles or frozenset(), duties_given=duties)
    return MemberChange(
        was.id,
        login,
        name,
        name_en,
        unit,
        moved_from=was.unit if unit != was.unit else None,
        is_renamed=(name, name_en) != (was.name, was.name_en),
        roles_given=frozenset() if roles is None else roles - was.roles,
        roles_ended=frozenset() if roles is None else was.roles - roles,
        duties_given=duties - was.duties,
    )


def _known_unit(text: str, tree: Mapping[str, UnitChange]) -> str:
    """The code of a unit that is, or will be, there. Raises Invalid."""
    code = checked_code(text)
    if code not in tree:
        raise Invalid(mark("There is no unit with the code %(code)s."), code=code)
    return code


def _roles(text: str, known: Mapping[str, int]) -> Iterator[int]:
    for word in filter(None, map(str.strip, SEPARATORS.split(text))):
        if plain(word) not in known:
            raise Invalid(mark("There is no role called %(role)s."), role=word)
        yield known[plain(word)]


def _duties(text: str, own_unit: str, tree: Mapping[str, UnitChange]) -> Iterator[tuple[str, str]]:
    """(kind, unit code) of each duty: "书记" in the member's own unit, "书记@hexi" in another."""
    for word in filter(None, map(str.strip, SEPARATORS.split(text))):
        called, _at, code = normalize("NFKC", word).partition("@")
        kind = next((kind for kind, words in DUTY_WORDS.items() if plain(called) in words), None)
        if kind is None:
            raise Invalid(mark("There is no duty called %(duty)s."), duty=word)
        yield kind, _known_unit(code, tree) if code else own_unit
