"""The laws about words hold, and each can fail."""

import pytest
from babel.messages.catalog import Message

from tests.house import words


def test_every_sentence_on_a_screen_has_its_chinese() -> None:
    catalogue = words.catalogue()
    missing = [
        f"{place}: {message!r}" for message, place in words.messages_in_source().items() if message not in catalogue
    ]
    assert missing == []


def test_the_catalogue_says_nothing_that_no_screen_shows() -> None:
    said = {message if isinstance(message, str) else message[0] for message in words.messages_in_source()}
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in words.catalogue() if m.id}
    assert sorted(kept - said) == []


def test_every_translation_is_whole() -> None:
    assert [fault for message in words.catalogue() if message.id for fault in words.faults_of(message)] == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "fault"),
    [
        ("Save", "", "not translated"),
        ("%(n)s of %(all)s", "%(n)s 项", "leaves a value out"),
        ("%(n)s left", "还剩 %(n)s，共 %(all)s", "not given"),
        ("Saved, thank you", "已保存,谢谢", "half-width"),
        (("%(num)s day", "%(num)s days"), ("%(number)s 天",), "not given"),
    ],
)
def test_a_broken_translation_is_found(msgid: str | tuple[str, ...], msgstr: str | tuple[str, ...], fault: str) -> None:
    assert fault in " ".join(words.faults_of(Message(msgid, msgstr)))


def test_a_whole_translation_has_no_fault() -> None:
    assert list(words.faults_of(Message("%(n)s left, %(who)s", "%(who)s，还剩 %(n)s 项"))) == []


def test_chinese_stands_in_the_catalogue_and_in_declared_places_only() -> None:
    strays = [
        f"{path}:{line}"
        for path, text in words.python_files()
        if not words.is_at_home(path)
        for line in words.chinese_in_code(text)
    ]
    assert strays == []


def test_every_declared_place_is_needed() -> None:
    used = {
        home
        for path, text in words.python_files()
        for home in words.CHINESE_AT_HOME
        if path.startswith(home) and words.chinese_in_code(text)
    }
    assert used == set(words.CHINESE_AT_HOME)


def test_code_shows_no_sentence_past_the_catalogue() -> None:
    assert [f"{path}:{line}" for path, text in words.python_files() for line in words.unmarked_in_code(text)] == []


def test_templates_show_no_word_past_the_catalogue() -> None:
    assert {path: bare for path, text in words.templates() if (bare := words.bare_words_in_template(text))} == {}


def test_planted_words_are_found() -> None:
    assert words.chinese_in_code('"""中文 may stand here."""\nx = "党支部"') == [2]
    assert words.unmarked_in_code('raise NotFound("No such page.")') == [1]
    assert words.unmarked_in_code('raise Invalid(f"{name} is taken.")') == [1]
    assert words.unmarked_in_code('name = StringField("Name")') == [1]
    assert (
        words.unmarked_in_code('raise Invalid(mark("Taken."))\nflash(_("Saved."))\nraise NotFound\nraise NotFound("")')
        == []
    )
    assert words.bare_words_in_template('<p>Hello {{ name }}</p><img alt="A dog"><p>{{ _("Fine") }} · 3</p>') == [
        "Hello",
        "dog",
    ]
