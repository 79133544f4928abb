"""A small sound content tree for tests to break: one topic, one module in two languages, five questions."""

import re
from pathlib import Path

from edu.authoring.actions import check_tree
from edu.authoring.faults import Fault
from tests.times import MONDAY

FRAMEWORK = """\
languages: [zh-CN, en]
layers:
  - {number: 1, name: {zh-CN: 了解, en: Aware}, means: {zh-CN: 认得出, en: recognises}}
  - {number: 2, name: {zh-CN: 会用, en: Applies}, means: {zh-CN: 办得了, en: handles}}
topics:
  - {key: data, name: {zh-CN: 数据, en: Data}, short: {zh-CN: 数据, en: Data}}
roles:
  - {key: member, name: {zh-CN: 党员, en: Member}, requires: {data: 1}}
unit_kinds:
  - {key: committee, name: {zh-CN: 党委, en: Committee}}
  - {key: branch, name: {zh-CN: 党支部, en: Branch}, home: true}
hour_policies:
  - since: 2019-05-06
    category: online
    name: {zh-CN: 网络自学, en: Online self-study}
    minutes_per_hour: 60
    round_down_to: 0.25
    year_starts: 01-01
    basis: {zh-CN: 本组织约定, en: House rule}
"""

MODULE = {
    "zh-CN": """\
---
id: data-1
title: 名册
summary: 名册里的个人信息。
layer: 1
minutes: 10
requires: []
review_by: 2027-06-30
---

## 一个案例

名册发到了群里。

![一张名册](roster.svg)

## 三个问题

先问为了什么。
""",
    "en": """\
---
title: The roster
summary: Personal information in a roster.
---

## A case

The roster went to the chat.

![A roster](roster.svg)

## Three questions

First ask what it is for.
""",
}

QUIZ = {
    "zh-CN": """\
## 单选题：名册该收哪些 {#q-aaaaaa}

下面哪一项**不该**收？

- [ ] 姓名
  > 联系离不开姓名。
- [ ] 手机号
- [x] 健康状况
  > 对。

**解析** 限于最小范围。

**依据** 《个人信息保护法》 | 第六条 | 2021-11-01 | 2027-06-30

## 多选题：敏感的 {#q-bbbbbb}

哪些敏感？

- [x] 病史
- [x] 账号
- [ ] 姓名

**解析** 见列举。

**依据** 《个人信息保护法》 | 第二十八条 | 2021-11-01 | 2027-06-30

## 判断题：纸上的 {#q-cccccc}

写在纸上的也算。

- [x] 正确
- [ ] 错误

**解析** 算。

**依据** 《个人信息保护法》 | 第四条 | 2021-11-01 | 2027-06-30

## 填空题：电话 {#q-dddddd}

举报打[[12377|一二三七七]]。

**解析** 网络举报电话。

**依据** 网信办 | — | — | 2027-06-30

## 数值题：按压 {#q-eeeeee}

每分钟按压多少次？

**答案** 110 ± 10 次/分

**解析** 100到120。

**依据** 指南 | — | 2020-10-21 | 2027-06-30
""",
    "en": """\
## Single choice: What to collect {#q-aaaaaa}

Which one should **not** be there?

- [ ] Name
  > You cannot reach anyone without.
- [ ] Mobile number
- [x] State of health
  > Right.

**Explanation** Only the minimum.

**Source** PIPL | Art. 6 | 2021-11-01 | 2027-06-30

## Multiple choice: Sensitive ones {#q-bbbbbb}

Which are sensitive?

- [x] Illnesses
- [x] Account numbers
- [ ] Names

**Explanation** They are listed.

**Source** PIPL | Art. 28 | 2021-11-01 | 2027-06-30

## True/false: On paper {#q-cccccc}

What is written on paper counts.

- [x] True
- [ ] False

**Explanation** It does.

**Source** PIPL | Art. 4 | 2021-11-01 | 2027-06-30

## Fill-in: The number {#q-dddddd}

Report it to [[12377]].

**Explanation** The reporting line.

**Source** CAC | — | — | 2027-06-30

## Number: Compressions {#q-eeeeee}

How many a minute?

**Answer** 110 ± 10 per minute

**Explanation** 100 to 120.

**Source** Guidelines | — | 2020-10-21 | 2027-06-30
""",
}

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 420"><title>t</title><rect width="9" height="9"/></svg>\n'
)
PLACE = "data/roster"


def files() -> dict[str, str]:
    return {
        "framework.yaml": FRAMEWORK,
        f"{PLACE}/module.zh-CN.md": MODULE["zh-CN"],
        f"{PLACE}/module.en.md": MODULE["en"],
        f"{PLACE}/quiz.zh-CN.md": QUIZ["zh-CN"],
        f"{PLACE}/quiz.en.md": QUIZ["en"],
        f"{PLACE}/roster.svg": SVG,
    }


def write(folder: Path, texts: dict[str, str] | None = None) -> Path:
    """The tree in files; other texts instead of the sound ones where they are given."""
    for name, text in (texts or files()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The sound tree with one passage of one file changed, which must be there."""
    texts = files()
    name = name if name in texts else f"{PLACE}/{name}"
    assert old in texts[name], old
    texts[name] = texts[name].replace(old, new, 1)
    return texts


def second_module() -> dict[str, str]:
    """A second module beside the first, with ids of its own, its stems written backwards so that none is asked twice."""
    texts = {name.replace(PLACE, "data/second"): text for name, text in files().items() if name.startswith(PLACE)}
    key = "data/second/module.zh-CN.md"
    texts[key] = texts[key].replace("id: data-1\n", "id: data-2\n").replace("requires: []", "requires: [data-1]")
    for language in ("zh-CN", "en"):
        text = re.sub(
            r"^\w.*$", lambda stem: re.sub(r"\w+", lambda word: word[0][::-1], stem[0]), QUIZ[language], flags=re.M
        )
        for letter in "abcde":
            text = text.replace(f"q-{letter * 6}", f"q-{letter * 5}2")
        texts[f"data/second/quiz.{language}.md"] = text
    return texts


def check(folder: Path, texts: dict[str, str]) -> list[str]:
    """What check says of a tree, as it prints it; warnings marked."""
    return [shown(fault) for fault in check_tree(write(folder, texts), on=MONDAY.date())]


def shown(fault: Fault) -> str:
    return fault.say().removeprefix(f"{PLACE}/") + ("" if fault.is_error else " (warning)")
