"""Open and close sign-ins, set passwords, count tries, log views."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from edu.base import audit
from edu.base.db import db, insert
from edu.people.models import Member, SignIn, Throttle, View
from edu.people.queries.sign_ins import SIGN_IN_LIMIT, SPAN, digest, span_start

#: A one-time password opens nothing after this. Chosen: it lies on paper with a secretary who sees the members monthly.
ONE_TIME_LASTS = timedelta(days=30)
#: What a browser says of itself is cut to this length.
DEVICE_LENGTH = 200


def open_sign_in(member_id: int, *, device: str, at: datetime) -> str:
    """Sign a browser in. Returns the token for its cookie; only a digest of it is kept.

    Rows of this member that have long run out are removed on the way.
    """
    token = secrets.token_urlsafe(32)
    db.session.execute(
        delete(SignIn)
        .where(SignIn.member_id == member_id, SignIn.seen_at < at - 2 * SIGN_IN_LIMIT)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        insert(SignIn).values(
            token_digest=digest(token), member_id=member_id, opened_at=at, seen_at=at, device=device[:DEVICE_LENGTH]
        )
    )
    return token


def keep_seen(sign_in_id: int, *, at: datetime) -> None:
    """Note that a sign-in is in use, so that it does not run out."""
    _change_sign_ins(SignIn.id == sign_in_id, SignIn.seen_at < at, seen_at=at)


def sign_out(sign_in_id: int, *, member_id: int, at: datetime) -> None:
    """Close one of the member's own sign-ins. Safe to repeat."""
    _change_sign_ins(SignIn.id == sign_in_id, SignIn.member_id == member_id, SignIn.closed_at.is_(None), closed_at=at)


def sign_out_everywhere(member_id: int, *, at: datetime, but: int | None = None) -> None:
    """Close all of a member's sign-ins; `but` one, the browser in use."""
    _change_sign_ins(SignIn.member_id == member_id, SignIn.id != (but or 0), SignIn.closed_at.is_(None), closed_at=at)


def _change_sign_ins(*conditions: object, **values: datetime) -> None:
    db.session.execute(
        update(SignIn).where(*conditions).values(**values).execution_options(synchronize_session=False)  # type: ignore[arg-type]
    )


def set_password(member_id: int, password_hash: str, *, sign_in_id: int | None, at: datetime) -> None:
    """The member's own new password. All other browsers are signed out."""
    _change_password(member_id, password_hash, must_change=False, expires_at=None)
    sign_out_everywhere(member_id, at=at, but=sign_in_id)
    audit.record("password.changed", by=member_id, about=f"member:{member_id}", at=at)


def reset_password(member_id: int, password_hash: str, *, by: int | None, at: datetime) -> None:
    """A one-time password set by someone else; it must be changed at the next sign-in. All browsers are signed out.

    The hash comes in ready-made: making it takes longer than a transaction should last.
    """
    _change_password(member_id, password_hash, must_change=True, expires_at=at + ONE_TIME_LASTS)
    sign_out_everywhere(member_id, at=at)
    audit.record("password.reset", by=by, about=f"member:{member_id}", at=at)


def renew_hash(member_id: int, password_hash: str) -> None:
    """The same password, hashed with today's parameters."""
    db.session.execute(update(Member).where(Member.id == member_id).values(password_hash=password_hash))


def _change_password(member_id: int, password_hash: str, *, must_change: bool, expires_at: datetime | None) -> None:
    db.session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(password_hash=password_hash, must_change_password=must_change, password_expires_at=expires_at)
    )


def count_tries(limits: Mapping[str, int], *, at: datetime) -> timedelta | None:
    """Count one try under each key.

    limits    key → how many tries a span allows.
    returns   None, or how long to wait when one of the keys is over its limit.
    """
    span = span_start(at)
    over = False
    for key, limit in sorted(limits.items()):
        row = insert(Throttle).values(key=key, span_started_at=span, tries=1)
        counted = row.on_conflict_do_update(
            index_elements=[Throttle.key, Throttle.span_started_at], set_={"tries": Throttle.tries + 1}
        ).returning(Throttle.tries)
        over |= db.session.execute(counted).scalar_one() > limit
    db.session.execute(
        delete(Throttle).where(Throttle.span_started_at < span).execution_options(synchronize_session=False)
    )
    return span + SPAN - at if over else None


def forgive_tries(login_key: str, address_key: str, *, at: datetime) -> None:
    """After a right password: clear what was counted under the name, and take this one try off the address.

    The address keeps its failures: who knows one password may still guess at others from there.
    """
    span = span_start(at)
    quietly = {"synchronize_session": False}
    db.session.execute(delete(Throttle).where(Throttle.key == login_key).execution_options(**quietly))
    db.session.execute(
        update(Throttle)
        .where(Throttle.key == address_key, Throttle.span_started_at == span, Throttle.tries > 0)
        .values(tries=Throttle.tries - 1)
        .execution_options(**quietly)
    )


def log_view(viewer_id: int, member_id: int, page: str, *, at: datetime) -> None:
    """Note that someone looked at a member's record, so that the member can see it. One's own looks are not noted."""
    if viewer_id != member_id:
        db.session.execute(insert(View).values(viewer_id=viewer_id, member_id=member_id, page=page, at=at))


def log_views(viewer_id: int, member_ids: Iterable[int], page: str, *, at: datetime) -> None:
    """The same for everyone whom a list names."""
    looks = [{"viewer_id": viewer_id, "member_id": seen, "page": page, "at": at} for seen in member_ids]
    if looks := [look for look in looks if look["member_id"] != viewer_id]:
        db.session.execute(insert(View), looks)
