"""Ids are inserted once, in every language by position, and nothing else is touched."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from edu.authoring.actions import format_tree
from edu.authoring.formatting import insert_ids, with_question_ids
from tests.authoring import small
from tests.authoring.small import PLACE, changed, check


def without_ids() -> dict[str, str]:
    texts = small.files()
    for name in ("quiz.zh-CN.md", "quiz.en.md"):
        for letter in "abcde":
            texts[f"{PLACE}/{name}"] = texts[f"{PLACE}/{name}"].replace(f" {{#q-{letter * 6}}}", "")
    return texts


def told(folder: Path, seed: int = 1) -> tuple[list[str], list[str]]:
    said, faults = format_tree(folder, chance=random.Random(seed))
    return [one.say() for one in said], [fault.say() for fault in faults]


def test_a_tree_without_ids_becomes_sound(tmp_path: Path) -> None:
    folder = small.write(tmp_path, without_ids())
    places = [f"{PLACE}/quiz.en.md: ids are inserted", f"{PLACE}/quiz.zh-CN.md: ids are inserted"]
    said, faults = told(folder)
    assert (sorted(said), faults) == (places, [])
    assert check(tmp_path, {}) == []
    assert told(folder, seed=2) == ([], [])


def test_a_new_question_takes_the_id_that_one_language_has(tmp_path: Path) -> None:
    told(small.write(tmp_path, changed("quiz.zh-CN.md", " {#q-bbbbbb}", "")))
    for name, text in small.files().items():
        assert (tmp_path / name).read_text("utf-8") == text


def test_languages_with_different_numbers_of_questions_are_left_alone(tmp_path: Path) -> None:
    texts = without_ids()
    texts[f"{PLACE}/quiz.en.md"] += "\n## Fill-in: more\n\n[[x]]\n"
    said, faults = told(small.write(tmp_path, texts))
    message = "ids cannot be inserted: the languages have different numbers of questions (en: 6, zh-CN: 5)"
    assert (said, faults) == ([], [f"{PLACE}/quiz.zh-CN.md:1: {message}"])


def test_a_module_without_an_id_gets_one_from_its_folder(tmp_path: Path) -> None:
    told(small.write(tmp_path, changed("module.zh-CN.md", "id: data-1\n", "")))
    assert (tmp_path / PLACE / "module.zh-CN.md").read_text("utf-8").startswith("---\nid: data-roster\ntitle: 名册\n")
    assert check(tmp_path, {}) == []


def test_every_other_byte_stays() -> None:
    text = "\ufeffx\r\n## A: b  \r\n\r\n```\n## C: d\n```\n## E: f {#q-aaaaaa}\r"
    done = insert_ids(text, ["q-bbbbbb", "q-cccccc"])
    assert done == text.replace("## A: b  ", "## A: b {#q-bbbbbb}")


@given(
    st.lists(st.sampled_from(["## Number: a", "## Fill-in: b {#q-abcdef}", "text", "```", "", "\r", "## "])),
    st.integers(),
)
def test_formatting_twice_changes_nothing(lines: list[str], seed: int) -> None:
    text = "\n".join(lines)
    once, _faults = with_question_ids({"en": text}, "en", set(), random.Random(seed), path="")
    twice, _faults = with_question_ids(once, "en", set(), random.Random(seed + 1), path="")
    assert twice == once
