"""Table: revisions, the Markdown as it was written."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


class Revision(Model):
    """The text of one file of one module, or of framework.yaml, from one publication to the next, to the letter.

    Load compares the file with the current revision; export writes the current revision back.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("module_id", "name", "number"),
        CheckConstraint("origin IN ('file', 'browser')", name="revision_origin_known"),
        unique_where("revision_one_current", "module_id", "name", where="is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None: framework.yaml, which belongs to no module.
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    #: "module.zh-CN.md", "quiz.en.md", "framework.yaml".
    name: Mapped[str]
    number: Mapped[int]
    is_current: Mapped[bool]
    #: A text made in the browser is never overwritten by a load unless it is told to.
    origin: Mapped[str]
    text: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
