"""Classical item analysis of a fixed form: everybody was asked the same questions. Pure.

Definitions are those of Lord & Novick (1968), Statistical Theories of Mental Test Scores, and Ebel (1965), Measuring
Educational Achievement; each function names its own. A question's score is 0–1, or points; whoever left it out has 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edu.base.i18n import mark

Floats = NDArray[np.float64]

#: With fewer people, figures wander too much to judge a question by them.
LEAST_PEOPLE = 30
#: The share of people at either end whom the upper–lower index compares (Kelley 1939, Journal of Educational
#: Psychology 30: 27 % tells most for a normal distribution).
TAIL = 0.27
#: Flags, from docs/glossary.md: shares and correlations.
EASY, HARD_ABOVE_GUESS, WEAK_INDEX, WEAK_CORRELATION = 0.95, 0.05, 0.20, 0.15
#: A wrong option chosen by less than this share of those who were wrong does no work.
DEAD = 0.05
#: A wrong option tells something about the key from so many choices.
LEAST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class Responses:
    """A table of responses: people × questions."""

    #: Names of the questions.
    items: tuple[str, ...]
    #: Scores, people × questions.
    scores: Floats
    #: What each person chose, a list a question, "" for nothing; None where only scores are known.
    choices: tuple[tuple[str, ...], ...] | None = None
    #: The right choice of each question.
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a distractor table."""

    option: str
    is_key: bool
    count: int
    share: float
    #: Mean score on the other questions of those who chose it; None when nobody did.
    mean_rest: float | None
    #: Correlation of choosing it with the score on the other questions; None when it cannot be told.
    correlation: float | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """What is known of one question. None where a figure does not exist: all were right, or there is one question."""

    id: str
    facility: float
    point_biserial: float | None
    point_biserial_corrected: float | None
    discrimination_index: float | None
    alpha_if_deleted: float | None
    distractors: tuple[Choice, ...]
    #: Names in SENTENCES, the gravest first.
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    n: int
    #: Cronbach's alpha; for right and wrong alone it is KR-20.
    alpha: float | None
    #: Standard error of measurement of the total, in points.
    sem: float | None
    items: tuple[ItemFigures, ...]


#: Flag → what a trainer can do about it; filled with {"option": …}.
SENTENCES: Mapping[str, str] = {
    "negative": mark("Those who know more miss it more often: look at the key and at the wording."),
    "check-key": mark("Strong members choose %(option)s: is the key right, or the wording?"),
    "weak": mark("It hardly tells strong from weak: is it about something else than the rest?"),
    "hard": mark("Hardly more right answers than by guessing: is it taught, and is it readable?"),
    "easy": mark("Nearly everybody is right: it can open a quiz, it cannot decide one."),
    "dead": mark("Hardly anybody who is wrong chooses %(option)s: write what people really believe."),
}


def analyse(responses: Responses) -> Analysis:
    """Every figure of a table with at least one person and one question."""
    scores = responses.scores
    alpha = cronbach_alpha(scores)
    items = tuple(_item(responses, place) for place in range(len(responses.items)))
    return Analysis(len(scores), alpha, standard_error(scores, alpha), items)


def _item(responses: Responses, place: int) -> ItemFigures:
    scores = responses.scores
    own, total = scores[:, place], scores.sum(axis=1)
    rest = total - own
    most = max(1.0, float(own.max()))
    table = choices_of(responses, place, rest)
    figures = ItemFigures(
        id=responses.items[place],
        facility=float(own.mean() / most),
        point_biserial=correlation(own, total),
        point_biserial_corrected=correlation(own, rest) if scores.shape[1] > 1 else None,
        discrimination_index=upper_lower(own / most, rest) if scores.shape[1] > 1 else None,
        alpha_if_deleted=cronbach_alpha(np.delete(scores, place, axis=1)),
        distractors=table,
        flags=(),
    )
    return replace(figures, flags=flags_of(figures, len(own)))


def correlation(one: Floats, other: Floats) -> float | None:
    """Pearson's r; with scores 0 and 1 it is the point-biserial correlation. None when one of them does not vary."""
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 1e-12 else None


def cronbach_alpha(scores: Floats) -> float | None:
    """J/(J-1) · (1 − Σ var x / var T) (Cronbach 1951, Psychometrika 16).

    With scores 0 and 1 it is KR-20 (Kuder & Richardson 1937, Psychometrika 2). None for fewer than two questions, or
    when all totals are equal.
    """
    people, items = scores.shape
    if items < 2 or people < 2:
        return None
    total = float(scores.sum(axis=1).var(ddof=1))
    if total < 1e-12:
        return None
    return items / (items - 1) * (1 - float(scores.var(axis=0, ddof=1).sum()) / total)


def standard_error(scores: Floats, alpha: float | None) -> float | None:
    """sd T · √(1 − alpha), in points (Lord & Novick 1968, 3.8). A negative alpha counts as 0."""
    if alpha is None:
        return None
    return float(scores.sum(axis=1).std(ddof=1)) * float(np.sqrt(1 - max(0.0, alpha)))


def upper_lower(shares: Floats, rest: Floats) -> float:
    """Share right among the upper 27 % by the score on the other questions, minus that among the lower 27 %.

    People of one score who straddle the edge count in part, so that the order of the rows decides nothing.
    """
    quota = TAIL * len(rest)
    return tail_mean(shares, -rest, quota) - tail_mean(shares, rest, quota)


def tail_mean(shares: Floats, by: Floats, quota: float) -> float:
    """The mean of `shares` over the `quota` people with the least `by`."""
    values, group = np.unique(by, return_inverse=True)
    size = np.bincount(group, minlength=len(values)).astype(float)
    before = np.cumsum(size) - size
    weight = np.clip((quota - before) / size, 0.0, 1.0)[group]
    return float(weight @ shares) / quota


def choices_of(responses: Responses, place: int, rest: Floats) -> tuple[Choice, ...]:
    """The distractor table of one question: the options that somebody chose, the key always, in order."""
    if responses.choices is None:
        return ()
    chosen = np.array(responses.choices[place], dtype=object)
    key = responses.keys[place]
    return tuple(_choice(option, key, chosen, rest) for option in sorted({key, *chosen} - {""}))


def _choice(option: str, key: str, chosen: NDArray[np.object_], rest: Floats) -> Choice:
    those = chosen == option
    count = int(those.sum())
    mean = float(rest[those].mean()) if count else None
    return Choice(option, option == key, count, count / len(chosen), mean, correlation(those.astype(float), rest))


def flags_of(item: ItemFigures, people: int) -> tuple[str, ...]:
    """What deserves a look, the gravest first; nothing below LEAST_PEOPLE."""
    if people < LEAST_PEOPLE:
        return ()
    corrected, index = item.point_biserial_corrected, item.discrimination_index
    guess = 1 / len(item.distractors) if item.distractors else 0.0
    found = {
        "negative": corrected is not None and corrected < 0,
        "check-key": rival(item) is not None,
        "hard": item.facility < guess + HARD_ABOVE_GUESS,
        "easy": item.facility > EASY,
        "weak": (corrected is not None and 0 <= corrected < WEAK_CORRELATION)
        or (index is not None and 0 <= index < WEAK_INDEX),
        "dead": bool(dead(item)),
    }
    return tuple(name for name in SENTENCES if found[name])


def rival(item: ItemFigures) -> Choice | None:
    """The wrong option that goes with a higher score on the rest than the key does, if one was chosen often enough."""
    key = next((choice.correlation for choice in item.distractors if choice.is_key), None)
    wrong = [
        choice
        for choice in item.distractors
        if not choice.is_key and choice.count >= LEAST_CHOICES and choice.correlation is not None
    ]
    best = max(wrong, key=lambda choice: choice.correlation or 0.0, default=None)
    return best if best and (best.correlation or 0.0) > (0.0 if key is None else key) else None


def dead(item: ItemFigures) -> list[Choice]:
    """Wrong options that hardly anybody who is wrong chooses."""
    wrong = [choice for choice in item.distractors if not choice.is_key]
    all_wrong = sum(choice.count for choice in wrong)
    return [choice for choice in wrong if all_wrong >= LEAST_CHOICES and choice.count < DEAD * all_wrong]


def option_of(item: ItemFigures, flag: str) -> str:
    """The option that a flag's sentence speaks of; empty when it speaks of none."""
    if flag == "check-key":
        found = rival(item)
        return found.option if found else ""
    return ", ".join(choice.option for choice in dead(item)) if flag == "dead" else ""


@dataclass(frozen=True, slots=True)
class Dif:
    """Whether a question treats two groups of the same standing alike (Mantel & Haenszel 1959)."""

    #: Common odds ratio of reference over focal group; 1: alike.
    odds_ratio: float
    #: −2.35 ln of it, on the ETS delta scale; negative: harder for the focal group.
    delta: float
    chi_square: float
    #: 'A' negligible, 'B' moderate, 'C' large (Zwick & Ercikan 1989, Journal of Educational Measurement 26).
    size: str


#: People in each group and in all, without whom nothing is said about two groups.
LEAST_GROUP, LEAST_BOTH = 100, 200
#: 5 % points of chi-square with one degree of freedom, and of the normal distribution on one side.
SIGNIFICANT, ONE_SIDED = 3.841, 1.645


def differential(right: NDArray[np.bool_], focal: NDArray[np.bool_], strata: Sequence[float] | Floats) -> Dif | None:
    """Mantel–Haenszel over strata of equal standing. None below LEAST_GROUP, LEAST_BOTH, or where no stratum compares.

    The statistic has the continuity correction of R's mantelhaen.test: none where the difference is below one half.
    The standard error of ln alpha is that of Robins, Breslow & Greenland (1986), Biometrics 42.
    """
    if min(focal.sum(), (~focal).sum()) < LEAST_GROUP or len(focal) < LEAST_BOTH:
        return None
    groups = np.unique(np.asarray(strata, dtype=float), return_inverse=True)[1]
    count = int(groups.max()) + 1

    def table(those: NDArray[np.bool_]) -> Floats:
        return np.bincount(groups[those], minlength=count).astype(float)

    a, b, c, d = table(~focal & right), table(~focal & ~right), table(focal & right), table(focal & ~right)
    n = a + b + c + d
    keep = n > 1
    a, b, c, d, n = a[keep], b[keep], c[keep], d[keep], n[keep]
    r, s = a * d / n, b * c / n
    variance = float(((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum())
    if r.sum() == 0 or s.sum() == 0 or variance == 0:
        return None
    ratio = float(r.sum() / s.sum())
    difference = abs(float((a - (a + b) * (a + c) / n).sum()))
    chi_square = (difference - (0.5 if difference >= 0.5 else 0.0)) ** 2 / variance
    p, q = (a + d) / n, (b + c) / n
    error = np.sqrt(
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    delta = -2.35 * float(np.log(ratio))
    return Dif(ratio, delta, chi_square, _size(delta, chi_square, 2.35 * float(error)))


def _size(delta: float, chi_square: float, error: float) -> str:
    if abs(delta) < 1 or chi_square < SIGNIFICANT:
        return "A"
    return "C" if abs(delta) >= 1.5 and (abs(delta) - 1) / error > ONE_SIDED else "B"
