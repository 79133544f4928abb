"""What an import tells and hands out: lines for the terminal, bad rows, one-time passwords."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from edu.base.sheets import NOT_IN_NAMES, Sheet, write_xlsx
from edu.people.actions.sign_ins import ONE_TIME_LASTS
from edu.people.roster_rows import Fault, MemberChange, Plan, UnitChange


def report(plan: Plan, role_names: Mapping[int, str]) -> Iterator[str]:
    """One line for each thing that would change, then the counts."""
    for unit in plan.units:
        yield f"  {_unit_line(unit)}"
    for member in plan.members:
        yield f"  {_member_line(member, role_names)}"
    units, members = plan.units, plan.members
    yield _counts("Units", [u.id is None for u in units], [u.is_renamed for u in units], [u.is_moved for u in units])
    moved = [m.moved_from is not None for m in members]
    yield _counts("Members", [m.id is None for m in members], [m.is_renamed for m in members], moved)
    given, ended = sum(len(m.roles_given) for m in members), sum(len(m.roles_ended) for m in members)
    yield f"Roles: {given} given, {ended} ended. Duties: {sum(len(m.duties_given) for m in members)} given."
    yield f"Unchanged rows: {plan.unchanged}. Bad rows: {len(plan.faults)}."


def _counts(what: str, added: list[bool], changed: list[bool], moved: list[bool]) -> str:
    return f"{what}: {sum(added)} added, {sum(changed)} changed, {sum(moved)} moved."


def _unit_line(unit: UnitChange) -> str:
    if unit.id is None:
        return f"add unit {unit.code} {unit.name} under {unit.parent or 'nothing'}"
    done = [f"move under {unit.parent or 'nothing'}"] if unit.is_moved else []
    done += [f"now {unit.name}, {unit.kind}"] if unit.is_renamed else []
    return f"change unit {unit.code}: {'; '.join(done)}"


def _member_line(member: MemberChange, role_names: Mapping[int, str]) -> str:
    facts = []
    if member.id is None:
        facts.append(f"in {member.unit}")
    elif member.is_renamed:
        facts.append(f"now {member.name}" + (f" ({member.name_en})" if member.name_en else ""))
    if member.moved_from:
        facts.append(f"move {member.moved_from} → {member.unit}")
    facts += [f"+ role {role_names[role]}" for role in sorted(member.roles_given)]
    facts += [f"- role {role_names[role]}" for role in sorted(member.roles_ended)]
    facts += [f"+ duty {kind} for {code}" for kind, code in sorted(member.duties_given)]
    verb = f"add {member.login} {member.name}" if member.id is None else f"change {member.login}"
    return f"{verb}: {'; '.join(facts)}"


def bad_rows(plan: Plan, path: Path) -> Path | None:
    """The rows that were left out, as they were, with line and reason; None when all were good.

    A file from an earlier run goes: its rows may have been put right since.
    """
    path.unlink(missing_ok=True)
    if not plan.faults:
        return None
    by_sheet: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in plan.faults:
        by_sheet[fault.sheet].append(fault)
    sheets = [
        Sheet(
            name,
            _("Rows that were left out. Put them right and import this file again."),
            [*faults[0].headers, _("Row"), _("Reason")],
            [
                [*fault.row.cells, fault.row.line, _(fault.message, **fault.values)]
                for fault in sorted(faults, key=lambda fault: fault.row.line)
            ],
        )
        for name, faults in by_sheet.items()
    ]
    _write(path, write_xlsx(sheets))
    return path


def password_files(plan: Plan, secrets: Mapping[str, str], folder: Path, *, at: datetime) -> list[Path]:
    """One file for each branch with its new members' one-time passwords, for its secretary."""
    by_home: defaultdict[str, list[MemberChange]] = defaultdict(list)
    for member in plan.members:
        if member.id is None:
            by_home[plan.homes[member.unit]].append(member)
    return [_password_file(code, members, secrets, folder, at) for code, members in by_home.items()]


def _password_file(
    code: str, members: list[MemberChange], secrets: Mapping[str, str], folder: Path, at: datetime
) -> Path:
    sheet = Sheet(
        code,
        _("One-time passwords. Hand each to its member and delete this file."),
        [_("Unit"), _("Name"), _("Login name"), _("One-time password"), _("Opens until")],
        [[m.unit, m.name, m.login, secrets[m.login], at + ONE_TIME_LASTS] for m in members],
    )
    path = _unused(folder / f"one-time-passwords-{NOT_IN_NAMES.sub('_', code)}.xlsx")
    _write(path, write_xlsx([sheet]))
    return path


def _unused(path: Path) -> Path:
    """The path, with a number where there is such a file already: its passwords may not be handed out yet."""
    number, chosen = 1, path
    while chosen.exists():
        number += 1
        chosen = path.with_stem(f"{path.stem}-{number}")
    return chosen


def _write(path: Path, content: bytes) -> None:
    """A new file that only its owner may read: it holds personal data."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
