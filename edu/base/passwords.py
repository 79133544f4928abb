"""Passwords: keep them unreadable, check them in even time, refuse the worst, make one-time ones."""

import base64
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from edu.base.errors import Invalid
from edu.base.i18n import mark

#: argon2id with 2 passes over 19 MiB in one lane: OWASP Password Storage Cheat Sheet; measured at 22 ms on our machine.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")


#: Looks like a hash of today's parameters; no password meets it, and to check one against it takes as long as ever.
NOBODYS = (
    f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}${_random(16)}${_random(32)}"
)

#: NIST SP 800-63B 5.1.1.2: at least 8 characters, at least 64 allowed. The upper end only bounds the work.
SHORTEST, LONGEST = 8, 128

#: The commonest passwords of eight and more characters in published leaks; a longer list belongs to the organisation.
_COMMONEST = """
12345678 123456789 1234567890 123123123 87654321 88888888 11111111 00000000 66666666 11223344 password password1
passw0rd qwertyui qwerty123 qwertyuiop 1qaz2wsx 1q2w3e4r 1q2w3e4r5t abc12345 abcd1234 a1234567 a12345678
a123456789 aa123456 asdfghjkl woaini1314 iloveyou 5201314520 woaini520 administrator admin123 letmein1
"""
COMMONEST = frozenset(_COMMONEST.split())

#: One-time passwords are read from paper: no 0, 1, I, O, l, nor vowels that could make a word of it.
ONE_TIME_LETTERS = "23456789bcdfghjkmnpqrstvwxyz"
#: Three groups of four: 28^12 ≈ 2^57 possibilities, behind a throttle and for days only.
ONE_TIME_GROUPS, ONE_TIME_GROUP = 3, 4


def hash(password: str) -> str:  # noqa: A001 - read as passwords.hash
    return HASHER.hash(_folded(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the one stored.

    stored   None (no such member, or no password yet) takes as long as a wrong password: time does not tell who exists.
    """
    try:
        HASHER.verify(stored or NOBODYS, _folded(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's, so that it should be made again."""
    return HASHER.check_needs_rehash(stored)


def check(password: str, *, login: str) -> None:
    """Raises Invalid for a password that is too short, too long or among the first that anyone would try."""
    folded = _folded(password)
    if len(folded) < SHORTEST:
        raise Invalid(mark("A password has at least %(least)s characters."), least=SHORTEST)
    if len(folded) > LONGEST:
        raise Invalid(mark("A password has at most %(most)s characters."), most=LONGEST)
    plain = folded.casefold()
    if plain in COMMONEST or plain == login.casefold() or len(set(plain)) < 3:
        raise Invalid(mark("This password is among the first that anyone would try."))


def one_time() -> str:
    """A password to be used once, easy to read and to type: "k7mq-x2vd-9rhw"."""
    return "-".join(
        "".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(ONE_TIME_GROUP)) for _ in range(ONE_TIME_GROUPS)
    )


def _folded(password: str) -> str:
    """One spelling for what looks the same, so that another keyboard types the same (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
