"""The picture of questions against accuracy, as an SVG that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]

#: The plot in the picture's units: left, top, right, bottom; and what it shows: questions, accuracy.
LEFT, TOP, RIGHT, BOTTOM = 70.0, 30.0, 690.0, 390.0
MOST_QUESTIONS, LEAST, MOST = 130.0, 0.6, 1.0
PAPER = "#fbf9f4"
#: name → colour, dashes, and how far its label stands from its last point. Those not named are not drawn.
LINES = {
    "with don't know": ("#1d1b18", "", (8, -8)),
    "adaptive": ("#1d1b18", "", (8, 5)),
    "SPRT": ("#5c564d", "2 3", (8, 14)),
    "staircase": ("#5c564d", "7 4", (8, 14)),
    "random": ("#8a8378", "2 3", (8, 16)),
    "fixed form": ("#8a8378", "", (-78, -8)),
}


def picture(curves: Mapping[str, Points]) -> str:
    """Accuracy of "needs something or nothing" over questions asked, a line for each way to ask."""
    drawn = [part for name, points in curves.items() if name in LINES for part in line(name, points)]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 450" role="img" aria-labelledby="t d"'
            ' font-family="sans-serif" font-size="13" fill="#1d1b18">',
            '<title id="t">Questions asked and accuracy reached</title>',
            f'<desc id="d">{escape(described(curves))}</desc>',
            f'<rect width="760" height="450" fill="{PAPER}"/>',
            *axes(),
            *drawn,
            "</svg>",
            "",
        ]
    )


def described(curves: Mapping[str, Points]) -> str:
    """The last point of each line in words."""
    ends = (f"{name}: {points[-1][1]:.3f} after {points[-1][0]:.0f}" for name, points in curves.items())
    return "Share of topics judged rightly, simulated. " + "; ".join(ends) + "."


def axes() -> Iterable[str]:
    for questions in range(0, int(MOST_QUESTIONS) + 1, 16):
        x, _ = place(questions, LEAST)
        yield f'<path d="M{x} {TOP}V{BOTTOM}" stroke="#e4ded2"/>'
        yield f'<text x="{x}" y="{BOTTOM + 20}" text-anchor="middle">{questions}</text>'
    for tenth in range(int(LEAST * 20), int(MOST * 20) + 1):
        _, y = place(0, tenth / 20)
        yield f'<path d="M{LEFT} {y}H{RIGHT}" stroke="#e4ded2"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{tenth * 5} %</text>'
    yield f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 44}" text-anchor="middle">questions a member, on average</text>'
    yield f'<text x="{LEFT}" y="{TOP - 12}">topics judged rightly</text>'


def line(name: str, points: Points) -> Iterable[str]:
    """A line, its points, and its name at its end."""
    colour, dashes, (right, down) = LINES[name]
    shown = [place(x, y) for x, y in points if x <= MOST_QUESTIONS and y >= LEAST]
    path = "L".join(f"{x} {y}" for x, y in shown)
    width = 3 if colour == "#1d1b18" else 1.5
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'
    for x, y in shown:
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
    x, y = shown[-1]
    halo = f'stroke="{PAPER}" stroke-width="4" paint-order="stroke"'
    yield f'<text x="{round(x + right, 1)}" y="{round(y + down, 1)}" {halo}>{escape(name)}</text>'


def place(questions: float, accuracy: float) -> tuple[float, float]:
    """Where a point lies in the picture."""
    x = LEFT + (RIGHT - LEFT) * questions / MOST_QUESTIONS
    y = BOTTOM - (BOTTOM - TOP) * (accuracy - LEAST) / (MOST - LEAST)
    return round(x, 1), round(y, 1)
