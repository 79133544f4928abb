"""Plain builders: the least of everything that a test needs, through the verbs that real people use."""

from dataclasses import dataclass
from datetime import date, datetime

from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.courses import actions as courses
from edu.courses.actions import VersionDraft
from edu.courses.framework import Framework, LayerSpec, RoleSpec, TextDraft, TopicSpec
from edu.courses.queries import roles, topics
from edu.people import actions as people
from edu.people.actions import UnitKindSpec
from edu.quizzes import actions as quizzes
from edu.quizzes.drafts import QuestionDraft
from edu.records import actions as records
from edu.records.policies import HourPolicySpec
from tests.times import MONDAY

FOUNDED = MONDAY.replace(year=MONDAY.year - 1)


def words(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en": text}


@dataclass
class School:
    """A branch that teaches first aid and privacy, and what is in it by name."""

    units: dict[str, int]
    topics: dict[str, int]
    roles: dict[str, int]
    modules: dict[str, int]


def framework(requires: dict[str, dict[str, int]]) -> Framework:
    keys = sorted({topic for wanted in requires.values() for topic in wanted} | {"aid", "privacy"})
    return Framework(
        layers=tuple(LayerSpec(number, words(f"L{number}"), words("")) for number in (1, 2, 3, 4)),
        topics=tuple(TopicSpec(key, words(key), words(key)) for key in keys),
        roles=tuple(RoleSpec(key, words(key), wanted) for key, wanted in requires.items()),
    )


def school(requires: dict[str, dict[str, int]] | None = None) -> School:
    """Two units, two topics, two roles, and a module with six questions for layers 1 and 2 of first aid."""
    requires = requires or {"member": {"aid": 2, "privacy": 1}, "leader": {"aid": 3}}
    courses.define_framework(framework(requires), on=day_of(FOUNDED))
    people.define_unit_kinds(
        [UnitKindSpec("whole", words("whole"), False), UnitKindSpec("branch", words("branch"), True)]
    )
    records.define_hour_policies(
        [HourPolicySpec("online", date(2019, 5, 6), words("Online"), 60, 0.25, "01-01", words("House rule"))]
    )
    top = unit("top", "whole")
    built = School(
        units={"top": top, "north": unit("north", parent_id=top), "south": unit("south", parent_id=top)},
        topics={topic.key: topic.id for topic in topics()},
        roles={role.key: role.id for role in roles()},
        modules={},
    )
    for layer in (1, 2):
        built.modules[f"aid-{layer}"] = module(f"aid-{layer}", built.topics["aid"], layer)
    return built


def unit(code: str, kind: str = "branch", parent_id: int | None = None) -> int:
    return people.add_unit(code=code, name=code, name_en=None, kind=kind, parent_id=parent_id, by=None, at=FOUNDED)


def member(login: str, unit_id: int, *role_ids: int) -> Actor:
    on = day_of(FOUNDED)
    member_id = people.add_member(
        login=login,
        name=login,
        name_en=None,
        unit_id=unit_id,
        password_hash=None,
        must_change=False,
        by=None,
        on=on,
        at=FOUNDED,
    )
    for role_id in role_ids:
        records.give_role(member_id, role_id, by=None, on=on, at=FOUNDED)
    return Actor(member_id, ())


def module(
    key: str,
    topic_id: int,
    layer: int,
    *,
    questions: int = 6,
    requires: frozenset[int] = frozenset(),
    at: datetime = FOUNDED,
) -> int:
    """A published module with its bank. Returns the module's id."""
    topic_key = next(topic.key for topic in topics() if topic.id == topic_id)
    module_id = courses.name_module(key, f"{topic_key}/{key}", topic_key, layer)
    text = TextDraft(f"About {key}", "In one sentence.", "<h2 id='s1'>One</h2>", [{"anchor": "s1", "title": "One"}])
    courses.publish_version(
        VersionDraft(module_id, 10, date(2027, 6, 30), requires, {"zh-CN": text, "en": text}, ()), by=None, at=at
    )
    bank = [question(f"q-{key}-{number}") for number in range(questions)]
    quizzes.publish_questions(module_id, topic_id, layer, bank, at=at)
    return module_id


def question(key: str, *, stem: str = "Which?", right: str = "b") -> QuestionDraft:
    """A single-choice question whose second option is right."""
    face = {"stem": f"<p>{stem}</p>", "options": {"a": "<p>A</p>", "b": "<p>B</p>", "c": "<p>C</p>"}}
    lesson = {"explanation": "<p>Because.</p>", "feedback": {"a": "<p>No.</p>"}}
    return QuestionDraft(
        id=key,
        kind="single",
        title=key,
        faces={"zh-CN": face, "en": face},
        key={"right": [right]},
        lessons={"zh-CN": lesson, "en": lesson},
        sources={"zh-CN": [], "en": []},
        review_by=date(2027, 6, 30),
    )
