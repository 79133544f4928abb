"""What the organisation teaches and what it asks of whom, as read from framework.yaml."""

from dataclasses import dataclass

from edu.base.db import Names


@dataclass(frozen=True, slots=True)
class LayerSpec:
    number: int
    names: Names
    meanings: Names


@dataclass(frozen=True, slots=True)
class TopicSpec:
    key: str
    names: Names
    short_names: Names


@dataclass(frozen=True, slots=True)
class RoleSpec:
    key: str
    names: Names
    #: topic key → the layer required; a topic left out is not required.
    requires: dict[str, int]


@dataclass(frozen=True, slots=True)
class Framework:
    """Each list in the order in which it is shown."""

    layers: tuple[LayerSpec, ...]
    topics: tuple[TopicSpec, ...]
    roles: tuple[RoleSpec, ...]


@dataclass(frozen=True, slots=True)
class TextDraft:
    """A module in one language, rendered and cleaned."""

    title: str
    summary: str
    html: str
    contents: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class MediaDraft:
    name: str
    #: SHA-256 of its bytes, in hexadecimal; they lie in instance/media under it.
    digest: str
    media_type: str
