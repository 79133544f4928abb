"""Drawing questions and ordering options."""

from datetime import UTC, datetime, timedelta

from edu.quizzes.selection import Candidate, draw, order

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_questions_never_asked_come_before_those_asked_longest_ago():
    pool = [
        Candidate(1, "single", MONDAY),
        Candidate(2, "single", MONDAY - timedelta(days=9)),
        Candidate(3, "single", None),
    ]
    assert [drawn.question_version_id for drawn in draw(pool, 3, seed=1)] == [3, 2, 1]


def test_kinds_are_mixed_before_any_repeats():
    pool = [Candidate(n, "single", None) for n in range(8)] + [
        Candidate(8, "number", None),
        Candidate(9, "truefalse", None),
    ]
    for seed in range(20):
        assert {drawn.kind for drawn in draw(pool, 3, seed=seed)} == {"single", "number", "truefalse"}


def test_the_same_attempt_draws_the_same_and_others_differ():
    pool = [Candidate(n, "single", None) for n in range(10)]
    draws = [tuple(draw(pool, 3, seed=seed)) for seed in range(30)]
    assert draws[4] == tuple(draw(list(reversed(pool)), 3, seed=4))
    assert len(set(draws)) > 20


def test_a_small_bank_gives_what_it_has():
    assert len(draw([Candidate(1, "single", None)], 3, seed=1)) == 1


def test_options_are_shuffled_and_true_stays_above_false():
    options = dict.fromkeys("abcd")
    orders = {tuple(order(options, shuffles=True, seed=f"{n}:1")) for n in range(40)}
    assert len(orders) > 10
    assert all(sorted(shown) == list("abcd") for shown in orders)
    assert order({"a": 1, "b": 2}, shuffles=False, seed="x") == ["a", "b"]
