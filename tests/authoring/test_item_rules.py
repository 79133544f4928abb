"""What gives an answer away is told as a warning, and what only looks like it is not."""

from itertools import cycle, islice

import pytest

from edu.authoring.item_rules import alike, quiz_rules
from edu.authoring.quiz_syntax import parse_quiz
from edu.quizzes.kinds.block import Block

#: Four options that give nothing away; the right one is the first.
EVEN = {
    "zh-CN": ("先问清楚再登记", "先登记下来再问", "转给别人去登记", "请他改天再来问"),
    "en": ("Ask first, then note it", "Note it first, then ask", "Leave it to a colleague", "Ask them to come again"),
}
KIND = {"zh-CN": {"single": "单选题", "multiple": "多选题", "truefalse": "判断题", "fillin": "填空题"}}
KIND["en"] = {"single": "Single choice", "multiple": "Multiple choice", "truefalse": "True/false", "fillin": "Fill-in"}
TRUE = {"zh-CN": ("正确", "错误"), "en": ("True", "False")}


def question(
    stem: str,
    options: tuple[str, ...] = (),
    *,
    right: int = 0,
    kind: str = "single",
    language: str = "en",
    number: int = 0,
) -> str:
    lines = [f"- [{'x' if place == right else ' '}] {option}" for place, option in enumerate(options)]
    return "\n".join([f"## {KIND[language][kind]}: title {number} {{#q-aaaa{number:02}}}", "", stem, "", *lines, ""])


def told(text: str, language: str = "en") -> list[str]:
    quiz, faults = parse_quiz("q.md", language, text)
    assert faults == []
    found = list(quiz_rules(quiz))
    assert not any(fault.is_error for fault in found)
    return [fault.say() for fault in found]


def swapped(language: str, place: int, option: str) -> tuple[str, ...]:
    options = list(EVEN[language])
    options[place] = option
    return tuple(options)


@pytest.mark.parametrize("language", EVEN)
def test_even_options_are_left_alone(language: str) -> None:
    assert told(question("A citizen comes in. What now?", EVEN[language], language=language), language) == []


@pytest.mark.parametrize(
    ("language", "place", "option", "words"),
    [
        (
            "en",
            0,
            "Ask first what it is for, then note down only that part of it",
            "q.md:1: the right option is by far the longest, which gives it away",
        ),
        (
            "zh-CN",
            0,
            "先问清楚这是为了什么，再只登记用得着的那一部分",
            "q.md:1: the right option is by far the longest, which gives it away",
        ),
        ("en", 0, "Ask first", "q.md:1: the right option is by far the shortest, which gives it away"),
        ("zh-CN", 0, "先问", "q.md:1: the right option is by far the shortest, which gives it away"),
        ("en", 2, "Always leave it to them", "q.md:7: only wrong options say “Always”, which gives them away"),
        ("zh-CN", 2, "一律转别人登记", "q.md:7: only wrong options say “一律”, which gives them away"),
        (
            "en",
            3,
            "None of the above here",
            "q.md:8: an option that refers to the others: options are shuffled, and it can be guessed",
        ),
        (
            "zh-CN",
            3,
            "以上三项都不对",
            "q.md:8: an option that refers to the others: options are shuffled, and it can be guessed",
        ),
        ("zh-CN", 1, "字" * 41, "q.md:6: a long option: 41 characters or words, 40 are enough"),
        ("en", 1, "word " * 26, "q.md:6: a long option: 26 characters or words, 25 are enough"),
    ],
)
def test_an_option_that_gives_itself_away(language: str, place: int, option: str, words: str) -> None:
    assert words in told(
        question("A citizen comes in. What now?", swapped(language, place, option), language=language), language
    )


@pytest.mark.parametrize(
    ("language", "place", "option"),
    [
        ("en", 2, "Look at all they bring in"),
        ("en", 2, "Take no notice at all now"),
        ("en", 2, "Ask them every two weeks"),
        ("zh-CN", 2, "转给所有权人登记"),
    ],
    ids=["the right one says so too", "not at all", "a rate", "ownership"],
)
def test_what_is_not_absolute(language: str, place: int, option: str) -> None:
    options = swapped(language, place, option)
    if "all they" in option:
        options = ("Note all they have to say", *options[1:])
    assert told(question("A citizen comes in. What now?", options, language=language), language) == []


@pytest.mark.parametrize(
    ("language", "stem", "is_told"),
    [
        ("en", "Which of these should not be there?", True),
        ("en", "All are there except which one?", False),
        ("en", "Which of these should **not** be there?", False),
        ("en", "He did not come. Which of these do you ask?", False),
        ("zh-CN", "下面哪一项不该收？", True),
        ("zh-CN", "下面哪一项**不该**收？", False),
        ("zh-CN", "他不想来。该问哪一项？", False),
        ("zh-CN", "这里少不了哪一项？", False),
    ],
)
def test_a_question_turned_round(language: str, stem: str, is_told: bool) -> None:
    found = told(question(stem, EVEN[language], language=language), language)
    assert ["turned round" in words for words in found] == [True] * is_told


@pytest.mark.parametrize(("language", "word"), [("en", "word "), ("zh-CN", "字")])
def test_a_long_question(language: str, word: str) -> None:
    limit = {"en": 95, "zh-CN": 160}[language]
    assert told(question(word * limit, EVEN[language], language=language), language) == []
    found = told(question(word * (limit + 1), EVEN[language], language=language), language)
    assert found == [f"q.md:1: a long question: {limit + 1} characters or words, {limit} are enough"]


@pytest.mark.parametrize(("right", "count"), [(0, 0), (1, 1)], ids=["it is true", "it is false"])
def test_an_absolute_word_in_a_statement(right: int, count: int) -> None:
    text = question("They always answer within a day.", TRUE["en"], right=right, kind="truefalse")
    assert told(text) == ["q.md:1: “always” in a statement that is false gives the answer away"] * count


def test_an_answer_that_another_question_shows() -> None:
    blank = question("The line against fraud is [[the 96110 line|96110]].", kind="fillin", number=1)
    other = question("Someone rings from the 96110 line. What now?", EVEN["en"], number=2)
    assert told(f"{blank}\n{other}") == ["q.md:1: its answer stands in the question “title 2”"]
    assert told(f"{blank}\n{question('Someone rings. What now?', EVEN['en'], number=2)}") == []


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ((0, 0, 0, 0, 1), ["q.md:1: the right option is A in 4 of 5 questions"]),
        ((0, 0, 0, 1, 2), []),
        ((0, 0, 0, 0), []),
    ],
    ids=["a habit", "as it falls", "too few to tell"],
)
def test_one_place_too_often(places: tuple[int, ...], words: list[str]) -> None:
    text = "\n".join(
        question(f"Case {number}. What now?", EVEN["en"], right=right, number=number)
        for number, right in enumerate(places)
    )
    assert told(text) == words


@pytest.mark.parametrize(
    ("times", "words"), [(4, ["q.md:1: the right option is the longest in 4 of 5 questions"]), (3, [])]
)
def test_the_longest_too_often(times: int, words: list[str]) -> None:
    places = islice(cycle(range(4)), 5)
    text = []
    for number, right in enumerate(places):
        options = [f"Option number {place}" for place in range(4)]
        options[right if number < times else (right + 1) % 4] += " ab"
        text.append(question(f"Case {number}. What now?", tuple(options), right=right, number=number))
    assert told("\n".join(text)) == words


def test_true_false_alone_and_all_alike() -> None:
    def text(rights: tuple[int, ...]) -> str:
        return "\n".join(
            question(f"Case {number} is so.", TRUE["en"], right=right, kind="truefalse", number=number)
            for number, right in enumerate(rights)
        )

    alone = "q.md:1: every question is true/false: half of them are right by chance"
    assert told(text((0, 0, 0))) == ["q.md:1: every true/false question has the same answer", alone]
    assert told(text((0, 1, 0))) == [alone]
    assert told(text((0, 0))) == []


def asked(stem: str, options: tuple[str, ...] = EVEN["zh-CN"]) -> Block:
    quiz, _faults = parse_quiz("q.md", "zh-CN", question(stem, options, language="zh-CN"))
    return quiz.blocks[0]


def test_a_question_that_stands_twice() -> None:
    first = asked("小王在窗口收到一份没有签名的申请表，来人说家里有急事，请他先收下。怎样办最合适？")
    again = asked(
        "小李在窗口收到一份没有签名的申请表，来人说家里有急事，请她先收下。怎样办最合适？", EVEN["zh-CN"][::-1]
    )
    other = asked("小王在窗口收到一份没有签名的申请表。怎样办最合适？", ("退回去", "收下来", "打电话", "请签名"))
    found = list(alike([("a.md", first), ("b.md", other), ("c.md", again)]))
    assert [fault.say() for fault in found] == ["c.md:1: asks the same as “title 0” (a.md:1)"]
