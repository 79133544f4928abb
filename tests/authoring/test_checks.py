"""Check finds every fault, at its file and line, in one run."""

from pathlib import Path

import pytest

from edu.authoring.actions import check_tree
from tests.authoring import small
from tests.authoring.small import PLACE, changed, check
from tests.times import MONDAY

ZH, EN, QUIZ, QUIZ_EN = "module.zh-CN.md", "module.en.md", "quiz.zh-CN.md", "quiz.en.md"


def test_a_sound_tree_has_no_fault(tmp_path: Path) -> None:
    assert check(tmp_path, small.files()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        # front matter
        (ZH, "title: 名册", "titel: 名册", [":3: there is no field titel; did you mean title?", ":1: title is missing"]),
        (ZH, "minutes: 10", "minutes: 61", [":6: minutes is a whole number from 1 to 60"]),
        (ZH, "minutes: 10", "minutes: ten", [":6: minutes is a whole number from 1 to 60"]),
        (ZH, "layer: 1\n", "layer: 3\n", [":5: layer is one of 1, 2"]),
        (ZH, "2027-06-30", "2027-06-31", [":8: “2027-06-31” is not a day: write 2027-06-30"]),
        (ZH, "2027-06-30", "2026-01-01", [":8: to be reviewed by 2026-01-01, which is past (warning)"]),
        (ZH, "requires: []", "requires: [data-9]", [":7: requires data-9, which is no module"]),
        (ZH, "requires: []", "requires: data-1", [":7: requires is a list: [one, another], or [] for none", ":7: modules require each other in a ring: data-1 → data-1"]),
        (ZH, "requires: []", "requires: [data-1]", [":7: modules require each other in a ring: data-1 → data-1"]),
        (ZH, "id: data-1", "id: Data_1", [":2: an id is made of lower-case letters, digits and hyphens"]),
        (ZH, "summary: 名", "summary: 名: ", [":4: this is not YAML (mapping values are not allowed here); a value with a colon in it needs quotes"]),
        (ZH, "---\n", "", [":1: the file does not begin with a front matter between two lines ---"]),
        (ZH, "layer: 1\n", "layer: 1\nlayer: 1\n", [":6: layer is said twice"]),
        (EN, "---\n\n##", "layer: 1\n---\n\n##", [":4: layer belongs in the leading language's file only"]),
        (EN, "summary: P", "#summary: P", [":1: summary is missing"]),
        # body
        (ZH, "## 一个案例", "# 一个案例", [":11: a first-level heading: the page's title is its only one; use ##"]),
        (ZH, "## 一个案例", "一个案例", [":11: the text begins with a section: ## and its title"]),
        (ZH, "先问", "见[这里](gone.html)，先问", [":19: broken link: there is no gone.html"]),
        (ZH, "先问", "见[这里](module:gone)，先问", [":19: broken link: there is no module gone"]),
        (ZH, "先问", "见[这里](#s9)，先问", [":19: broken link: there is no section #s9 here"]),
        (ZH, "roster.svg", "gone.svg", [":15: there is no file gone.svg beside the module"]),
        (EN, "![A roster]", "![]", [":10: roster.svg has no text alternative between its [ and ]"]),
        (ZH, "先问", "<b>先问</b>", [":19: HTML is shown as it is written: <b> (warning)"]),
        (ZH, "先问", "```\n先问", [":19: code that begins here is never closed"]),
        (ZH, "先问", "先\x08问", [":19: a control character (U+0008) that no reader sees"]),
        (ZH, "先问", "<<<<<<< HEAD\n先问", [":19: a conflict that git left behind"]),
        (ZH, "先问", "$x^2^3$ 先问", [":19: this formula cannot be read: x^2^3 (DoubleSuperscriptsError)"]),
        # questions
        (QUIZ, "## 单选题：", "## 选择题：", [":1: “选择题” is no kind of question; a heading is `## kind: title`, the kind one of " + ", ".join(["单选题", "Single choice", "多选题", "Multiple choice", "判断题", "True/false", "填空题", "Fill-in", "数值题", "Number"])]),
        (QUIZ, "：名册该收哪些 {", "： {", [":1: the question has no title after its kind"]),
        (QUIZ, "- [x] 健", "- [?] 健", [":8: “[?]” is neither [x] for right nor [ ] for wrong", ":1: no option is marked as right"]),
        (QUIZ, "- [ ] 姓名", "- [x] 姓名", [":8: a second option is marked as right; this kind has one right option"]),
        (QUIZ, "- [ ] 手机号\n", "- [ ]\n", [":7: an option without words"]),
        (QUIZ, "**解析** 限于最小范围。\n", "", [":1: the question has no **Explanation**"]),
        (QUIZ, "**解析** 限", "**解析** 一\n\n**解析** 限", [":13: a second explanation"]),
        (QUIZ, "**依据** 《个人信息保护法》 | 第六条 | 2021-11-01 | 2027-06-30\n", "", [":1: the question has no **Source**"]),
        (QUIZ, " | 第六条", "", [":13: a source has four parts, document | article | in force since | review by, with — for none", ":13: the source has no review date"]),
        (QUIZ, "2021-11-01", "2021-13-01", [":13: “2021-13-01” is not a day: write 2027-06-30"]),
        (QUIZ, "2027-06-30", "2026-06-30", [":13: to be reviewed by 2026-06-30, which is past (warning)"]),
        (QUIZ, "《个人信息保护法》 | 第六条", "— | 第六条", [":13: the source names no document"]),
        (QUIZ, "下面哪一项**不该**收？\n", "", [":1: the question asks nothing: there is no text between heading and options"]),
        (QUIZ, "- [x] 健康状况\n  > 对。\n", "- [x] 健康状况\n对。\n", [":9: text below the options belongs to no option: indent it, or begin it with **Explanation**"]),
        (QUIZ, "举报打[[12377|一二三七七]]。", "举报打12377。", [":38: this question has 0 blanks; it needs 1 to 4, each written [[answer]]"]),
        (QUIZ, "110 ± 10 次/分", "很多", [":46: the answer is not a number: write 110 ± 10 unit, 100～120 unit or 5 unit"]),
        (QUIZ, "下面", "# 题\n\n下面", [":3: a first-level heading: every question is a second-level heading, ##"]),
        (QUIZ, "下面", "![](roster.svg) 下面", [":3: roster.svg has no text alternative between its [ and ]"]),
        (QUIZ, "限于", "见[这里](#x)，限于", [":11: broken link: there is no section #x here"]),
        (QUIZ, "## 单", "前言\n\n## 单", [":1: text before the first question: a quiz file has questions only"]),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_line(name: str, old: str, new: str, told: list[str], tmp_path: Path) -> None:
    found = [fault for fault in check(tmp_path, changed(name, old, new)) if fault.startswith(f"{name}:")]
    assert sorted(found) == sorted(name + one for one in told)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (QUIZ_EN, "- [x] State of health\n  > Right.\n", "", [":1: 2 options here, 3 in the leading language"]),
        (QUIZ_EN, "- [ ] Mobile", "- [x] Mobile", [":1: another answer is right here than in the leading language"]),
        (QUIZ_EN, "- [x] True\n- [ ] False", "- [ ] True\n- [x] False", [":27: another answer is right here than in the leading language"]),
        (QUIZ_EN, "## Single choice: W", "## True/false: W", [":1: the question is of another kind than in the leading language"]),
        (QUIZ_EN, "[[12377]]", "[[12]][[377]]", [":38: another answer is right here than in the leading language"]),
        (QUIZ_EN, "110 ± 10", "110 ± 20", [":46: another answer is right here than in the leading language"]),
        (QUIZ_EN, "{#q-bbbbbb}", "{#q-aaaaaa}", [":1: the id q-aaaaaa stands twice in this file", ":15: the id q-aaaaaa stands twice in this file", ":1: the question q-bbbbbb is missing"]),
        (QUIZ_EN, " {#q-bbbbbb}", "", [":15: the question has no id yet: run `flask content format`"]),
        (QUIZ_EN, "q-bbbbbb", "q-zzzzzz", [":15: the leading language has no question q-zzzzzz", ":1: the question q-bbbbbb is missing"]),
        (QUIZ_EN, "q-bbbbbb", "q-BBBBBB", [":15: “q-BBBBBB” is no id: delete it and let `flask content format` insert one"]),
    ],
)  # fmt: skip
def test_languages_must_say_the_same(name: str, old: str, new: str, told: list[str], tmp_path: Path) -> None:
    found = check(tmp_path, changed(name, old, new))
    assert {name + one for one in told} <= set(found)


def test_questions_in_another_order_are_told(tmp_path: Path) -> None:
    texts = changed(QUIZ_EN, "q-aaaaaa", "q-x")
    texts[f"{PLACE}/{QUIZ_EN}"] = (
        texts[f"{PLACE}/{QUIZ_EN}"].replace("q-bbbbbb", "q-aaaaaa", 1).replace("q-x", "q-bbbbbb", 1)
    )
    assert "quiz.en.md:1: the questions stand in another order than in the leading language" in check(tmp_path, texts)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (EN, "module.en.md:1: this file is missing: the module in en (warning)"),
        (QUIZ_EN, "quiz.en.md:1: this file is missing: the module's questions in en (warning)"),
        (QUIZ, "quiz.zh-CN.md:1: this file is missing: the module's questions in zh-CN"),
        (ZH, "module.zh-CN.md:1: this file is missing: the module in zh-CN"),
        ("roster.svg", "module.en.md:10: there is no file roster.svg beside the module"),
    ],
)
def test_a_missing_file_is_told(gone: str, told: str, tmp_path: Path) -> None:
    texts = small.files()
    del texts[f"{PLACE}/{gone}"]
    assert told in check(tmp_path, texts)


def test_what_modules_know_of_each_other(tmp_path: Path) -> None:
    texts = small.files() | small.second_module()
    assert check(tmp_path, texts) == []
    texts["data/second/quiz.zh-CN.md"] = texts["data/second/quiz.zh-CN.md"].replace("q-aaaaa2", "q-aaaaaa")
    texts["data/second/quiz.en.md"] = texts["data/second/quiz.en.md"].replace("q-aaaaa2", "q-aaaaaa")
    texts["data/roster/module.zh-CN.md"] = texts["data/roster/module.zh-CN.md"].replace("s: []", "s: [data-2]")
    assert check(tmp_path, texts) == [
        "module.zh-CN.md:7: modules require each other in a ring: data-1 → data-2 → data-1",
        "quiz.zh-CN.md:1: the id q-aaaaaa is also that of a question in data/second",
        "data/second/quiz.zh-CN.md:1: the id q-aaaaaa is also that of a question in data/roster",
    ]
    texts["data/second/module.zh-CN.md"] = texts["data/second/module.zh-CN.md"].replace("id: data-2", "id: data-1")
    found = check(tmp_path, texts)
    assert "module.zh-CN.md:2: the id data-1 is also that of data/second" in found
    assert "data/second/module.zh-CN.md:2: the id data-1 is also that of data/roster" in found


def test_what_roles_require_and_nobody_teaches_is_a_warning(tmp_path: Path) -> None:
    told = "framework.yaml:8: no module teaches data at layer 2, which these roles require: member (warning)"
    assert check(tmp_path, changed("framework.yaml", "requires: {data: 1}", "requires: {data: 2}")) == [told]


def test_too_few_questions_for_a_required_layer_is_a_warning(tmp_path: Path) -> None:
    texts = small.files()
    for name in (QUIZ, QUIZ_EN):
        text = texts[f"{PLACE}/{name}"]
        texts[f"{PLACE}/{name}"] = text[: text.rindex("## ")]
    told = "data has 4 questions at layer 1, which these roles require: member; five are the least (warning)"
    assert check(tmp_path, texts) == [f"framework.yaml:8: {told}"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("key: data, name", "key: data, nam", [":6: there is no “nam” here; did you mean “name”?", ":6: name is missing"]),
        ("number: 2", "number: 3", [":4: layers are numbered 1, 2, 3 … in order; this one is 2"]),
        ("{data: 1}", "{data: 3}", [":8: here should stand a number from 1 to 2"]),
        ("{data: 1}", "{date: 1}", [":8: there is no “date” here; did you mean “data”?"]),
        ("en: Data}, short", "fr: Data}, short", [":6: there is no “fr” here", ":6: en is missing"]),
        ("[zh-CN, en]", "[zh-CN, en, fr]", [":1: there are no screens in the language fr, only in zh-CN, en"]),
        ("since: 2019-05-06", "since: 2019", [":13: “2019” is not a day: write 2027-06-30"]),
        ("round_down_to: 0.25", "round_down_to: much", [":17: here should stand a number from 0.01 to 24"]),
        ("year_starts: 01-01", "year_starts: 13-01", [":18: “13-01” is not written as it must be (docs/content-format.md)"]),
        ("home: true", "home: yes", [":11: here should stand true or false"]),
        ("topics:", "topic:", [":5: there is no “topic” here; did you mean “topics”?", ":1: topics is missing"]),
        ("roles:\n", "roles: [\n", [":8: this is not YAML (expected the node content, but found '-'); a value with a colon in it needs quotes"]),
    ],
)  # fmt: skip
def test_faults_of_the_framework_have_lines(old: str, new: str, told: list[str], tmp_path: Path) -> None:
    found = check(tmp_path, changed("framework.yaml", old, new))
    assert {f"framework.yaml{one}" for one in told} <= set(found)


def test_a_tree_without_a_framework_is_still_looked_at(tmp_path: Path) -> None:
    texts = changed(QUIZ, "- [x] 健", "- [ ] 健")
    del texts["framework.yaml"]
    found = check(tmp_path, texts)
    assert "framework.yaml:1: this file is missing: it declares topics, layers, roles and languages" in found
    assert "quiz.zh-CN.md:1: no option is marked as right" in found


def test_an_unknown_topic_or_language_or_folder_is_told(tmp_path: Path) -> None:
    texts = {name.replace("data/roster", "date/Roster_1"): text for name, text in small.files().items()}
    texts["date/Roster_1/module.fr.md"] = texts["date/Roster_1/module.en.md"]
    found = check(tmp_path, texts)
    for told in (
        "module.en.md:1: there is no topic “date”; did you mean “data”?",
        "module.en.md:1: a folder's name is made of lower-case words joined by hyphens",
        "module.fr.md:1: framework.yaml does not list the language fr",
    ):
        assert f"date/Roster_1/{told}" in found


def test_bytes_that_are_no_text_are_told_at_their_line(tmp_path: Path) -> None:
    small.write(tmp_path)
    path = tmp_path / PLACE / ZH
    path.write_bytes(path.read_bytes().replace("先问".encode(), b"\xff\xfe"))
    told = [fault.say() for fault in check_tree(tmp_path, on=MONDAY.date())]
    assert told == [f"{PLACE}/{ZH}:19: this line is not UTF-8 text"]


def test_stray_files_are_warnings(tmp_path: Path) -> None:
    texts = small.files() | {"data/note.txt": "x", f"{PLACE}/quiz.txt": "x", f"{PLACE}/README.md": "x"}
    assert [fault.partition(" this ")[0].partition(" a ")[0] for fault in check(tmp_path, texts)] == [
        "data/note.txt:1:",
        "quiz.txt:1:",
    ]


def test_all_faults_of_several_files_come_in_one_run_in_order(tmp_path: Path) -> None:
    texts = changed(QUIZ, "- [x] 健", "- [ ] 健")
    texts[f"{PLACE}/{ZH}"] = texts[f"{PLACE}/{ZH}"].replace("minutes: 10", "minutes: 0").replace("先问", "[x](y)")
    texts["framework.yaml"] = texts["framework.yaml"].replace("number: 2", "number: 9")
    assert [fault.partition(": ")[0] for fault in check(tmp_path, texts)] == [
        "module.zh-CN.md:6",
        "module.zh-CN.md:19",
        "quiz.en.md:1",
        "quiz.zh-CN.md:1",
        "framework.yaml:4",
        "framework.yaml:4",
    ]


def test_a_question_that_is_too_large_or_too_slow_is_told_and_the_file_waits_once(tmp_path: Path) -> None:
    large = check(tmp_path, changed(QUIZ, "限于最小范围。", "限" * 22_000))
    assert large == [f"quiz.zh-CN.md:{line}: this text has 65 KB; 64 KB are the limit" for line in (1, 11)]
    slow = changed(QUIZ, "限于最小范围。", "[a](<b" * 8_000)
    slow[f"{PLACE}/{QUIZ}"] = slow[f"{PLACE}/{QUIZ}"].replace("见列举。", "[a](<b" * 8_000)
    told = [fault for fault in check(tmp_path, slow) if "broken link" not in fault]
    assert told == ["quiz.zh-CN.md:1: could not be rendered within 3 seconds and 512 MB"]
