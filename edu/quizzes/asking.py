"""What a diagnostic or a review asks next, and when it is over. Pure.

A question is known here by topic, layer, slip and guess; its text never matters. Everything follows from the answers
so far: an attempt that is taken up again, on another machine or after a month, goes on where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from edu.gaps import choose, evidence, fit, forgetting, ladder, lasting, stop
from edu.gaps.choose import Item, Sitting, Standing
from edu.gaps.evidence import Answer, Picture, Verdict
from edu.gaps.ladder import Unknown
from edu.gaps.stop import BY_COST, SHIPPED, End, Rule

#: Why a question is asked; as stored.
SCORED, CONTROL, NEWCOMER = "scored", "control", "newcomer"
#: A question is not asked again within this time, but in a retake or when a layer has no other (docs/gap-engine.md).
NO_REPEAT = timedelta(days=90)
#: Exposure is counted over this many latest diagnostics.
RECENT_TESTS = 200
#: Questions of a check: what a member who disagrees is asked.
CHECK_QUESTIONS = 3
#: Most questions of one practice: what fits between two other things.
PRACTICE_QUESTIONS = 5
#: Most questions of one rung in a review: verify, not relearn.
REVIEW_QUESTIONS = 2
#: Minutes that a layer is taken to cost where no module teaches it yet: as long as a module may be.
UNTAUGHT_MINUTES = 12
#: A diagnostic ends once so many answers came too fast to have been read: going on would tell nothing (design choice).
MOST_UNREAD = 10
#: Fewer answers say nothing about whether a test can be believed (design choice).
LEAST_TO_TELL = 5
#: From how sure a rung is drawn firmer while a diagnostic goes on.
FIRMER = (0.75, 0.90)
#: A rung that is settled.
FIRMEST = len(FIRMER) + 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an attempt."""

    question_version_id: int
    topic_id: int
    layer: int
    slip: float
    guess: float
    purpose: str
    #: 'right', 'wrong', 'unknown'; None: not answered yet.
    outcome: str | None
    #: 0–1; 0 when it was answered too fast to have been read.
    weight: float | None


@dataclass(frozen=True, slots=True)
class Subject:
    """One topic of an attempt."""

    topic_id: int
    #: Highest layer required.
    required: int
    #: What was known before the attempt, faded to its day.
    picture: Picture
    #: Of the shortest module of each required layer, from 1.
    minutes: tuple[float, ...]
    #: How often "I haven't learned this yet" is said.
    unknown: Unknown


@dataclass(frozen=True, slots=True)
class Live:
    """A question that could be asked."""

    #: With the slip and guess that the choice is to use (`cautious`).
    item: Item
    slip: float
    guess: float
    #: First answers it has had since its last change.
    answers: int
    #: Asked of this member within NO_REPEAT.
    is_met: bool
    #: Share of the RECENT_TESTS that asked its cell in which it was asked, 0–1.
    exposure: float


@dataclass(frozen=True, slots=True)
class Next:
    """What to ask now."""

    question_version_id: int
    purpose: str
    #: The chance of a right answer, as believed before it, 0–1.
    predicted: float


def answers(subject: Subject, asked: Sequence[Asked], attempt_id: int | None = None) -> list[Answer]:
    """The scored answers of one topic as evidence."""
    return [
        Answer(
            one.layer,
            right=one.outcome == "right",
            slip=one.slip,
            guess=one.guess,
            weight=one.weight or 0.0,
            attempt_id=attempt_id,
            question_version_id=one.question_version_id,
            offered=subject.unknown,
            unknown=one.outcome == "unknown",
        )
        for one in asked
        if one.topic_id == subject.topic_id and one.purpose == SCORED and one.outcome
    ]


def chances(subject: Subject, asked: Sequence[Asked]) -> tuple[float, ...]:
    """q of each layer, from 1, after the answers so far."""
    picture = subject.picture
    for answer in answers(subject, asked):
        picture = evidence.add(picture, answer)
    return ladder.marginals(picture.belief)


def ends(subjects: Sequence[Subject], asked: Sequence[Asked], live: Sequence[Live]) -> dict[int, End | None]:
    """topic → why nothing more is asked of it; None: there is more to ask."""
    askable = choose.bank([one.item for one in settled(live)])
    gone = _gone(asked, live)
    found = {}
    for subject in subjects:
        cells = [askable.get((subject.topic_id, layer), ()) for layer in range(1, subject.required + 1)]
        found[subject.topic_id] = stop.topic_end(
            chances(subject, asked),
            subject.minutes,
            asked=sum(one.topic_id == subject.topic_id and one.purpose == SCORED for one in asked),
            left=sum(row[0].id not in gone for cell in cells for row in cell),
            rule=rule_of(subject),
        )
    return found


def rule_of(subject: Subject) -> Rule:
    """Where something was shown before, one answer may be enough, or none."""
    return BY_COST if subject.picture.on else SHIPPED


def next_question(
    subjects: Sequence[Subject], asked: Sequence[Asked], live: Sequence[Live], *, seed: int
) -> Next | None:
    """The next question of a diagnostic; None: it is over.

    First what decides; then, once, a control question and a newcomer, neither of which does. The choice takes it that
    "I haven't learned this yet" is said as often as in the shipped rates, whatever the topic.
    """
    scored = [one for one in asked if one.purpose == SCORED]
    if sum(one.weight == 0 for one in scored) >= MOST_UNREAD:
        return None
    over = ends(subjects, asked, live)
    q = {subject.topic_id: chances(subject, asked) for subject in subjects}
    sitting = Sitting(
        seed, _gone(asked, live), {one.item.id: one.exposure for one in live if one.exposure}, ladder.OFFERED
    )
    pool = settled(live)
    if not stop.is_over(list(over.values()), asked=len(scored), rule=SHIPPED):
        standings = [Standing(s.topic_id, q[s.topic_id], s.required) for s in subjects if over[s.topic_id] is None]
        item = choose.choose(choose.bank([one.item for one in pool]), standings, sitting, step=len(scored))
        if item:
            return _next(item, SCORED, subjects, live, q)
    return _unscored(subjects, asked, live, sitting, q) if scored else None


def _unscored(
    subjects: Sequence[Subject],
    asked: Sequence[Asked],
    live: Sequence[Live],
    sitting: Sitting,
    q: dict[int, tuple[float, ...]],
) -> Next | None:
    required = {subject.topic_id: subject.required for subject in subjects}
    had = {one.purpose for one in asked}
    if CONTROL not in had and NEWCOMER not in had:
        item = choose.control([one.item for one in settled(live)], required, sitting)
        if item:
            return _next(item, CONTROL, subjects, live, q)
    if NEWCOMER not in had:
        new = [one for one in newcomers(live) if one.item.id not in sitting.asked]
        counts = {one.item.id: one.answers for one in new}
        item = choose.newcomer([one.item for one in new], counts, required, sitting.seed)
        if item:
            return _next(item, NEWCOMER, subjects, live, q)
    return None


def _next(
    item: Item, purpose: str, subjects: Sequence[Subject], live: Sequence[Live], q: dict[int, tuple[float, ...]]
) -> Next:
    (unknown,) = [subject.unknown for subject in subjects if subject.topic_id == item.topic]
    (known,) = [one for one in live if one.item.id == item.id]
    return Next(item.id, purpose, fit.chance_right(q[item.topic][item.layer - 1], known.slip, known.guess, unknown))


def _gone(asked: Sequence[Asked], live: Sequence[Live]) -> frozenset[int]:
    return frozenset({one.question_version_id for one in asked} | {one.item.id for one in live if one.is_met})


def newcomers(live: Sequence[Live]) -> list[Live]:
    """Questions too new to decide: with few answers, in a layer that has enough others which have had theirs.

    A bank in which all questions are new starts on the default parameters instead; there is nothing else to ask.
    """
    old: dict[tuple[int, int], int] = {}
    for one in live:
        cell = (one.item.topic, one.item.layer)
        old[cell] = old.get(cell, 0) + (one.answers >= choose.SETTLED)
    return [
        one for one in live if one.answers < choose.SETTLED and old[one.item.topic, one.item.layer] >= choose.FEWEST
    ]


def settled(live: Sequence[Live]) -> list[Live]:
    """The questions that may decide."""
    new = {one.item.id for one in newcomers(live)}
    return [one for one in live if one.item.id not in new]


def to_review(subjects: Sequence[Subject], asked: Sequence[Asked]) -> list[tuple[int, int]]:
    """(topic, layer) of the rungs of a review that are not decided yet, in order.

    One question verifies a rung; a second is asked where the first left it below what a review is due at.
    """
    left = []
    for subject in subjects:
        q = chances(subject, asked)
        for layer in reviewed(subject):
            count = sum((one.topic_id, one.layer) == (subject.topic_id, layer) for one in asked)
            if not count or (count < REVIEW_QUESTIONS and q[layer - 1] < forgetting.DUE):
                left.append((subject.topic_id, layer))
    return left


def reviewed(subject: Subject) -> tuple[int, ...]:
    """The layers of a topic that a review is about, from 1."""
    return lasting.to_review(subject.picture, subject.required)


def cautious(slip: float, guess: float, by_holders: float, by_others: float) -> tuple[float, float]:
    """Slip and guess as the choice takes them: one standard error worse, so that no question is chosen by luck."""
    return choose.cautious(slip, by_holders), choose.cautious(guess, by_others)


def seen(one: Asked, days: float) -> Asked:
    """The question when its answer was shown to this member `days` ago: easier to hit without holding the layer."""
    guess = evidence.guess_when_seen(one.guess, max(days, 0.0))
    return replace(one, guess=max(one.guess, evidence.capped(guess, slip=one.slip)))


def firmness(subject: Subject, asked: Sequence[Asked], end: End | None) -> tuple[int, ...]:
    """How far each required layer is decided, from 1: 0 open, 1 and 2 on the way, FIRMEST settled; not which way."""
    steps = []
    for chance in chances(subject, asked)[: subject.required]:
        sure = max(chance, 1 - chance)
        steps.append(FIRMEST if end in (End.SURE, End.CHEAP) else sum(sure >= mark for mark in FIRMER))
    return tuple(steps)


def validity(subjects: Sequence[Subject], asked: Sequence[Asked]) -> fit.Validity | None:
    """Whether a diagnostic can be believed; None: too few answers to tell."""
    said = [one for one in asked if one.purpose == SCORED and one.outcome in ("right", "wrong")]
    if len(said) < LEAST_TO_TELL:
        return None
    q = {subject.topic_id: chances(subject, asked) for subject in subjects}
    read = [one for one in said if one.weight]
    told = [
        (one.outcome == "right", fit.chance_right(q[one.topic_id][one.layer - 1], one.slip, one.guess)) for one in read
    ]
    return fit.validity(told, rapid=len(said) - len(read))


def oddest(subjects: Sequence[Subject], asked: Sequence[Asked]) -> tuple[int, int] | None:
    """(topic, layer) whose answers fit least what all answers together say: where a short re-check tells most.

    By the sum of ln P(x) - E ln P over its answers, in nats (fit.person_fit adds the same over all).
    """
    q = {subject.topic_id: chances(subject, asked) for subject in subjects}
    misfit: dict[tuple[int, int], float] = {}
    for one in asked:
        if one.purpose == SCORED and one.outcome in ("right", "wrong") and one.weight:
            chance = fit.chance_right(q[one.topic_id][one.layer - 1], one.slip, one.guess)
            cell = (one.topic_id, one.layer)
            misfit[cell] = misfit.get(cell, 0.0) + fit.surprise(chance, right=one.outcome == "right")
    return min(misfit, key=lambda cell: misfit[cell], default=None)


def observations(subject: Subject, asked: Sequence[Asked], *, attempt_id: int, counts: bool) -> list[Answer]:
    """The evidence of one topic.

    counts   False for a test that is not valid: its answers are kept and weigh nothing.
    """
    found = answers(subject, asked, attempt_id)
    return found if counts else [replace(answer, weight=0.0) for answer in found]


def verdict(layer: int, found: Sequence[Answer], attempt_id: int) -> list[Verdict]:
    """A check in which all is right takes back a failed closing quiz; another end says no more than its answers."""
    is_passed = len(found) == CHECK_QUESTIONS and all(answer.right and answer.weight for answer in found)
    return [Verdict(layer, None, True, 1.0, attempt_id)] if is_passed else []
