"""What a login name and a person's or unit's name may be."""

import unicodedata

from edu.base.errors import Invalid
from edu.base.i18n import mark

#: Chosen: the longest personal names in passports take 78 characters; a unit's full name takes some 60.
NAME_LENGTH = 100
LOGIN_LENGTH = 64

#: Marks that turn the reading direction and never end by themselves: a name with one rearranges the page around it.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def fold_login(text: str) -> str:
    """One spelling for one login name: full width becomes half width, upper becomes lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def checked_login(text: str) -> str:
    """The folded login name. Raises Invalid."""
    login = fold_login(text)
    if not login:
        raise Invalid(mark("The login name is missing."))
    if len(login) > LOGIN_LENGTH:
        raise Invalid(mark("A login name has at most %(most)s characters."), most=LOGIN_LENGTH)
    if not all(character.isalnum() or character in "-_.@+" for character in login):
        raise Invalid(mark("A login name has only letters, digits and the signs - _ . @ +."))
    return login


def checked_name(text: str) -> str:
    """The name with single spaces and none around it. Raises Invalid."""
    name = " ".join(text.split())
    if not name or not any(character.isprintable() and not character.isspace() for character in name):
        raise Invalid(mark("The name is missing."))
    if len(name) > NAME_LENGTH:
        raise Invalid(mark("A name has at most %(most)s characters."), most=NAME_LENGTH)
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in DIRECTION_MARKS for c in name):
        raise Invalid(mark("The name has an invisible character that cannot be kept."))
    return name


def checked_code(text: str) -> str:
    """A unit's permanent short name. Raises Invalid."""
    code = unicodedata.normalize("NFKC", text).strip()
    if not code:
        raise Invalid(mark("The unit's code is missing."))
    if len(code) > LOGIN_LENGTH:
        raise Invalid(mark("A unit's code has at most %(most)s characters."), most=LOGIN_LENGTH)
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cf", "Zs", "Zl", "Zp") for c in code):
        raise Invalid(mark("A unit's code has no spaces and no invisible characters."))
    return code
