"""A checked question on its way into the bank, all languages together."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """Rendered and cleaned; what actions.publish_questions stores.

    faces, lessons and sources are by language: {"zh-CN": …, "en": …};
    a lesson is {"explanation": html, "feedback": {"a": html}, "blanks": [[spelling]]},
    a source list [{"document", "article", "in_force_on", "review_by"}].
    """

    #: Permanent name, "q-8k3m2p".
    id: str
    kind: str
    title: str
    faces: dict[str, Any]
    key: dict[str, Any]
    lessons: dict[str, Any]
    sources: dict[str, Any]
    review_by: date

    def digest(self) -> str:
        """The same for the same content: a load makes a new version only of what changed."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
