"""Bringing content in and out: load from files, publish from the browser, export, format. One module a verb."""

from edu.authoring.actions.export import export
from edu.authoring.actions.files import Survey, check_tree, format_tree, survey
from edu.authoring.actions.load import Prepared, keep_media, load, prepare_load
from edu.authoring.actions.publish import Publication, prepare_publication, publish
from edu.authoring.actions.revisions import Said

__all__ = [
    "Prepared",
    "Publication",
    "Said",
    "Survey",
    "check_tree",
    "export",
    "format_tree",
    "keep_media",
    "load",
    "prepare_load",
    "prepare_publication",
    "publish",
    "survey",
]
