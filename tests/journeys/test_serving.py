"""Someone who has never seen the site starts it, and starts it again."""

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from edu.cli.demo_world import PASSWORD, SHOWN
from edu.config import ROOT
from tests.journeys.conftest import Served
from tests.journeys.served import free_port, serving

WORK = ("Loading", "Filling", "Compiled", "Compressed", "Brought")


def port_of(site: Served) -> int:
    return int(site.url.rsplit(":", 1)[1])


def test_the_first_start_tells_what_it_does_and_who_can_sign_in(served: Served) -> None:
    said = (served.instance / f"log-{port_of(served)}").read_text("utf-8")
    assert [step for step in ("Brought", "Loading", "Filling") if step not in said] == []
    assert f"Buque is at {served.url}" in said
    assert [login for login in SHOWN if login not in said] == []
    assert PASSWORD in said


def test_the_second_start_finds_everything_ready_and_changes_nothing(served: Served) -> None:
    before = rows(served)
    with serving(served.instance, free_port()) as log:
        said = log.read_text("utf-8")
    assert [step for step in WORK if step in said] == []
    assert "Buque is at" in said
    assert PASSWORD in said
    assert rows(served) == before


def rows(site: Served) -> list[str]:
    with closing(site.database()) as database:
        return list(database.iterdump())


def test_a_taken_port_is_one_line_and_nothing_is_done(served: Served, tmp_path: Path) -> None:
    port = port_of(served)
    with serving(tmp_path / "never", port, wait=False) as log:
        pass
    assert log.read_text("utf-8").splitlines() == [
        f"Error: Port {port} on 127.0.0.1 is taken. Stop what uses it, or choose another: PORT={port + 1} make run"
    ]
    assert not (tmp_path / "never" / "buque.sqlite").exists()


def test_without_a_python_that_is_new_enough_make_says_so_in_one_line(tmp_path: Path) -> None:
    for file in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / file, tmp_path)
    done = subprocess.run(["make", "run", "PYTHON="], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stdout.startswith("Buque needs Python 3.11 or newer; this machine has Python 3")
    assert len(done.stdout.splitlines()) == 1
