"""Login names, names and codes: what is folded, what is refused."""

import pytest

from edu.base.errors import Invalid
from edu.people.names import checked_code, checked_login, checked_name, fold_login


@pytest.mark.parametrize("typed", ["li.ming", "LI.Ming", " ｌｉ．ｍｉｎｇ ", "Li.Ming"])
def test_one_login_name_is_one_person_however_it_is_typed(typed: str) -> None:
    assert checked_login(typed) == "li.ming"


def test_folding_twice_changes_nothing_more() -> None:
    for text in ("ẞ", "ﬁ", "İ", "Ａ", "张三"):
        assert fold_login(fold_login(text)) == fold_login(text)


@pytest.mark.parametrize("typed", ["", "  ", "a b", "a/b", "a\x00b", "<b>", "a\u202eb", "x" * 65])
def test_a_login_name_of_other_signs_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        checked_login(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("李  明", "李 明"), (" O’Brien-Łukasz ", "O’Brien-Łukasz"), ("买买提·艾力", "买买提·艾力"), ("𠮷田", "𠮷田")],
)
def test_names_of_all_kinds_are_kept_as_they_are(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "a\x00b", "\u202eabc", "x" * 101, "\ud800"])
def test_a_name_that_cannot_be_seen_or_kept_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        checked_name(typed)


def test_a_code_has_no_spaces_and_keeps_its_case() -> None:
    assert checked_code(" Ａ-01 ") == "A-01"
    with pytest.raises(Invalid):
        checked_code("a 01")
