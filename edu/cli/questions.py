"""`flask questions`: what a table of responses, our own or another's, says of its questions."""

import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup
from flask_babel import gettext, ngettext

from edu.base.errors import Refusal
from edu.base.tables import read_rows
from edu.cli.overview import table
from edu.cli.speaking import speaking

if TYPE_CHECKING:
    from edu.quizzes.item_analysis import Analysis, Dif, ItemFigures

questions = AppGroup("questions", help="Questions: what responses say of them.")
command = partial(speaking, questions)


@command("analyse")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--points", is_flag=True, help="Cells are points, not 0 and 1 or what was chosen.")
@click.option("--group", help="Column with the group of each person: are its two groups treated alike?")
@click.option("--focal", help="Which value of --group is the focal group; else the second in the alphabet.")
@click.option("--json", "as_json", is_flag=True, help="The figures for a program.")
def analyse(file: Path, points: bool, group: str | None, focal: str | None, as_json: bool) -> None:
    """Analyse a table of responses: one row a person, one column a question, csv or xlsx.

    Cells are 0 and 1, or what was chosen and a row that begins with "key" or 答案.
    """
    # Loaded here and not with the module: they bring numpy, which no page needs and every worker would carry.
    analysis, tables = (importlib.import_module(f"edu.quizzes.{name}") for name in ("item_analysis", "response_tables"))
    try:
        known = tables.read_responses(read_rows(file, file.name), points=points, group=group)
        dif = differences(known, focal, analysis)
    except Refusal as refusal:
        raise click.ClickException(f"{file.name}: {gettext(refusal.message, **refusal.values)}") from None
    found = analysis.analyse(known.responses)
    if as_json:
        click.echo(json.dumps(as_plain(found, dif), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(told(found, dif, analysis)))


def differences(known: Any, focal: str | None, analysis: Any) -> "list[Dif | None]":
    """Mantel–Haenszel for each question over strata of equal total; an empty list where no group was asked for."""
    if not known.groups:
        return []
    values = sorted(set(known.groups) - {""})
    focal = focal or values[-1]
    if len(values) != 2 or focal not in values:
        raise click.ClickException(gettext("The group's column needs two values; it has: %(values)s", values=values))
    scores = known.responses.scores
    # Who has no group is in neither.
    those = [place for place, value in enumerate(known.groups) if value]
    is_focal = analysis.np.array([known.groups[place] == focal for place in those])
    totals = scores[those].sum(axis=1)
    return [analysis.differential(scores[those, place] > 0, is_focal, totals) for place in range(scores.shape[1])]


def as_plain(found: "Analysis", dif: "list[Dif | None]") -> dict[str, Any]:
    plain = asdict(found)
    for item, one in zip(plain["items"], dif, strict=bool(dif)):
        item["dif"] = asdict(one) if one else None
    return plain


def told(found: "Analysis", dif: "list[Dif | None]", analysis: Any) -> Iterator[str]:
    """The figures as a Markdown table, and a sentence for each question that deserves a look."""
    yield gettext(
        "%(people)s, %(questions)s; alpha %(alpha)s, standard error %(sem)s points",
        people=ngettext("%(num)s person", "%(num)s people", found.n),
        questions=ngettext("%(num)s question", "%(num)s questions", len(found.items)),
        alpha=number(found.alpha),
        sem=number(found.sem),
    )
    yield ""
    head = [gettext("Question"), gettext("Facility"), gettext("r total"), gettext("r rest"), gettext("Upper–lower")]
    head += [gettext("Alpha without it"), *([gettext("Groups")] if dif else [])]
    rows = ([*row_of(item), *([size_of(dif[place])] if dif else [])] for place, item in enumerate(found.items))
    yield from table(head, rows)
    for item in found.items:
        if item.distractors:
            yield from ("", f"{item.id}", "", *distractor_table(item))
    if found.n < analysis.LEAST_PEOPLE:
        yield ""
        yield gettext("With fewer than %(least)s people no question is judged.", least=analysis.LEAST_PEOPLE)
    sentences = [sentence(item, flag, analysis) for item in found.items for flag in item.flags]
    if sentences:
        yield from ("", *sentences)


def row_of(item: "ItemFigures") -> list[str]:
    figures = (
        item.facility,
        item.point_biserial,
        item.point_biserial_corrected,
        item.discrimination_index,
        item.alpha_if_deleted,
    )
    return [item.id, *map(number, figures)]


def number(figure: float | None) -> str:
    return "—" if figure is None else f"{figure:.3f}"


def size_of(dif: "Dif | None") -> str:
    return gettext("too few") if dif is None else f"{dif.size} {dif.delta:+.2f}"


def distractor_table(item: "ItemFigures") -> Iterator[str]:
    head = [gettext("Option"), gettext("Chosen"), gettext("Share"), gettext("Mean of the rest"), gettext("r rest")]
    rows = (
        [
            f"{choice.option} ✓" if choice.is_key else choice.option,
            choice.count,
            number(choice.share),
            number(choice.mean_rest),
            number(choice.correlation),
        ]
        for choice in item.distractors
    )
    return table(head, rows)


def sentence(item: "ItemFigures", flag: str, analysis: Any) -> str:
    words = gettext(analysis.SENTENCES[flag], option=analysis.option_of(item, flag))
    return f"- {item.id}: {words}"
