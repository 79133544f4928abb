"""Keeping texts to the letter, and what load, publish and export say they did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from edu.authoring import queries
from edu.authoring.drafts import ModuleDraft
from edu.authoring.models import Revision
from edu.base.db import db
from edu.courses import actions as courses
from edu.quizzes import actions as quizzes


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about what was done, English and marked; `values` fill it."""

    message: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.message) % self.values


def keep_texts(module_id: int | None, texts: Mapping[str, str], *, origin: str, by: int | None, at: datetime) -> None:
    """Make these the current texts of a module (None: of no module); files that are not among them end."""
    same = Revision.module_id.is_(None) if module_id is None else Revision.module_id == module_id
    known = {row.name: row for row in db.session.scalars(select(Revision).where(same, Revision.is_current))}
    for name, row in known.items():
        if texts.get(name) != row.text:
            row.is_current = False
        elif row.origin != origin and origin == "file":
            row.origin = "file"  # the file has caught up with the browser
    db.session.flush()
    for name, text in texts.items():
        if name not in known or known[name].text != text:
            number = queries.last_number(module_id, name) + 1
            db.session.add(
                Revision(
                    module_id=module_id,
                    name=name,
                    number=number,
                    is_current=True,
                    origin=origin,
                    text=text,
                    made_at=at,
                    made_by=by,
                )
            )
    db.session.flush()


def settle(revision_ids: list[int]) -> None:
    """Texts made in the browser that now stand in the files as well."""
    db.session.execute(update(Revision).where(Revision.id.in_(revision_ids)).values(origin="file"))


def publish_page(module_id: int, draft: ModuleDraft, ids: Mapping[str, int], *, by: int | None, at: datetime) -> int:
    """A new version of a module's pages. Returns its number."""
    requires = frozenset(ids[key] for key in draft.requires)
    version = courses.VersionDraft(module_id, draft.minutes, draft.review_by, requires, draft.texts, draft.media)
    return courses.publish_version(version, by=by, at=at)


def publish_bank(module_id: int, topic_id: int, draft: ModuleDraft, *, at: datetime) -> quizzes.Changes:
    return quizzes.publish_questions(module_id, topic_id, draft.layer, draft.questions, at=at)
