"""What questions rely on is gathered into one list, and two names or days of one document are told."""

from pathlib import Path

import pytest

from edu.authoring.actions import survey
from tests.authoring import small
from tests.authoring.small import changed, check

LAW = "《个人信息保护法》 | 第二十八条 | 2021-11-01 | 2027-06-30"


def test_every_document_once_with_its_earliest_review(tmp_path: Path) -> None:
    texts = changed("quiz.zh-CN.md", LAW, LAW.replace("2027-06-30", "2027-03-31"))
    folder = small.write(tmp_path, texts | small.second_module())
    found = {one.names["zh-CN"]: one for one in survey(folder).documents}
    law = found["《个人信息保护法》"]
    assert (law.in_force_on, law.review_by, law.modules, law.citations) == (
        "2021-11-01",
        "2027-03-31",
        ("data-1", "data-2"),
        6,
    )
    assert law.names["en"]
    assert sorted(found) == ["《个人信息保护法》", "指南", "网信办"]


def test_a_document_that_only_a_text_names_is_listed_too(tmp_path: Path) -> None:
    folder = small.write(
        tmp_path,
        changed(
            "module.zh-CN.md",
            "先问为",
            "《中华人民共和国个人信息保护法》和《数据安全管理条例》说，见《认出骗局》，先问为",
        ),
    )
    found = {one.names["zh-CN"]: one for one in survey(folder).documents}
    assert sorted(found) == ["《个人信息保护法》", "《数据安全管理条例》", "指南", "网信办"]
    named = found["《数据安全管理条例》"]
    assert (named.in_force_on, named.review_by, named.modules, named.citations) == ("", "2027-06-30", ("data-1",), 0)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("quiz.zh-CN.md", LAW, LAW.replace("2021-11-01", "2021-11-11"), "《个人信息保护法》 is in force since 2021-11-11 here, since 2021-11-01 in data/roster/quiz.zh-CN.md:13"),
        ("quiz.en.md", "2020-10-21", "2020-10-22", "the days of this source differ from those in data/roster/quiz.zh-CN.md"),
        ("quiz.en.md", "| Art. 28 |", "of the PRC | Art. 28 |", "the same document is called “"),
    ],
)  # fmt: skip
def test_one_document_with_two_names_or_days(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    (found,) = {
        fault for fault in check(tmp_path, changed(name, old, new)) if "days of this" not in fault or "days" in told
    }
    assert told in found
    assert found.endswith("(warning)")
