"""Studying: the catalogue, a module's page, where one stopped, its pictures."""

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.config import Settings
from edu.courses import queries as courses
from edu.courses import search
from edu.gaps import queries as gaps
from edu.records import actions as record_actions
from edu.records import queries as records
from edu.web.filters import language
from edu.web.forms import BaseForm
from edu.web.guard import actor, allow

bp = Blueprint("learn", __name__)

#: A media file never changes under its digest.
ONE_YEAR = 31_536_000


class PlaceForm(BaseForm):
    """The section a reader has reached."""

    anchor = StringField(validators=[InputRequired(), Length(max=80)])


@bp.get("/modules")
@allow(Permission.LEARN)
def catalogue() -> ResponseReturnValue:
    """Every module by topic and layer, and the search over them."""
    wanted = request.args.get("q", "").strip()
    modules = courses.catalogue(language())
    ladders = {ladder.topic_id: ladder for ladder in gaps.ladders(actor().member_id, on=day_of(now()))}
    return render_template(
        "learn/catalogue.html",
        wanted=wanted,
        hits=search.search(wanted, language()) if wanted else [],
        topics=courses.topics(),
        layers=courses.layers(),
        ladders=ladders,
        by_topic={
            topic_id: [module for module in modules if module.topic_id == topic_id]
            for topic_id in {module.topic_id for module in modules}
        },
        completed=records.completed_versions(actor().member_id),
    )


@bp.get("/modules/<key>")
@allow(Permission.LEARN)
def show(key: str) -> ResponseReturnValue:
    page = courses.published(key, language())
    siblings = [module for module in courses.catalogue(language()) if module.topic_id == page.topic_id]
    place = records.place(actor().member_id, page.module_id, language())
    here = next((i for i, module in enumerate(siblings) if module.id == page.module_id), 0)
    return render_template(
        "learn/show.html",
        page=page,
        place=place if place and place.version_id == page.version_id and place.section else None,
        previous=siblings[here - 1] if here > 0 else None,
        following=siblings[here + 1] if here + 1 < len(siblings) else None,
    )


@bp.post("/modules/<key>/place")
@allow(Permission.LEARN)
def place(key: str) -> ResponseReturnValue:
    """Keep the section a reader has reached, so that they continue there on any device."""
    page = courses.published(key, language())
    form = PlaceForm()
    anchors = {section["anchor"] for section in page.contents}
    if not form.validate() or form.anchor.data not in anchors:
        raise Invalid(mark("This section is not in the module."))
    record_actions.remember_place(actor().member_id, page.module_id, page.version_id, str(form.anchor.data), at=now())
    if request.accept_mimetypes.best == "application/json":
        return jsonify(kept=form.anchor.data)
    return redirect(url_for(".show", key=key, _anchor=form.anchor.data), 303)


@bp.get("/media/<digest>/<name>")
@allow(Permission.LEARN)
def media(digest: str, name: str) -> ResponseReturnValue:
    """A module's picture, sound or film. An SVG opened by itself runs nothing: its own policy forbids everything."""
    media_type = courses.media(digest, name)
    settings: Settings = current_app.config["SETTINGS"]
    response = send_from_directory(
        settings.instance / "media", digest, mimetype=media_type, max_age=ONE_YEAR, conditional=True
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    return response
