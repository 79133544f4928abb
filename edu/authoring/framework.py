"""framework.yaml → what it declares, with a line for every fault. Pure."""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

import yaml

from edu.authoring.faults import Fault
from edu.authoring.syntax import text_faults, yaml_fault
from edu.base.db import Names
from edu.base.i18n import LANGUAGES, mark
from edu.courses.framework import Framework, LayerSpec, RoleSpec, TopicSpec
from edu.records.policies import HourPolicySpec

NAME = "framework.yaml"
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
YEAR_START = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
#: Rungs that the ladder is drawn with (courses.models: layer_number_1_to_6).
MOST_LAYERS = 6
SECTIONS = ("languages", "layers", "topics", "roles", "unit_kinds", "hour_policies")


@dataclass(frozen=True, slots=True)
class UnitKindLine:
    """A kind of unit as the file declares it (people.actions.UnitKindSpec)."""

    key: str
    names: Names
    is_home: bool


@dataclass(frozen=True, slots=True)
class FrameworkFile:
    languages: tuple[str, ...]
    framework: Framework
    unit_kinds: tuple[UnitKindLine, ...]
    hour_policies: tuple[HourPolicySpec, ...]
    #: role key → the line that declares it.
    role_lines: dict[str, int] = field(default_factory=dict)

    @property
    def leading(self) -> str:
        """The language every module must have, in which what does not depend on language is said."""
        return self.languages[0]

    @property
    def topic_keys(self) -> list[str]:
        return [topic.key for topic in self.framework.topics]

    @property
    def layer_numbers(self) -> list[int]:
        return [layer.number for layer in self.framework.layers]


#: Stands in for a file that cannot be read, so that the modules can still be looked at.
NOTHING = FrameworkFile(LANGUAGES, Framework((), (), ()), (), ())


class Reader:
    """One walk over the YAML tree; what is wrong is gathered, what can be read is returned."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.languages: tuple[str, ...] = LANGUAGES

    def fault(self, node: yaml.Node, message: str, **values: object) -> None:
        self.faults.append(Fault(NAME, node.start_mark.line + 1, message, values))

    def fields(
        self, node: yaml.Node, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """A mapping's values by name. Unknown names are faults, and so are missing ones."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, mark("here should stand {name: value, …}"))
            return {}
        known = [*required, *optional]
        found: dict[str, yaml.Node] = {}
        for name, value in node.value:
            if name.value in found:
                self.fault(name, mark("%(name)s is said twice"), name=name.value)
            elif name.value not in known:
                self.unknown(name, str(name.value), known)
            found[str(name.value)] = value
        for name in required:
            if name not in found:
                self.fault(node, mark("%(name)s is missing"), name=name)
        return found

    def unknown(self, node: yaml.Node, word: str, known: Collection[str]) -> None:
        near = difflib.get_close_matches(word, known, 1)
        if near:
            self.fault(node, mark("there is no “%(word)s” here; did you mean “%(near)s”?"), word=word, near=near[0])
        else:
            self.fault(node, mark("there is no “%(word)s” here"), word=word)

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, mark("here should stand a list"))
            return []
        return list(node.value)

    def word(self, node: yaml.Node | None, pattern: re.Pattern[str] | None = None) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fault(node, mark("here should stand words"))
            return ""
        value = str(node.value).strip()
        if pattern and not pattern.fullmatch(value):
            self.fault(node, mark("“%(word)s” is not written as it must be (docs/content-format.md)"), word=value)
        return value

    def names(self, node: yaml.Node | None) -> Names:
        """Words in every language."""
        if node is None:
            return {}
        return {
            tag: self.word(value) for tag, value in self.fields(node, self.languages).items() if tag in self.languages
        }

    def number(self, node: yaml.Node | None, least: float, most: float) -> float:
        if node is None:
            return least
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        try:
            value = float(text)
        except ValueError:
            value = most + 1
        if not least <= value <= most:
            self.fault(node, mark("here should stand a number from %(least)s to %(most)s"), least=least, most=most)
            return least
        return value

    def whole(self, node: yaml.Node | None, least: int, most: int) -> int:
        value = self.number(node, least, most)
        if node is not None and value != int(value):
            self.fault(node, mark("here should stand a whole number"))
        return int(value)

    def day(self, node: yaml.Node | None) -> date:
        if node is None:
            return date.min
        try:
            return date.fromisoformat(self.word(node))
        except ValueError:
            self.fault(node, mark("“%(word)s” is not a day: write 2027-06-30"), word=node.value)
            return date.min

    def unique(self, nodes: Iterator[tuple[yaml.Node, object]] | list[tuple[yaml.Node, object]]) -> None:
        seen: set[object] = set()
        for node, key in nodes:
            if key in seen:
                self.fault(node, mark("%(name)s is said twice"), name=key)
            seen.add(key)


def parse_framework(text: str) -> tuple[FrameworkFile, list[Fault]]:
    """What the file declares; NOTHING in place of what cannot be read at all."""
    reader = Reader()
    reader.faults += text_faults(NAME, text)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return NOTHING, [*reader.faults, yaml_fault(NAME, error, 1)]
    if root is None:
        return NOTHING, [*reader.faults, Fault(NAME, 1, mark("the file is empty"))]
    sections = reader.fields(root, SECTIONS)
    reader.languages = read_languages(reader, sections.get("languages"))
    layers = read_layers(reader, sections.get("layers"))
    topics = read_topics(reader, sections.get("topics"))
    roles, role_lines = read_roles(reader, sections.get("roles"), topics, layers)
    file = FrameworkFile(
        reader.languages,
        Framework(layers, topics, roles),
        read_unit_kinds(reader, sections.get("unit_kinds")),
        read_hour_policies(reader, sections.get("hour_policies")),
        role_lines,
    )
    return file, reader.faults


def read_languages(reader: Reader, node: yaml.Node | None) -> tuple[str, ...]:
    items = [(item, reader.word(item)) for item in reader.items(node)]
    reader.unique([(item, tag) for item, tag in items])
    for item, tag in items:
        if tag not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            reader.fault(
                item, mark("there are no screens in the language %(tag)s, only in %(known)s"), tag=tag, known=known
            )
    return tuple(dict.fromkeys(tag for _item, tag in items if tag in LANGUAGES)) or LANGUAGES


def read_layers(reader: Reader, node: yaml.Node | None) -> tuple[LayerSpec, ...]:
    layers = []
    for place, item in enumerate(reader.items(node), 1):
        fields = reader.fields(item, ("number", "name", "means"))
        number = reader.whole(fields.get("number"), 1, MOST_LAYERS)
        if number != place:
            reader.fault(item, mark("layers are numbered 1, 2, 3 … in order; this one is %(place)s"), place=place)
        layers.append(LayerSpec(number, reader.names(fields.get("name")), reader.names(fields.get("means"))))
    return tuple({layer.number: layer for layer in layers}.values())


def read_topics(reader: Reader, node: yaml.Node | None) -> tuple[TopicSpec, ...]:
    topics: list[TopicSpec] = []
    for item in reader.items(node):
        fields = reader.fields(item, ("key", "name", "short"))
        key = reader.word(fields.get("key"), KEY)
        if key in {topic.key for topic in topics}:
            reader.fault(item, mark("%(name)s is said twice"), name=key)
            continue
        topics.append(TopicSpec(key, reader.names(fields.get("name")), reader.names(fields.get("short"))))
    return tuple(topics)


def read_roles(
    reader: Reader, node: yaml.Node | None, topics: tuple[TopicSpec, ...], layers: tuple[LayerSpec, ...]
) -> tuple[tuple[RoleSpec, ...], dict[str, int]]:
    roles, lines = [], {}
    known, most = [topic.key for topic in topics], max((layer.number for layer in layers), default=1)
    for item in reader.items(node):
        fields = reader.fields(item, ("key", "name", "requires"))
        key = reader.word(fields.get("key"), KEY)
        if key in lines:
            reader.fault(item, mark("%(name)s is said twice"), name=key)
            continue
        asked = reader.fields(fields["requires"], (), known) if "requires" in fields else {}
        requires = {topic: reader.whole(layer, 1, most) for topic, layer in asked.items() if topic in known}
        roles.append(RoleSpec(key, reader.names(fields.get("name")), requires))
        lines[key] = item.start_mark.line + 1
    return tuple(roles), lines


def read_unit_kinds(reader: Reader, node: yaml.Node | None) -> tuple[UnitKindLine, ...]:
    kinds = []
    for item in reader.items(node):
        fields = reader.fields(item, ("key", "name"), ("home",))
        home = fields.get("home")
        is_home = home is not None and reader.word(home) == "true"
        if home is not None and reader.word(home) not in ("true", "false"):
            reader.fault(home, mark("here should stand true or false"))
        kinds.append(UnitKindLine(reader.word(fields.get("key"), KEY), reader.names(fields.get("name")), is_home))
    return tuple(kinds)


def read_hour_policies(reader: Reader, node: yaml.Node | None) -> tuple[HourPolicySpec, ...]:
    required = ("since", "category", "name", "minutes_per_hour", "round_down_to", "year_starts", "basis")
    policies = []
    for item in reader.items(node):
        fields = reader.fields(item, required)
        policies.append(
            HourPolicySpec(
                category=reader.word(fields.get("category"), KEY),
                since_on=reader.day(fields.get("since")),
                names=reader.names(fields.get("name")),
                minutes_per_hour=reader.whole(fields.get("minutes_per_hour"), 1, 240),
                round_down_to=reader.number(fields.get("round_down_to"), 0.01, 24),
                year_starts=reader.word(fields.get("year_starts"), YEAR_START),
                basis=reader.names(fields.get("basis")),
            )
        )
    return tuple(policies)
