"""Every contract of the law of imports can fail: each is broken once in a small copy of the house."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from edu.config import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}

DOMAINS = ("people", "courses", "records", "gaps", "quizzes", "authoring", "statistics")

#: Contract → the module that breaks it, and the line that does.
FAULTS = {
    "down-only": ("people/tree", "from edu.quizzes import grading"),
    "settings-know-nobody": ("config", "from edu.base import db"),
    "domains-take-no-settings": ("people/tree", "from edu.config import ROOT"),
    "three-table-modules": ("people/queries", "from edu.people import actions"),
    "actions-are-called-by": ("people/tree", "from edu.people import actions"),
    "queries-are-asked-by": ("people/tree", "from edu.people import queries"),
    "owner-of-people": ("web/home", "from edu.people import models"),
    "owner-of-courses": ("cli/people", "from edu.courses import models"),
    "owner-of-records": ("quizzes/actions", "from edu.records import models"),
    "owner-of-gaps": ("gaps/tree", "from edu.gaps import models"),
    "owner-of-quizzes": ("authoring/actions", "from edu.quizzes import models"),
    "owner-of-authoring": ("web/home", "from edu.authoring import models"),
    "home-of-flask": ("people/tree", "import flask"),
    "home-of-forms": ("cli/people", "import wtforms"),
    "home-of-markdown": ("web/learn", "import markdown"),
    "home-of-flask-sqlalchemy": ("people/queries", "import flask_sqlalchemy"),
    "home-of-hashing": ("web/account", "import argon2"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with the same rooms and nothing in them but what the law makes exceptions for."""
    rooms = {
        f"{domain}/{module}": ""
        for domain in DOMAINS
        for module in ("__init__", "models", "queries", "actions", "tree", "grading")
    }
    rooms |= {f"web/{module}": "" for module in ("__init__", "home", "learn", "account")}
    rooms |= {"cli/__init__": "", "cli/people": "", "base/__init__": "", "config": "", "__init__": ""}
    rooms |= {"base/db": "import flask_sqlalchemy", "base/passwords": "import argon2"}
    for name, text in rooms.items():
        file = tmp_path / "edu" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    return tmp_path


def broken_contracts(house: Path) -> list[str]:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert sorted(verdicts) == sorted(NAMES.values()), done.stdout + done.stderr
    return [name for name, verdict in verdicts.items() if verdict == "BROKEN"]


def test_every_contract_has_a_planted_fault() -> None:
    assert sorted(FAULTS) == sorted(NAMES)


def test_a_house_in_order_breaks_nothing(house: Path) -> None:
    assert broken_contracts(house) == []


@pytest.mark.parametrize("contract", FAULTS)
def test_a_planted_import_breaks_its_contract(house: Path, contract: str) -> None:
    module, line = FAULTS[contract]
    (house / "edu" / f"{module}.py").write_text(line + "\n")
    assert NAMES[contract] in broken_contracts(house)
