"""Sign-ins: who is signed in, and what signing in needs to know."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from edu.base.actor import Actor
from edu.base.db import db
from edu.people.models import Duty, Member, SignIn, Unit, UnitKind
from edu.people.permissions import Post, build_actor

#: Sign-out after this long without a request. Chosen: a working day, so that a shared office computer is signed out
#: the next morning. OWASP's 15–30 minutes (Session Management Cheat Sheet) would sign out a slow reader mid-page.
IDLE_LIMIT = timedelta(hours=12)
#: Sign-out in any case. NIST SP 800-63B 4.1.3: at the lowest assurance level at least once every 30 days.
SIGN_IN_LIMIT = timedelta(days=30)

#: Tries are counted in spans of this length. OWASP Authentication Cheat Sheet asks for a window and a limit and leaves
#: their size open; chosen: 15 minutes is a pause that a person who mistypes can wait out.
SPAN = timedelta(minutes=15)
#: Tries in one span: for one login name, and from one address (a whole office may stand behind one).
LOGIN_TRIES, ADDRESS_TRIES = 10, 100


def span_start(at: datetime) -> datetime:
    """When the span began that an instant lies in."""
    return datetime.fromtimestamp(at.timestamp() // SPAN.total_seconds() * SPAN.total_seconds(), UTC)


def digest(secret: str) -> str:
    """What is stored of a token or counted of a login: SHA-256, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    actor: Actor
    sign_in_id: int
    login: str
    name: str
    name_en: str | None
    unit_id: int
    unit_name: str
    unit_name_en: str | None
    language: str | None
    must_change_password: bool
    seen_at: datetime


_sign_in = SignIn.__table__.c
_member = Member.__table__.c
_unit = Unit.__table__.c
_duty = Duty.__table__.c
_post_unit = Unit.__table__.alias("post_unit")
_post_kind = UnitKind.__table__.alias("post_kind")

_SIGNED_IN: Select[*tuple[Any, ...]] = (
    select(
        _member.id,
        _sign_in.id,
        _member.login,
        _member.name,
        _member.name_en,
        _unit.id,
        _unit.name,
        _unit.name_en,
        _member.language,
        _member.must_change_password,
        _sign_in.seen_at,
        _unit.first,
        _duty.kind,
        _post_unit.c.first,
        _post_unit.c.last,
        _post_unit.c.home_first,
        _post_kind.c.is_home,
    )
    .select_from(
        SignIn.__table__.join(Member.__table__, _member.id == _sign_in.member_id)
        .join(Unit.__table__, _unit.id == _member.unit_id)
        .outerjoin(Duty.__table__, and_(_duty.member_id == _member.id, _duty.until_on.is_(None)))
        .outerjoin(_post_unit, _post_unit.c.id == _duty.unit_id)
        .outerjoin(_post_kind, _post_kind.c.key == _post_unit.c.kind)
    )
    .where(
        _sign_in.token_digest == bindparam("token_digest"),
        _sign_in.closed_at.is_(None),
        _sign_in.seen_at > bindparam("idle_since", type_=_sign_in.seen_at.type),
        _sign_in.opened_at > bindparam("opened_since", type_=_sign_in.opened_at.type),
        _member.is_active,
    )
)


def signed_in(token: str, *, at: datetime) -> SignedIn | None:
    """Whom a browser's token stands for, with what they may do; None when it was closed, has run out or never was."""
    rows = db.session.execute(
        _SIGNED_IN,
        {"token_digest": digest(token), "idle_since": at - IDLE_LIMIT, "opened_since": at - SIGN_IN_LIMIT},
    ).all()
    if not rows:
        return None
    posts = [Post(kind, first, last, is_home or home < first) for *_, kind, first, last, home, is_home in rows if kind]
    member_id, *rest = rows[0][:11]
    return SignedIn(build_actor(member_id, rows[0][11], posts), *rest)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against."""

    member_id: int
    #: None: no password was set yet, or the one-time password has run out, or the member is not active.
    password_hash: str | None


def credentials(login: str, *, at: datetime) -> Credentials | None:
    """What opens the door for a login name, already folded; None when there is no such name."""
    row = db.session.execute(
        select(Member.id, Member.password_hash, Member.password_expires_at, Member.is_active).where(
            Member.login == login
        )
    ).one_or_none()
    if row is None:
        return None
    opens = row.is_active and (row.password_expires_at is None or row.password_expires_at > at)
    return Credentials(row.id, row.password_hash if opens else None)


@dataclass(frozen=True, slots=True)
class SignInRow:
    id: int
    device: str
    opened_at: datetime
    seen_at: datetime


def sign_ins_of(member_id: int, *, at: datetime) -> list[SignInRow]:
    """The browsers a member is signed in on, the one used last first."""
    rows = db.session.execute(
        select(SignIn.id, SignIn.device, SignIn.opened_at, SignIn.seen_at)
        .where(
            SignIn.member_id == member_id,
            SignIn.closed_at.is_(None),
            SignIn.seen_at > at - IDLE_LIMIT,
            SignIn.opened_at > at - SIGN_IN_LIMIT,
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [SignInRow(*row) for row in rows]
