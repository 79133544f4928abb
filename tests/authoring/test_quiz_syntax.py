"""A quiz file is read as people write it: full-width brackets, √, both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.authoring.quiz_syntax import parse_quiz
from edu.quizzes.kinds.block import Block, Option, Source

WRITTEN = """\
##单选题:名册：该收哪些 {#q-8k3m2p}

下面哪一项？

    ## 不是标题？
```
## 也不是
- [x] 也不是
```

* 【√】健康状况
  他的
  > 对，
  > 属于敏感信息。
- [　] 姓名
> 离不开。

+ ［］手机号

**解析**：第一段。

- 第二段

**依据：** 《法》｜第六条｜——｜2027-06-30
**来源** 乙 | — | 2021-11-01 | 2027-06-30
"""


def test_a_question_as_people_write_it() -> None:
    quiz, faults = parse_quiz("q.md", "zh-CN", WRITTEN)
    assert faults == []
    assert quiz.blocks == (
        Block(
            kind="single",
            title="名册：该收哪些",
            id="q-8k3m2p",
            stem="下面哪一项？\n\n    ## 不是标题？\n```\n## 也不是\n- [x] 也不是\n```",
            options=(
                Option("健康状况\n他的", True, "对，\n属于敏感信息。", 11),
                Option("姓名", False, "离不开。", 15),
                Option("手机号", False, "", 18),
            ),
            answer="",
            explanation="第一段。\n\n- 第二段",
            sources=(
                Source("《法》", "第六条", "", "2027-06-30", 24),
                Source("乙", "", "2021-11-01", "2027-06-30", 25),
            ),
            line=1,
        ),
    )
    assert quiz.sources == (WRITTEN,)


@pytest.mark.parametrize("sign", ["x", "X", "√", "✓", "ｘ"])
@pytest.mark.parametrize("brackets", ["[]", "【】", "［］"])
def test_every_sign_for_right(sign: str, brackets: str) -> None:
    text = f"## 单选题：题 {{#q-aaaaaa}}\n\n问\n\n- {brackets[0]}{sign}{brackets[1]} 是\n- {brackets} 否\n"
    (block,) = parse_quiz("q.md", "zh-CN", text)[0].blocks
    assert [option.is_right for option in block.options] == [True, False]


def test_a_link_in_a_list_is_no_option() -> None:
    text = "## Fill-in: t\n\n- [a](https://a.example)\n- b [[x]]\n"
    (block,) = parse_quiz("q.md", "en", text)[0].blocks
    assert (block.options, block.stem) == ((), "- [a](https://a.example)\n- b [[x]]")


def test_line_ends_of_any_kind_and_a_byte_order_mark_are_read() -> None:
    plain = parse_quiz("q.md", "zh-CN", WRITTEN)[0].blocks
    for ends in ("\r\n", "\r"):
        assert parse_quiz("q.md", "zh-CN", "\ufeff" + WRITTEN.replace("\n", ends))[0].blocks == plain


@given(st.text())
def test_nothing_that_is_typed_breaks_the_reader(text: str) -> None:
    quiz, faults = parse_quiz("q.md", "en", text)
    assert quiz.blocks or faults
    assert all(1 <= fault.line <= text.count("\n") + text.count("\r") + 1 for fault in faults)
