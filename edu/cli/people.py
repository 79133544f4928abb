"""`flask people`: import a roster, appoint the first administrator, give a new password."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from edu.base import passwords
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.base.errors import Refusal
from edu.base.i18n import LANGUAGES, LOCALES
from edu.base.tables import read_tables
from edu.cli.roster_files import bad_rows, password_files, report
from edu.courses import queries as courses
from edu.people import actions, queries, roster
from edu.people.actions.roster import carry_out
from edu.people.names import fold_login
from edu.people.queries.roster import existing
from edu.people.roster_rows import KNOWN_HEADERS, Plan
from edu.records import actions as records

people = AppGroup("people", help="Units and members: import them, appoint the first administrator.")

#: Code and names of the first unit when there is none yet; --unit-name and the people pages change the names.
FIRST_UNIT, FIRST_UNIT_NAME, FIRST_UNIT_NAME_EN = "top", "本组织", "Our organisation"


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "is_applied", is_flag=True, help="Write it. Without this, only say what would change.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files; else beside FILE.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], help="Language of the files.")
@click.pass_context
def import_(context: click.Context, file: Path, is_applied: bool, out: Path | None, language: str) -> None:
    """Bring units, members, roles and duties from FILE (.xlsx or .csv), columns by their headers.

    \b
    Units:   代码 code, 名称 name, 英文名 English name, 类别 kind, 上级 parent (a code)
    Members: 登录名 login, 姓名 name, 英文名 English name, 单位 unit (a code), 岗位 roles, 职责 duties

    An xlsx file may have one sheet of each. Roles and duties are separated by 、 or a comma; a duty is for the
    member's own unit, or for another one as 书记@code. Empty cells change nothing. Roles are the whole list, and what
    is not listed ends; duties are only added. Nobody is deactivated because they are not in the file.
    The same file again changes nothing.

    Rows with a fault are left out and come back in FILE-bad-rows.xlsx with the reason; then the exit status is 1.
    New members get one-time passwords, in one file for each branch, readable by you only: hand each to its secretary.
    Thousands of rows take minutes, and while they are written nobody else can save: choose a quiet hour.
    """
    out = out or file.parent
    out.mkdir(parents=True, exist_ok=True)
    plan = planned(file)
    for line in report(plan, role_names()):
        click.echo(line)
    with force_locale(LOCALES[language]):
        if path := bad_rows(plan, out / f"{file.stem}-bad-rows.xlsx"):
            click.echo(f"{len(plan.faults)} bad rows, with their reasons: {path}")
        if is_applied and (plan.units or plan.members):
            apply(plan, file, out)
    if not is_applied:
        click.echo("Nothing was written. Add --apply to do it.")
    elif not (plan.units or plan.members):
        click.echo("Nothing to change.")
    context.exit(1 if plan.faults else 0)


def planned(file: Path) -> Plan:
    """What the file would change now."""
    words = {word: role.id for role in courses.roles() for word in (role.key, *role.names.values())}
    try:
        tables = read_tables(file, file.stem, KNOWN_HEADERS)
        if not tables:
            raise click.ClickException("No table with known headers was found. See: flask people import --help")
        return roster.plan(tables, existing(words))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None


def role_names() -> dict[int, str]:
    """Retired ones too: who has one still has it, until a file leaves it out."""
    return {role.id: role.key for role in courses.roles(also_retired=True)}


def apply(plan: Plan, file: Path, out: Path) -> None:
    """Hash, write the files, write the database: a password that is in the database is in a file."""
    new = [member for member in plan.members if member.id is None]
    secrets = {member.login: passwords.one_time() for member in new}
    hashes = hashed(secrets)
    db.session.rollback()
    begin_write()
    if planned(file) != plan:
        raise click.ClickException("People were changed in the meantime. Nothing was written; look at it again.")
    files = password_files(plan, secrets, out, at=now())
    try:
        restate_ids = carry_out(plan, hashes, by=None, on=day_of(now()), at=now())
        records.restate(restate_ids, on=day_of(now()))
        db.session.commit()
    except BaseException:
        db.session.rollback()
        for path in files:
            path.unlink()
        raise
    click.echo("Written.")
    for path in files:
        click.echo(f"One-time passwords: {path}")


def hashed(secrets: dict[str, str]) -> dict[str, str]:
    """A hash for each password. One takes 20 ms on purpose; argon2 lets go of the interpreter, so cores share them."""
    if not secrets:
        return {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(passwords.hash, secrets.values())
        with click.progressbar(made, length=len(secrets), label="One-time passwords") as bar:
            return dict(zip(secrets, bar, strict=True))


@people.command("administrator")
@click.argument("login")
@click.option("--name", help="The person's name, where they are new.")
@click.option("--unit-name", default=FIRST_UNIT_NAME, help="Name of the whole, where there is no unit yet.")
def administrator(login: str, name: str | None, unit_name: str) -> None:
    """Make LOGIN an administrator of the whole; a new member gets a one-time password, printed once.

    Where there is no unit yet, the one at the top is created.
    """
    password = passwords.one_time()
    password_hash = passwords.hash(password)
    begin_write()
    at = now()
    try:
        unit_id = top_unit(unit_name)
        found = queries.find_member(fold_login(login))
        if found is None and not name:
            raise click.ClickException(f"{login} is new: say who it is with --name.")
        if found and not found.is_active:
            raise click.ClickException(f"{login} is deactivated.")
        member_id = (
            found.id
            if found
            else actions.add_member(
                login=login,
                name=name or "",
                name_en=None,
                unit_id=unit_id,
                password_hash=password_hash,
                must_change=True,
                by=None,
                on=day_of(at),
                at=at,
            )
        )
        actions.appoint(member_id, "administrator", unit_id, by=None, on=day_of(at), at=at)
        db.session.commit()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{fold_login(login)} administers the whole.")
    if found is None:
        click.echo(f"One-time password: {password}")


def top_unit(name: str) -> int:
    """The unit at the top, created where there is none."""
    if tops := queries.root_units():
        return tops[0].id
    kinds = queries.unit_kinds()
    if not kinds:
        raise click.ClickException("No kinds of unit are known yet. Load the courses first: flask content load")
    name_en = FIRST_UNIT_NAME_EN if name == FIRST_UNIT_NAME else None
    return actions.add_unit(
        code=FIRST_UNIT, name=name, name_en=name_en, kind=kinds[0][0], parent_id=None, by=None, at=now()
    )


@people.command("password")
@click.argument("login")
def password(login: str) -> None:
    """Give LOGIN a new one-time password and print it. All their browsers are signed out."""
    member = queries.find_member(fold_login(login))
    if member is None:
        raise click.ClickException(f"Nobody signs in as {login}.")
    secret = passwords.one_time()
    password_hash = passwords.hash(secret)
    db.session.rollback()
    begin_write()
    actions.reset_password(member.id, password_hash, by=None, at=now())
    db.session.commit()
    click.echo(f"One-time password for {member.login}: {secret}")
