"""`flask gaps what-if`: what would be lacking if roles required something else. Writes nothing."""

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import click

from edu.base.clock import day_of, now
from edu.courses import queries as courses
from edu.gaps import queries as gaps

#: "secretary:data=3".
CHANGE = re.compile(r"([^:=]+):([^:=]+)=(\d+)")
#: role → topic → layer.
Asks = dict[int, dict[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One cell, now and then."""

    topic: str
    layer: int
    required_now: int
    lacking_now: int
    required_then: int
    lacking_then: int
    #: Of the shortest module that teaches it; 0: none does.
    minutes: int


@click.command("what-if")
@click.option("--require", "changes", multiple=True, metavar="ROLE:TOPIC=LAYER", help="May be given again; 0 for none.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at; today if not given.")
@click.option("--json", "as_json", is_flag=True, help="The figures for a program.")
def what_if(changes: Sequence[str], day: datetime | None, *, as_json: bool) -> None:
    """What everybody lacks now, and what they would lack under other requirements. Writes nothing.

    Figures are exact and of the whole organisation: for whoever runs the server, not to be passed on below five.
    """
    on = day.date() if day else day_of(now())
    before = courses.requirements(on=on)
    after = changed(before, changes)
    found = figures(before, after, on)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(told(found)))


def changed(before: Mapping[int, Mapping[int, int]], changes: Sequence[str]) -> Asks:
    """The requirements with the changes in them. Raises BadParameter for what cannot be."""
    roles = {role.key: role.id for role in courses.roles()}
    topics = {topic.key: topic.id for topic in courses.topics()}
    after = {role_id: dict(asked) for role_id, asked in before.items()}
    for change in changes:
        parts = CHANGE.fullmatch(change)
        if parts is None:
            raise click.BadParameter(f"“{change}” is not written ROLE:TOPIC=LAYER, as secretary:data=3")
        role, topic, layer = parts[1], parts[2], int(parts[3])
        known("role", role, roles)
        known("topic", topic, topics)
        if layer > len(courses.layers()):
            raise click.BadParameter(f"there is no layer {layer}; the highest is {len(courses.layers())}")
        after.setdefault(roles[role], {})[topics[topic]] = layer
    return after


def known(what: str, key: str, keys: Mapping[str, int]) -> None:
    if key not in keys:
        raise click.BadParameter(f"there is no {what} “{key}”; there are {', '.join(sorted(keys))}")


def figures(before: Mapping[int, Mapping[int, int]], after: Asks, on: date) -> dict[str, Any]:
    """Everything that is told, as JSON has it."""
    # Loaded here and not with the module: numpy, which no page needs and every worker would carry.
    numpy = importlib.import_module("numpy")
    engine = importlib.import_module("edu.statistics.what_if")
    rows = importlib.import_module("edu.statistics.queries.organisation")
    topics, layers = courses.topics(), len(courses.layers())
    role_ids = [role.id for role in courses.roles()]
    click.echo("Reading everybody …", err=True)
    everybody = rows.organisation([topic.id for topic in topics], role_ids, on=on)
    today, then = (
        engine.figures(everybody, numpy.array(table(asks, role_ids, topics), numpy.uint8), layers, progress=said)
        for asks in (before, after)
    )
    minutes = gaps.minutes_by_cell()
    lines = [
        line(topic, place, layer, today, then, minutes) for place, topic in enumerate(topics) for layer in range(layers)
    ]
    return {
        "on": on.isoformat(),
        "members": len(everybody),
        "with_gaps": {"now": today.members, "then": then.members},
        "minutes": {
            "now": sum(one.lacking_now * one.minutes for one in lines),
            "then": sum(one.lacking_then * one.minutes for one in lines),
        },
        "cells": [asdict(one) for one in lines if one.required_now or one.required_then],
    }


def line(
    topic: courses.TopicRow, place: int, layer: int, today: Any, then: Any, minutes: Mapping[tuple[int, int], int]
) -> Line:
    """One cell; layer counts from 0 here."""
    before, lacking, after, missing = (
        int(part[place, layer]) for part in (today.required, today.lacking, then.required, then.lacking)
    )
    return Line(topic.key, layer + 1, before, lacking, after, missing, minutes.get((topic.id, layer + 1), 0))


def table(
    asks: Mapping[int, Mapping[int, int]], role_ids: Sequence[int], topics: Sequence[courses.TopicRow]
) -> list[list[int]]:
    """roles × topics of layers."""
    return [[asks.get(role_id, {}).get(topic.id, 0) for topic in topics] for role_id in role_ids] or [[0] * len(topics)]


def said(done: int, total: int) -> None:
    click.echo(f"{done:,} of {total:,} members", err=True)


def told(found: Mapping[str, Any]) -> list[str]:
    """The figures as lines of text."""
    lines = [
        f"{found['members']:,} members on {found['on']}",
        f"{'':<24}{'required':>10}{'lacking':>9}{'then':>10}{'lacking':>9}{'more':>8}",
    ]
    for cell in found["cells"]:
        more = cell["lacking_then"] - cell["lacking_now"]
        figures = f"{cell['required_now']:>10,}{cell['lacking_now']:>9,}{cell['required_then']:>10,}"
        untaught = "" if cell["minutes"] else "  no module teaches it"
        name = f"{cell['topic']} {cell['layer']}"
        lines.append(f"{name:<24}{figures}{cell['lacking_then']:>9,}{more:>+8,}{untaught}")
    gaps, minutes = found["with_gaps"], found["minutes"]
    lines.append(f"members who lack something: {gaps['now']:,} now, {gaps['then']:,} then")
    lines.append(f"minutes of study: {minutes['now']:,} now, {minutes['then']:,} then")
    return lines
