"""Words in several languages, below the web."""

from collections.abc import Mapping

#: Languages of the screens, the leading one first. Tags as in BCP 47.
LANGUAGES = ("zh-CN", "en")
#: Language → the name that Babel has for it.
LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}


def mark(message: str) -> str:
    """Mark an English sentence for translation without translating it: domains have no reader."""
    return message


def pick(names: Mapping[str, str], language: str) -> str:
    """The words in `language`, else in the leading language, else in any."""
    return names.get(language) or names.get(LANGUAGES[0]) or next(iter(names.values()), "")
