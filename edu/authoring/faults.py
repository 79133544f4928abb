"""What is wrong, where, and how bad it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """A broken file: load and publish write nothing."""
    WARNING = "warning"
    """Worth doing, harmless meanwhile: load goes on."""


@dataclass(frozen=True, slots=True)
class Fault:
    #: Relative to the content folder, with slashes.
    path: str
    #: Counted from 1.
    line: int
    #: English, marked for translation; `values` fill it.
    message: str
    values: dict[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def say(self, translate: Callable[[str], str] = str) -> str:
        """`file:line: message`, the message through `translate`."""
        words = translate(self.message)
        return f"{self.path}:{self.line}: {words % self.values if self.values else words}"


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """By file and line; the same fault is told once."""
    unique = {(fault.path, fault.line, fault.say()): fault for fault in faults}
    return [fault for _key, fault in sorted(unique.items())]
