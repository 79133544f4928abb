"""The targets beside what was measured. Every row says what it is about; a target that is missed says so."""

from dataclasses import dataclass

from edu.gaps.simulation import Findings, Measures


@dataclass(frozen=True, slots=True)
class Claim:
    """One row."""

    name: str
    target: str
    measured: str
    met: bool


def claims(findings: Findings) -> list[Claim]:
    """Every target that a simulation can tell about."""
    run = findings.runs
    return [
        *_short_enough(run["adaptive, quick check"], run["adaptive, with don't know"], run["cold start"]),
        *_better_than_a_form(run["adaptive"], run["fixed 64"]),
        *_safe(run["adaptive"], run["holes"]),
        *_on_smooth(
            run["smooth"], run["smooth: fixed 64"], run["smooth: at most 24, shared"], run["smooth: oracle 3PL, 24"]
        ),
        _leaks(run["leak: best 5, held back"], run["leak: best item"]),
    ]


def _short_enough(quick: Measures, offered: Measures, cold: Measures) -> list[Claim]:
    return [
        Claim(
            "questions at topic accuracy >= .95 (quick check, tau .90)",
            "<= 25 mean, <= 37 p95",
            f"{quick.questions:.1f} mean, {quick.questions_95:.0f} p95, topic {quick.topic:.3f}",
            quick.questions <= 25 and quick.questions_95 <= 37 and quick.topic >= 0.95,
        ),
        Claim(
            'with a scored "I don\'t know"',
            "<= 24 mean, topic >= .975, level >= .955, F1 >= .97",
            f"{offered.questions:.1f} mean, topic {offered.topic:.3f}, level {offered.level:.3f}, F1 {offered.f1:.3f}",
            offered.questions <= 24 and offered.topic >= 0.975 and offered.level >= 0.955 and offered.f1 >= 0.97,
        ),
        Claim(
            "cold start on default parameters",
            "<= 46 questions, topic >= .965",
            f"{cold.questions:.1f} questions, topic {cold.topic:.3f}",
            cold.questions <= 46 and cold.topic >= 0.965,
        ),
    ]


def _better_than_a_form(adaptive: Measures, form: Measures) -> list[Claim]:
    fewer, better = 1 - adaptive.questions / form.questions, adaptive.topic - form.topic
    return [
        Claim(
            "against a 64-question fixed form scored the same way",
            ">= 45 % fewer questions, >= 4 points more topic accuracy",
            f"{fewer:.0%} fewer ({adaptive.questions:.1f}), {100 * better:.1f} points more "
            f"({adaptive.topic:.3f} and {form.topic:.3f})",
            fewer >= 0.45 and better >= 0.04,
        ),
        Claim(
            "study minutes against everyone-studies-everything",
            ">= 50 % saved net of test time, missed <= 2 %",
            f"{adaptive.saved:.1%} saved, missed {adaptive.missed:.1%}",
            adaptive.saved >= 0.5 and adaptive.missed <= 0.02,
        ),
    ]


def _safe(adaptive: Measures, holes: Measures) -> list[Claim]:
    return [
        Claim(
            'false "no gap": real gaps shown as none',
            "<= 3 %; <= 5 % when 10 % of members have holes",
            f"{adaptive.unseen:.1%}; {holes.unseen:.1%}",
            adaptive.unseen <= 0.03 and holes.unseen <= 0.05,
        ),
        Claim(
            "calibration error (ECE) on ladder and holes populations",
            "<= .02",
            f"{adaptive.error:.3f}; {holes.error:.3f}",
            max(adaptive.error, holes.error) <= 0.02,
        ),
    ]


def _on_smooth(smooth: Measures, form: Measures, short: Measures, oracle: Measures) -> list[Claim]:
    return [
        Claim(
            "data from a smooth 3PL, against a 64-question fixed form",
            ">= 2 points more topic accuracy",
            f"{100 * (smooth.topic - form.topic):+.1f} points ({smooth.topic:.3f} and {form.topic:.3f})",
            smooth.topic >= form.topic + 0.02,
        ),
        Claim(
            "data from a smooth 3PL, at 24 questions, against an oracle 3PL engine",
            "at most 2 points less topic accuracy",
            f"{100 * (short.topic - oracle.topic):+.1f} points ({short.topic:.3f} and {oracle.topic:.3f})",
            short.topic >= oracle.topic - 0.02,
        ),
    ]


def _leaks(held_back: Measures, best: Measures) -> Claim:
    return Claim(
        "leak of the 20 % most exposed items: real gaps unseen",
        "<= 40 %",
        f"{held_back.unseen:.0%} (best-item selection: {best.unseen:.0%})",
        held_back.unseen <= 0.40,
    )
