"""`flask gaps simulate`: what the engine is worth on made-up people, beside the targets, and how fast it is."""

import importlib
import json
import timeit
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from edu.cli.accuracy_picture import picture
from edu.gaps import ladder
from edu.gaps.choose import Item, Sitting, Standing, bank, choose

#: Budgets in microseconds, and in seconds for a million (docs/gap-engine.md).
MOST_UPDATE, MOST_CHOICE, MOST_MILLION = 10.0, 200.0, 0.2
VERDICT = {True: "yes", False: "**no**"}
#: The columns of the table of runs.
COLUMNS = {
    "questions": ("questions", "{:.1f}"),
    "questions_95": ("p95", "{:.0f}"),
    "topic": ("topic", "{:.3f}"),
    "level": ("level", "{:.3f}"),
    "f1": ("F1", "{:.3f}"),
    "unseen": ("unseen", "{:.3f}"),
    "error": ("ECE", "{:.3f}"),
    "sure_true": ("sure", "{:.3f}"),
    "saved": ("saved", "{:.3f}"),
    "saved_short": ("saved12", "{:.3f}"),
    "missed": ("missed", "{:.3f}"),
    "cost": ("cost", "{:.1f}"),
}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one thing takes."""

    name: str
    unit: str
    most: float
    took: float

    @property
    def met(self) -> bool:
        return self.took <= self.most

    def claim(self) -> dict[str, object]:
        """As a row of the table. Not the time itself, which no seed fixes, but whether it is within its budget."""
        target = f"<= {self.most:g} {self.unit}"
        return {"name": self.name, "target": target, "measured": target if self.met else "more", "met": self.met}


@click.command("simulate")
@click.option("--members", default=1000, show_default=True, type=click.IntRange(1), help="Of each kind on each bank.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same figures.")
@click.option("--banks", default=8, show_default=True, type=click.IntRange(1), help="Question banks to average over.")
@click.option(
    "--earlier", default=500, show_default=True, type=click.IntRange(1), help="Whom questions are fitted from."
)
@click.option("--picture", "file", type=click.Path(dir_okay=False, path_type=Path), help="Draw accuracy, as SVG.")
@click.option("--json", "as_json", is_flag=True, help="The claims for a program.")
def simulate(members: int, seed: int, banks: int, earlier: int, file: Path | None, as_json: bool) -> None:
    """Measure the gap engine on made-up people, and set its targets beside it. Changes nothing."""
    # Loaded here and not with the module: it brings numpy, which no page needs and every worker would carry.
    simulation, claims = (importlib.import_module(f"edu.gaps.{name}") for name in ("simulation", "claims"))
    findings = simulation.simulate(members, seed=seed, banks=banks, earlier=earlier, progress=said)
    times = timings(seed)
    rows = [asdict(claim) for claim in claims.claims(findings)] + [timing.claim() for timing in times]
    if file:
        file.write_text(picture(findings.curves), "utf-8")
    if as_json:
        click.echo(json.dumps({"claims": rows}, ensure_ascii=False, indent=1))
        return
    click.echo("\n".join([*told(rows), "", *table(findings.runs), "", *(spoken(timing) for timing in times)]))


def said(done: int, total: int) -> None:
    click.echo(f"bank {done} of {total}", err=True)


def told(rows: list[dict[str, Any]]) -> list[str]:
    """The claims as a Markdown table."""
    body = (f"| {row['name']} | {row['target']} | {row['measured']} | {VERDICT[bool(row['met'])]} |" for row in rows)
    return ["| claim | target | measured | met |", "|---|---|---|---|", *body]


def table(runs: dict[str, object]) -> list[str]:
    """Every run as a Markdown table."""
    heads = [head for head, _form in COLUMNS.values()]
    lines = ["| population and way | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for name, measures in runs.items():
        values = [form.format(getattr(measures, column)) for column, (_head, form) in COLUMNS.items()]
        lines.append(f"| {name} | " + " | ".join(values) + " |")
    return lines


def spoken(timing: Timing) -> str:
    return f"{timing.name}: {timing.took:.3g} {timing.unit} (budget {timing.most:g})"


def timings(seed: int) -> list[Timing]:
    """The best of several tries, as other programs share the machine."""
    prior = ladder.prior(4)
    questions = bank([_item(number) for number in range(320)])
    standings = [Standing(topic, (0.8, 0.6, 0.4, 0.2), 4) for topic in range(8)]
    sitting = Sitting(seed)
    return [
        Timing(
            "one update",
            "us",
            MOST_UPDATE,
            1e6 * best(lambda: ladder.update(prior, 2, right=True, slip=0.1, guess=0.25), 1000),
        ),
        Timing(
            "one choice among 320 items",
            "us",
            MOST_CHOICE,
            1e6 * best(lambda: choose(questions, standings, sitting, step=1), 50),
        ),
        Timing("1,000,000 updates", "s", MOST_MILLION, best(a_million(seed), 1)),
    ]


def _item(number: int) -> Item:
    return Item(number, number // 40, number // 10 % 4 + 1, 0.05 + number % 7 / 50, 0.15 + number % 11 / 50)


def a_million(seed: int) -> Callable[[], object]:
    many, numpy = importlib.import_module("edu.gaps.many"), importlib.import_module("numpy")
    random, members = numpy.random.default_rng(seed), 1_000_000
    beliefs = many.priors(members, ladder.prior(4))
    layer, right = random.integers(1, 5, members), random.random(members) < 0.5
    slip, guess = random.uniform(0.05, 0.15, members), random.uniform(0.15, 0.35, members)
    return lambda: many.update(beliefs, layer, right, slip, guess)


def best(action: Callable[[], object], number: int) -> float:
    """Seconds for one of `number` in a row, the best of twenty tries."""
    return min(timeit.repeat(action, number=number, repeat=20)) / number
