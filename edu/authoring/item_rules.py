"""Where a question gives its answer away, or is hard to read for no good reason: warnings, never errors. Pure.

The rules are those of item writing that a program can see: Haladyna, Downing & Rodriguez (2002), A review of
multiple-choice item-writing guidelines, Applied Measurement in Education 15(3), rules 11–13, 17, 19, 24, 26–28. What
they cannot see (a second right answer, a wrong fact) takes a second reader.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from edu.authoring.faults import Fault, Severity
from edu.authoring.quiz_syntax import Quiz
from edu.authoring.tree import Parsed
from edu.base.i18n import mark
from edu.quizzes.kinds.block import LETTERS, Block
from edu.quizzes.kinds.fillin import BLANK, fold, spellings

#: A right option this many times as long as the longest wrong one, or as short as the shortest, is seen at a glance …
LENGTH_RATIO = 1.4
#: … if it differs by so many letters, counted as `letters` counts.
LENGTH_LEAST = 6
#: From so many questions of a kind, the places and lengths of their right options are looked at together.
LEAST_FOR_SKEW = 5
LEAST_TRUE_FALSE = 3
#: More of the right options than this in one place, or the longest, is a pattern to bet on.
MOST_IN_ONE_PLACE = 0.6
MOST_LONGEST = 0.6
#: Chinese characters, or words of another script, that are read without getting lost.
MOST_IN_STEM = {"zh": 160, "en": 95}
MOST_IN_OPTION = {"zh": 40, "en": 25}
#: Two stems that share so much of their runs of letters are one question.
SAME_STEM = 0.7
RUN = 4

EAST_ASIAN = "\u3400-\u9fff"
READ = re.compile(rf"[{EAST_ASIAN}]|[^\W_{EAST_ASIAN}]+")
SENTENCE = re.compile(r"[^。！？!?.]+[？?]")
STRONG = re.compile(r"\*\*.+?\*\*|__.+?__", re.DOTALL)

ABSOLUTE = {
    "zh": re.compile("绝对|永远|从不|从来不|一律|任何|完全|必然|所有(?!权|人权|者)|全部"),
    "en": re.compile(
        r"\b(?:always|never|(?<!at )all|any|completely|absolutely"
        r"|every(?! (?:\w+ )?(?:second|minute|hour|day|week|month|year)))\b",
        re.IGNORECASE,
    ),
}
OF_THE_ABOVE = {
    "zh": re.compile("(以上|上述).{0,4}(都|均|皆|全|没有一)|^都(对|不对|是|不是)[。]?$"),
    "en": re.compile(r"\b(all|none|both|neither) of (the above|these|them)\b", re.IGNORECASE),
}
#: What turns a question round: 哪一项不…, which … not …
NEGATION = {
    "zh": re.compile("哪[^，；]*(不(?!同|断|少|久|妨)|没有|并非|错误|除外)"),
    "en": re.compile(r"\b(?:which|what|who)\b[^,;]*\b(?:not|isn’t|aren’t|doesn’t|don’t|cannot|can’t|except)\b", re.I),
}


def quiz_rules(quiz: Quiz) -> Iterator[Fault]:
    """One language's questions, each by itself and then together."""
    script = quiz.language.partition("-")[0]
    for block in quiz.blocks:
        yield from length_faults(quiz.path, block)
        yield from word_faults(quiz.path, block, script)
        yield from reading_faults(quiz.path, block, script)
        yield from told_elsewhere(quiz, block)
    yield from pattern_faults(quiz)


def warn(path: str, line: int, message: str, /, **values: object) -> Fault:
    return Fault(path, line, message, values, Severity.WARNING)


def letters(text: str) -> int:
    """How long a text looks: a Chinese character counts as two of another script."""
    return sum(2 if re.match(f"[{EAST_ASIAN}]", letter) else 1 for letter in text if not letter.isspace())


def reading_length(text: str) -> int:
    """Chinese characters and words of other scripts."""
    return len(READ.findall(text))


def length_faults(path: str, block: Block) -> Iterator[Fault]:
    """Rule 24: keep the length of choices about equal."""
    if block.kind != "single":
        return
    right = next((letters(option.text) for option in block.options if option.is_right), 0)
    wrong = [letters(option.text) for option in block.options if not option.is_right]
    if not right or not wrong:
        return
    if right >= LENGTH_RATIO * max(wrong) and right - max(wrong) >= LENGTH_LEAST:
        yield warn(path, block.line, mark("the right option is by far the longest, which gives it away"))
    if right * LENGTH_RATIO <= min(wrong) and min(wrong) - right >= LENGTH_LEAST:
        yield warn(path, block.line, mark("the right option is by far the shortest, which gives it away"))


def word_faults(path: str, block: Block, script: str) -> Iterator[Fault]:
    """Rules 17, 26 and 28: word negatives with care; no “all of the above”; no absolute words that are always wrong."""
    if script not in ABSOLUTE:
        return
    for option in block.options:
        if OF_THE_ABOVE[script].search(option.text):
            message = mark("an option that refers to the others: options are shuffled, and it can be guessed")
            yield warn(path, option.line, message)
    yield from absolute_faults(path, block, ABSOLUTE[script])
    questions = SENTENCE.findall(STRONG.sub("", block.stem))
    if block.kind in ("single", "multiple") and any(map(NEGATION[script].search, questions)):
        message = mark(
            "a question turned round by a negation is misread: write the negation in **bold**, or ask the other way"
        )
        yield warn(path, block.line, message)


def absolute_faults(path: str, block: Block, absolute: re.Pattern[str]) -> Iterator[Fault]:
    """Where a word like “always” marks what is wrong."""
    if block.kind == "truefalse":
        found = absolute.search(block.stem)
        # The first option is “true” (edu/quizzes/kinds/truefalse.py).
        if found and block.options and not block.options[0].is_right:
            message = mark("“%(word)s” in a statement that is false gives the answer away")
            yield warn(path, block.line, message, word=found.group())
        return
    right = [option for option in block.options if option.is_right]
    wrong = [(option, absolute.search(option.text)) for option in block.options if not option.is_right]
    if any(absolute.search(option.text) for option in right):
        return
    for option, found in wrong:
        if found:
            message = mark("only wrong options say “%(word)s”, which gives them away")
            yield warn(path, option.line, message, word=found.group())


def reading_faults(path: str, block: Block, script: str) -> Iterator[Fault]:
    """Rules 11–13: what is long to read measures reading."""
    if script not in MOST_IN_STEM:
        return
    stem = reading_length(block.stem)
    if stem > MOST_IN_STEM[script]:
        message = mark("a long question: %(length)s characters or words, %(most)s are enough")
        yield warn(path, block.line, message, length=stem, most=MOST_IN_STEM[script])
    for option in block.options:
        length = reading_length(option.text)
        if length > MOST_IN_OPTION[script]:
            message = mark("a long option: %(length)s characters or words, %(most)s are enough")
            yield warn(path, option.line, message, length=length, most=MOST_IN_OPTION[script])


def told_elsewhere(quiz: Quiz, block: Block) -> Iterator[Fault]:
    """A fill-in whose words another question of the same quiz shows."""
    if block.kind != "fillin":
        return
    answers = [fold(words) for blank in BLANK.findall(block.stem) for words in spellings(blank)]
    # A number alone stands in many a question without being an answer.
    long = [words for words in answers if letters(words) >= LENGTH_LEAST and re.search(r"[^\W\d]", words)]
    for other in quiz.blocks:
        shown = fold("\n".join([BLANK.sub("", other.stem), *(option.text for option in other.options)]))
        if other is not block and any(words in shown for words in long):
            yield warn(quiz.path, block.line, mark("its answer stands in the question “%(title)s”"), title=other.title)


def pattern_faults(quiz: Quiz) -> Iterator[Fault]:
    """What the questions of a quiz have in common that a guesser could bet on."""
    kinds = Counter(block.kind for block in quiz.blocks)
    if kinds["truefalse"] >= LEAST_TRUE_FALSE:
        first = [
            bool(block.options and block.options[0].is_right) for block in quiz.blocks if block.kind == "truefalse"
        ]
        if len(set(first)) == 1:
            yield warn(quiz.path, 1, mark("every true/false question has the same answer"))
        if len(quiz.blocks) == kinds["truefalse"]:
            yield warn(quiz.path, 1, mark("every question is true/false: half of them are right by chance"))
    singles = [block for block in quiz.blocks if block.kind == "single" and right_place(block) is not None]
    if len(singles) < LEAST_FOR_SKEW:
        return
    place, times = Counter(map(right_place, singles)).most_common(1)[0]
    if times > MOST_IN_ONE_PLACE * len(singles) and place is not None:
        message = mark("the right option is %(letter)s in %(times)s of %(of)s questions")
        yield warn(quiz.path, 1, message, letter=LETTERS[place].upper(), times=times, of=len(singles))
    longest = sum(map(is_right_longest, singles))
    if longest > MOST_LONGEST * len(singles):
        message = mark("the right option is the longest in %(times)s of %(of)s questions")
        yield warn(quiz.path, 1, message, times=longest, of=len(singles))


def right_place(block: Block) -> int | None:
    return next((place for place, option in enumerate(block.options) if option.is_right), None)


def is_right_longest(block: Block) -> bool:
    longest = max(letters(option.text) for option in block.options)
    return [option.is_right for option in block.options if letters(option.text) == longest] == [True]


def repeated_questions(modules: Sequence[Parsed]) -> Iterator[Fault]:
    """Stems that stand twice in a whole tree, word for word or nearly so; the later one is told.

    Likeness is the Jaccard index of the sets of runs of four letters (Broder 1997, On the resemblance and
    containment of documents).
    """
    by_language: dict[str, list[tuple[str, Block]]] = defaultdict(list)
    for module in modules:
        for language, quiz in module.quizzes.items():
            by_language[language] += [(quiz.path, block) for block in quiz.blocks if block.stem.strip()]
    for found in by_language.values():
        yield from alike(found)


def alike(found: Iterable[tuple[str, Block]]) -> Iterator[Fault]:
    marked = [(path, block, runs(block)) for path, block in found]
    # Only stems that share their rarest runs can be alike, so that a large bank is not compared pair by pair.
    shares = Counter(run for _path, _block, own in marked for run in own)
    near: dict[str, list[int]] = defaultdict(list)
    for number, (_path, _block, own) in enumerate(marked):
        prefix = sorted(own, key=lambda run: (shares[run], run))[: len(own) - int(SAME_STEM * len(own)) + 1]
        for run in prefix:
            near[run].append(number)
    pairs = {pair for numbers in near.values() for pair in combinations(numbers, 2)}
    for one, other in sorted(pairs):
        first_path, first, first_runs = marked[one]
        path, block, own = marked[other]
        if len(own & first_runs) >= SAME_STEM * len(own | first_runs):
            message = mark("asks the same as “%(title)s” (%(path)s:%(line)s)")
            yield warn(path, block.line, message, title=first.title, path=first_path, line=first.line)


def runs(block: Block) -> frozenset[str]:
    """The runs of four letters of what a question shows, options included: one stem may ask of other things."""
    shown = "\n".join([block.stem, *sorted(option.text for option in block.options if block.kind != "truefalse")])
    text = "".join(letter for letter in fold(shown) if letter.isalnum())
    return frozenset(text[place : place + RUN] for place in range(max(1, len(text) - RUN + 1)))
