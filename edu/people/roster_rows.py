"""What a roster file may hold and what comes of it: columns, words, things as they are and as they shall be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from edu.base.tables import Row

#: What each column may be called, as `plain_header` writes it.
UNIT_COLUMNS = {
    "code": ("代码", "单位代码", "组织代码", "编号", "code", "unitcode"),
    "name": ("名称", "单位名称", "组织名称", "name", "unitname"),
    "name_en": ("英文名", "英文名称", "englishname", "nameinenglish", "nameen"),
    "kind": ("类别", "类型", "单位类别", "kind", "type"),
    "parent": ("上级", "上级代码", "上级单位", "上级组织", "parent", "parentcode", "under"),
}
MEMBER_COLUMNS = {
    "login": ("登录名", "账号", "帐号", "用户名", "工号", "login", "loginname", "username"),
    "name": ("姓名", "名字", "name", "fullname"),
    "name_en": ("英文名", "英文姓名", "englishname", "nameinenglish", "nameen"),
    "unit": ("单位", "单位代码", "所在单位", "支部", "党支部", "组织", "unit", "unitcode", "branch"),
    "roles": ("岗位", "角色", "岗位角色", "roles", "role"),
    "duties": ("职责", "职务", "duties", "duty"),
}
KNOWN_HEADERS = frozenset(
    word for columns in (UNIT_COLUMNS, MEMBER_COLUMNS) for words in columns.values() for word in words
)

#: What duties are called in files.
DUTY_WORDS = {
    "trainer": ("讲师", "教师", "trainer"),
    "secretary": ("书记", "支部书记", "secretary"),
    "board": ("班子", "班子成员", "领导班子", "board"),
    "administrator": ("管理员", "administrator", "admin"),
}

SEPARATORS = re.compile(r"[、,，;；/\n]+")


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as it is."""

    id: int
    name: str
    name_en: str | None
    kind: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class MemberState:
    """A member as they are. `duties` are (kind, unit code)."""

    id: int
    name: str
    name_en: str | None
    unit: str
    is_active: bool
    roles: frozenset[int]
    duties: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Existing:
    """What is there before the import; words are folded by `plain`."""

    units: Mapping[str, UnitState]
    members: Mapping[str, MemberState]
    #: Words for a kind of unit → its key; keys of the kinds where people are known by name.
    kinds: Mapping[str, str]
    home_kinds: frozenset[str]
    #: Words for a role → its id.
    roles: Mapping[str, int]
    #: Codes of closed units: they cannot come back under the same code.
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit to add (`id` None) or to change, as it shall be."""

    id: int | None
    code: str
    name: str
    name_en: str | None
    kind: str
    parent: str | None
    is_moved: bool = False
    is_renamed: bool = False


@dataclass(frozen=True, slots=True)
class MemberChange:
    """A member to add (`id` None) or to change, as they shall be."""

    id: int | None
    login: str
    name: str
    name_en: str | None
    unit: str
    #: Where they are now, when that is another unit.
    moved_from: str | None = None
    is_renamed: bool = False
    roles_given: frozenset[int] = frozenset()
    roles_ended: frozenset[int] = frozenset()
    duties_given: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is left out. `message` is an English sentence with %(placeholders)s for `values`."""

    sheet: str
    headers: tuple[str, ...]
    row: Row
    message: str
    values: Mapping[str, object]


@dataclass(slots=True)
class Plan:
    """What an import would do. `units` come in an order in which each one's upper unit is there before it."""

    units: list[UnitChange] = field(default_factory=list)
    members: list[MemberChange] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    #: Unit code → code of the unit where its people are known by name.
    homes: dict[str, str] = field(default_factory=dict)


def plain(word: str) -> str:
    """A word to compare by: half width, lower case, no spaces."""
    return "".join(normalize("NFKC", word).casefold().split())
