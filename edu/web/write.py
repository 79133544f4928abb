"""Writing: edit a module or its quiz beside a preview, see faults at their lines, publish."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Regexp

from edu.authoring import actions as authoring
from edu.authoring import queries
from edu.authoring.actions import Publication
from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.base.errors import Conflict
from edu.base.i18n import pick
from edu.config import Settings
from edu.courses import queries as courses
from edu.web.errors import say
from edu.web.filters import language
from edu.web.forms import BaseForm
from edu.web.frame import OWN_NAMES
from edu.web.guard import actor, allow
from edu.web.transaction import begins_itself

bp = Blueprint("write", __name__, url_prefix="/write")

#: Every module has these in every language.
KINDS = ("module", "quiz")


class TextForm(BaseForm):
    """The text of one file, and the number of the revision that was opened."""

    text = TextAreaField()
    base = HiddenField(validators=[InputRequired(), Regexp(r"\d{1,6}$")])


@dataclass(frozen=True, slots=True)
class FileLink:
    name: str
    label: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault in the reader's words; `url` leads to another file's editor, empty for the file at hand."""

    line: int
    words: str
    is_error: bool
    url: str


@bp.get("")
@allow(Permission.PUBLISH)
def index() -> ResponseReturnValue:
    modules, tags = queries.lines(language()), queries.framework().languages
    return render_template(
        "write/index.html",
        modules=modules,
        topics={topic.id: topic for topic in courses.topics(also_retired=True)},
        files={line.key: file_links(set(line.names), tags) for line in modules},
        today=day_of(now()),
    )


@bp.get("/<key>/<name>")
@allow(Permission.PUBLISH)
def edit(key: str, name: str) -> ResponseReturnValue:
    here = queries.stored_module(key).texts.get(name)
    publication = looked_at(key, name, here.text if here else "")
    form = TextForm(formdata=None, text=publication.text if here else "", base=str(here.number if here else 0))
    return page(publication, form)


@bp.post("/<key>/<name>/preview")
@allow(Permission.PUBLISH)
@begins_itself
def preview(key: str, name: str) -> ResponseReturnValue:
    """The text as it would look, and its faults; keeps nothing. JSON for the script, a page for a browser without."""
    form = TextForm()
    publication = looked_at(key, name, str(form.text.data or ""))
    if request.accept_mimetypes.best == "application/json":
        faults = fault_lines(publication)
        return jsonify(
            html=render_template("write/preview.html", **preview_of(publication)),
            faults=render_template("write/faults.html", faults=faults),
        )
    return page(publication, form)


@bp.post("/<key>/<name>")
@allow(Permission.PUBLISH)
@begins_itself
def publish(key: str, name: str) -> ResponseReturnValue:
    """Publish, or show the page again with what was typed and why not."""
    form = TextForm()
    publication = looked_at(key, name, str(form.text.data or ""))
    if publication.draft is None or not form.validate():
        return page(publication, form), 422
    db.session.rollback()  # rendering is done; from here on the one write lock is held
    begin_write()
    try:
        authoring.publish(publication, base=int(form.base.data), by=actor().member_id, at=now())
    except Conflict as conflict:
        db.session.rollback()
        return page(publication, form, other=say(conflict)), 409
    flash(_("Published. Members see it from now on."), "done")
    return redirect(url_for(".edit", key=key, name=name), 303)


def looked_at(key: str, name: str, text: str) -> Publication:
    """The text checked and rendered with its module. Raises NotFound."""
    settings: Settings = current_app.config["SETTINGS"]
    media_folder = settings.instance / "media"
    return authoring.prepare_publication(key, name, text, media_folder=media_folder, on=day_of(now()))


def page(publication: Publication, form: TextForm, *, other: str = "") -> str:
    """The editor. other: why the text could not be kept, where someone else's now stands in its place."""
    module = queries.stored_module(publication.module.key)
    here = module.texts.get(publication.name)
    return render_template(
        "write/edit.html",
        form=form,
        typed=form.text.data or "",
        module=module,
        title=title_of(publication),
        name=publication.name,
        files=file_links(set(module.texts), queries.framework().languages),
        faults=fault_lines(publication),
        conflict=other,
        theirs=here if other else None,
        **preview_of(publication),
    )


def title_of(publication: Publication) -> str:
    """The module's title in the reader's language, else in any."""
    titles = {tag: page.words("title") for tag, page in publication.parsed.pages.items()}
    return pick(titles, language()) or publication.path


def preview_of(publication: Publication) -> dict[str, object]:
    """What the preview shows: a page, or cards with their answers."""
    kind, tag, _ending = publication.name.split(".")
    parsed, drawn = publication.parsed, publication.drawn
    if kind == "module":
        return {"page": drawn.texts.get(tag), "cards": None, "tag": tag}
    quiz = parsed.quizzes.get(tag)
    cards = list(zip(quiz.blocks if quiz else (), drawn.cards.get(tag, ()), strict=False))
    return {"page": None, "cards": cards, "tag": tag}


def fault_lines(publication: Publication) -> list[FaultLine]:
    """This file's faults first, then those of the module's other files."""
    lines = []
    for fault in publication.faults:
        name = fault.path.rpartition("/")[2]
        url = "" if name == publication.name else url_for(".edit", key=publication.module.key, name=name)
        words = _(fault.message) % fault.values if fault.values else _(fault.message)
        lines.append(FaultLine(fault.line, words, fault.is_error, url))
    return sorted(lines, key=lambda line: bool(line.url))


def file_links(names: set[str], tags: Sequence[str]) -> list[FileLink]:
    """The files a module has and could have."""
    return [
        FileLink(f"{kind}.{tag}.md", label(kind, OWN_NAMES[tag]), f"{kind}.{tag}.md" in names)
        for kind in KINDS
        for tag in tags
    ]


def label(kind: str, language_name: str) -> str:
    if kind == "module":
        return _("Text (%(language)s)", language=language_name)
    return _("Questions (%(language)s)", language=language_name)
