"""Passwords: what is accepted, what is stored, what is handed out."""

import re
from statistics import median
from time import perf_counter

import pytest
from argon2 import PasswordHasher

from edu.base import passwords
from edu.base.errors import Invalid

SENTENCE = "今天天气 不错 ok"


def test_a_hash_opens_for_its_password_only() -> None:
    stored = passwords.hash(SENTENCE)
    assert passwords.verify(stored, SENTENCE)
    assert not passwords.verify(stored, SENTENCE + " ")
    assert not passwords.verify(None, SENTENCE)
    assert not passwords.verify("not a hash", SENTENCE)


def test_the_hash_is_argon2id_with_two_passes_over_19_mib() -> None:
    assert passwords.hash(SENTENCE).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_full_width_typing_is_the_same_password() -> None:
    assert passwords.verify(passwords.hash("abcd 2026"), "ａｂｃｄ　２０２６")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert not passwords.is_outdated(passwords.hash(SENTENCE))
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(SENTENCE))


def test_no_such_member_takes_as_long_as_a_wrong_password() -> None:
    stored = passwords.hash(SENTENCE)

    def cost(hashed: str | None) -> float:
        times = []
        for _ in range(5):
            begun = perf_counter()
            passwords.verify(hashed, "wrong password")
            times.append(perf_counter() - begun)
        return median(times)

    assert 0.4 < cost(None) / cost(stored) < 2.5  # without a hash it would be under 0.001


@pytest.mark.parametrize("password", ["12345678", "Password", "li.ming2026", "aaaaaaaa", "short", "é" * 129])
def test_the_first_that_anyone_would_try_and_the_too_short_and_too_long_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password, login="LI.ming2026")


@pytest.mark.parametrize("password", ["tree 海 8", "今天天气不错啊呀", " spaces inside ", "x1y" * 42])
def test_sentences_spaces_and_chinese_are_welcome(password: str) -> None:
    passwords.check(password, login="li.ming")


def test_one_time_passwords_are_readable_and_differ() -> None:
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([2-9bcdfghjkmnpqrstvwxyz]{4}-){2}[2-9bcdfghjkmnpqrstvwxyz]{4}", each) for each in made)


def test_a_one_time_password_passes_the_rule_itself() -> None:
    passwords.check(passwords.one_time(), login="li.ming")
