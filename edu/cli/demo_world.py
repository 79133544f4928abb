"""The demo world: one street committee with its branches, its people and half a year of their studies.

`flask demo` fills an empty database with it, and the tests stand on the same. Everything goes through the verbs that
real people use, at dates counted back from `at`; nothing is random.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from edu.base import passwords
from edu.base.actor import Actor
from edu.base.clock import ZONE, day_of
from edu.courses import queries as courses
from edu.people import actions as people
from edu.people import queries
from edu.quizzes import actions as quizzes
from edu.quizzes import queries as attempts
from edu.quizzes.queries import Keyed
from edu.records import actions as records

#: Every demo person's password. `flask demo` prints it and refuses any database that is not the local one.
PASSWORD = "bu que 2026"
LANGUAGE = "zh-CN"
#: Since when the organisation has used the product, in days before `at`.
HISTORY = 180
#: How many days of it the longest path takes; the last to begin does so on day 52.
STUDYING = 120

#: (code, name, name in English, kind, code of the unit above)
UNITS = (
    ("hexi", "河西街道党委", "Hexi Street Committee", "committee", None),
    ("community", "社区党总支", "Community General Branch", "general-branch", "hexi"),
    ("first", "第一支部", "First Branch", "branch", "community"),
    ("second", "第二支部", "Second Branch", "branch", "community"),
    ("second-east", "东片小组", "East Group", "group", "second"),
    ("second-west", "西片小组", "West Group", "group", "second"),
    ("market", "集市支部", "Market Branch", "branch", "hexi"),
    ("couriers", "快递员支部", "Couriers’ Branch", "branch", "hexi"),
)


#: What everybody is asked for first, as somebody studies it who finds it easy.
FIRST_RUNGS = (
    "rights-1-member +",
    "data-1-personal +",
    "law-1-fraud +",
    "emergency-1-golden-minutes +",
    "digital-1-phone ~",
    "service-1-where +",
    "branch-1-basics ~",
    "governance-1-who +",
)
SECOND_RUNGS = ("rights-2-stages +", "data-2-roster +", "law-2-help ~")

#: Studies, oldest first: a module and how its quiz went. "+" all right, "~" two of three and then both of two more,
#: "-" one of three. Between them there is a gap of every kind: not begun, failed, failed twice, a hole below what was
#: shown, the next rung still open, everything there.
PATHS = {
    "none": (),
    "begun": ("data-1-personal +", "digital-1-phone -", "rights-1-member ~"),
    "halfway": (
        "data-1-personal +",
        "data-2-roster -",
        "rights-1-member +",
        "law-1-fraud +",
        "emergency-1-golden-minutes ~",
        "service-1-where -",
    ),
    "steady": (*FIRST_RUNGS, *SECOND_RUNGS),
    "leading": (
        *FIRST_RUNGS,
        *SECOND_RUNGS,
        "branch-2-year +",
        "service-2-loop ~",
        "digital-2-office +",
        "emergency-2-on-duty +",
        "governance-2-meeting +",
        "rights-3-exceptions ~",
        "branch-3-elections -",
    ),
    "strong": (
        *FIRST_RUNGS,
        *SECOND_RUNGS,
        "branch-2-year +",
        "service-2-loop +",
        "digital-2-office +",
        "emergency-2-on-duty +",
        "governance-2-meeting ~",
        "rights-3-exceptions +",
        "digital-3-mend ~",
        "service-3-hard +",
    ),
    "front": (
        "law-1-fraud +",
        "data-1-personal +",
        "service-1-where +",
        "service-2-loop ~",
        "governance-1-who +",
        "law-2-help +",
        "law-3-window -",
        "service-3-hard -",
    ),
    "stuck": ("law-1-fraud -", "law-1-fraud -", "data-1-personal ~", "branch-1-basics -"),
    "first-aider": ("emergency-1-golden-minutes +", "emergency-2-on-duty ~", "service-1-where +"),
    "top-down": ("data-2-roster +", "law-2-help -", "rights-2-stages +"),
}


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str
    name_en: str
    unit: str
    path: str = "none"
    roles: tuple[str, ...] = ("member",)
    #: (kind, unit code)
    duties: tuple[tuple[str, str], ...] = ()


PEOPLE = (
    Person("zhou.ming", "周明", "Zhou Ming", "second", "halfway", ("member", "group-leader")),
    Person("lin.wei", "林薇", "Lin Wei", "second", "leading", ("secretary",), (("secretary", "second"),)),
    Person("wu.jie", "吴洁", "Wu Jie", "second", "strong", ("trainer",), (("trainer", "hexi"),)),
    Person("qian.yu", "钱宇", "Qian Yu", "second-east", "leading", ("committee",)),
    Person("tang.xin", "唐欣", "Tang Xin", "second-east", "begun"),
    Person("feng.bo", "冯波", "Feng Bo", "second-east", "stuck"),
    Person("xu.lan", "徐岚", "Xu Lan", "second-east", "front", ("front-line",)),
    Person("cao.rui", "曹睿", "Cao Rui", "second-east", "none", ("applicant",)),
    Person("deng.ke", "邓可", "Deng Ke", "second-west", "top-down"),
    Person("peng.fei", "彭飞", "Peng Fei", "second-west", "steady"),
    Person("su.qing", "苏青", "Su Qing", "second-west", "none", ("probationary",)),
    Person("wei.guoqiang", "魏国强", "Wei Guoqiang", "second-west", "begun"),
    Person("han.mei", "韩梅", "Han Mei", "second-west", "halfway"),
    Person("chen.gang", "陈刚", "Chen Gang", "first", "leading", ("secretary",), (("secretary", "first"),)),
    Person("yuan.jing", "袁静", "Yuan Jing", "first", "steady", ("committee",)),
    Person("guo.tao", "郭涛", "Guo Tao", "first", "begun"),
    Person("luo.dan", "罗丹", "Luo Dan", "first", "halfway"),
    Person("song.yi", "宋一", "Song Yi", "first", "stuck"),
    Person("xie.hua", "谢华", "Xie Hua", "first", "first-aider"),
    Person("liang.bin", "梁斌", "Liang Bin", "first", "steady", ("group-leader",)),
    Person("ye.zi", "叶紫", "Ye Zi", "first", "none"),
    Person("he.yan", "何燕", "He Yan", "market", "steady", ("secretary",), (("secretary", "market"),)),
    Person("jin.shan", "金山", "Jin Shan", "market", "front", ("front-line",)),
    Person("lu.yao", "陆遥", "Lu Yao", "market", "top-down"),
    Person("ma.li", "马莉", "Ma Li", "market", "halfway"),
    Person("fan.qi", "范琪", "Fan Qi", "market", "none"),
    Person("shi.lei", "石磊", "Shi Lei", "market", "first-aider"),
    Person("ren.jun", "任军", "Ren Jun", "couriers", "begun", ("secretary",), (("secretary", "couriers"),)),
    Person("kang.le", "康乐", "Kang Le", "couriers", "stuck"),
    Person("bai.yun", "白云", "Bai Yun", "couriers", "halfway"),
    Person("zheng.hong", "郑宏", "Zheng Hong", "hexi", "steady", (), (("secretary", "hexi"),)),
    Person("zhao.min", "赵敏", "Zhao Min", "hexi", "none", (), (("board", "hexi"),)),
    Person("sun.li", "孙立", "Sun Li", "hexi", "none", (), (("administrator", "hexi"),)),
)

#: Who took the diagnostic this morning, and which layers they hold by topic; none of the topics left out. Su Qing has a
#: ladder as in a book, Guo Tao holes in his, and Jin Shan knows the window and little else.
DIAGNOSED = {
    "su.qing": {"rights": (1, 2), "branch": (1,), "data": (1,), "digital": (1, 2), "law": (1,)},
    "guo.tao": {"rights": (2,), "data": (1, 2), "digital": (1,), "emergency": (1,), "service": (1,), "law": (2,)},
    "jin.shan": {"data": (1, 2, 3), "service": (1, 2, 3), "law": (1, 2), "digital": (1,)},
}

#: Who `flask demo` suggests to try, and why.
SHOWN = ("zhou.ming", "ye.zi", "lin.wei", "chen.gang", "wu.jie", "zheng.hong", "zhao.min", "sun.li")


#: Whether somebody holds a layer of a topic.
Holds = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class World:
    """Who and what is in it, by login and by code."""

    members: dict[str, int]
    units: dict[str, int]
    at: datetime


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    return not queries.all_member_ids()


def fill(*, at: datetime) -> World:
    """Build the demo world in an empty database that has the shipped content. Returns who is who."""
    founded = at - timedelta(days=HISTORY)
    units = _units(founded)
    members = _members(units, founded)
    for place, person in enumerate(PEOPLE):
        _study(members[person.login], PATHS[person.path], first=founded + timedelta(days=20 + place))
    _diagnose(members, at=at)
    _relieve(members, at=at)
    _leave_traces(members, at=at)
    records.restate_all(on=day_of(at))  # the history above was restated as of its own days
    return World(members, units, at)


def _units(at: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for code, name, name_en, kind, parent in UNITS:
        ids[code] = people.add_unit(
            code=code,
            name=name,
            name_en=name_en,
            kind=kind,
            parent_id=ids[parent] if parent else None,
            by=None,
            at=at,
        )
    return ids


def _members(units: dict[str, int], at: datetime) -> dict[str, int]:
    roles = {role.key: role.id for role in courses.roles()}
    password_hash = passwords.hash(PASSWORD)
    on = day_of(at)
    ids: dict[str, int] = {}
    for person in PEOPLE:
        ids[person.login] = people.add_member(
            login=person.login,
            name=person.name,
            name_en=person.name_en,
            unit_id=units[person.unit],
            password_hash=password_hash,
            must_change=False,
            by=None,
            on=on,
            at=at,
        )
        for role in person.roles:
            records.give_role(ids[person.login], roles[role], by=None, on=on, at=at)
        for kind, unit in person.duties:
            people.appoint(ids[person.login], kind, units[unit], by=None, on=on, at=at)
    return ids


def _study(member_id: int, path: tuple[str, ...], *, first: datetime) -> None:
    """Take the quizzes of a path, one every nine days, or as often as it takes to be through with it by today."""
    actor = Actor(member_id, ())
    for turn, step in enumerate(path):
        key, how = step.split()
        days = turn * min(9.0, STUDYING / len(path))
        take_quiz(actor, key, how, at=first + timedelta(days=days, minutes=7 * member_id))


def take_quiz(actor: Actor, module_key: str, how: str, *, language: str = LANGUAGE, at: datetime) -> int:
    """Take a module's closing quiz as a person would, with a known end. Returns the attempt's id.

    how    "+" all right, "~" one wrong in the first round and all right after it, "-" only the first right.
    """
    attempt_id = quizzes.start_attempt(actor, module_key, language, at=at)
    for seconds in (60, 120):
        for place, question in enumerate(attempts.keyed(attempt_id)):
            is_right = how == "+" or (how == "-" and place == 0) or (how == "~" and (place > 0 or seconds > 60))
            values = right_values(question) if is_right else wrong_values(question)
            quizzes.save_answer(actor, attempt_id, question.position, values, at=at + timedelta(seconds=seconds))
        submission = quizzes.submit_attempt(actor, attempt_id, at=at + timedelta(seconds=seconds + 30))
        if submission.is_closed:
            break
    return attempt_id


def take_diagnostic(
    actor: Actor, holds: Holds, *, guesses: bool = False, topic_key: str | None = None, at: datetime
) -> int:
    """Take a diagnostic as a person would of whom it is known what they hold. Returns the attempt's id.

    holds    whether the person holds a layer of a topic: answered right; else "I haven't learned this yet".
    guesses  instead of saying so, the person chooses something wrong.
    """
    attempt_id = quizzes.start_diagnostic(actor, topic_key, at=at)
    go_on(actor, attempt_id, holds, guesses=guesses, at=at)
    return attempt_id


def go_on(actor: Actor, attempt_id: int, holds: Holds, *, guesses: bool = False, at: datetime) -> int:
    """Answer one question at a time until the attempt is over. Returns how many were answered."""
    is_over, turn = False, 0
    while not is_over:
        turn += 1
        question = attempts.keyed(attempt_id)[0]
        is_right = holds(*attempts.cell_of(attempt_id, question.position))
        values = right_values(question) if is_right else wrong_values(question)
        is_over = quizzes.answer(
            actor,
            attempt_id,
            question.position,
            values,
            is_unknown=not is_right and not guesses,
            at=at + timedelta(seconds=30 * turn),
        )
    return turn


def right_values(question: Keyed) -> list[str]:
    """What a form posts for the right answer."""
    if question.kind == "fillin":
        return [spellings[0] for spellings in question.key["blanks"]]
    if question.kind == "number":
        return [f"{question.key['least']:g}"]
    return list(question.key["right"])


def wrong_values(question: Keyed) -> list[str]:
    """What a form posts for a wrong answer that can be read."""
    if question.kind == "fillin":
        return ["?"] * len(question.key["blanks"])
    if question.kind == "number":
        return [f"{question.key['most'] + 1:g}"]
    return [name for name in question.face["options"] if name not in question.key["right"]][:1]


def _diagnose(members: dict[str, int], *, at: datetime) -> None:
    """Three members took the diagnostic this morning, another is half-way through it.

    Not before today: what roles require holds from the day on which the content was loaded.
    """
    topics = {topic.id: topic.key for topic in courses.topics()}
    begun = max(at - timedelta(minutes=20), datetime.combine(day_of(at), time.min, ZONE))
    for login, layers in DIAGNOSED.items():
        held = {(topic_id, layer) for topic_id, key in topics.items() for layer in layers.get(key, ())}
        take_diagnostic(Actor(members[login], ()), lambda *cell, held=held: cell in held, at=begun)
    cao = Actor(members["cao.rui"], ())
    attempt_id = quizzes.start_diagnostic(cao, None, at=begun)
    for turn in (1, 2, 3):
        question = attempts.keyed(attempt_id)[0]
        quizzes.answer(cao, attempt_id, turn, right_values(question), at=begun + timedelta(seconds=30 * turn))


def _relieve(members: dict[str, int], *, at: datetime) -> None:
    """An old member of whom nothing is required any more."""
    records.grant_relief(
        members["wei.guoqiang"],
        "age",
        until_on=None,
        by=members["lin.wei"],
        on=day_of(at) - timedelta(days=30),
        at=at - timedelta(days=30),
    )


def _leave_traces(members: dict[str, int], *, at: datetime) -> None:
    """A page left open half-way, a quiz begun, and a look at a record."""
    zhou = Actor(members["zhou.ming"], ())
    page = courses.published("data-2-roster", LANGUAGE)
    records.remember_place(
        zhou.member_id, page.module_id, page.version_id, page.contents[2]["anchor"], at=at - timedelta(days=1)
    )
    ma = Actor(members["ma.li"], ())
    attempt_id = quizzes.start_attempt(ma, "digital-1-phone", LANGUAGE, at=at - timedelta(hours=3))
    first = attempts.keyed(attempt_id)[0]
    quizzes.save_answer(ma, attempt_id, first.position, right_values(first), at=at - timedelta(hours=3))
    people.log_view(members["lin.wei"], zhou.member_id, "units.person", at=at - timedelta(days=2))
