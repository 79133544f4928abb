"""`flask content` says what it finds and did, in the terminal's language, with an honest exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_babel import force_locale, gettext

from edu.authoring import actions
from edu.base.db import db
from edu.config import ROOT, Settings
from edu.courses import queries as courses
from tests.authoring import small
from tests.authoring.small import PLACE, changed
from tests.times import MONDAY

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """run("check", folder, LANG="zh_CN.UTF-8")"""

    def command(*arguments: object, **environment: str) -> Result:
        spoken = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"} | environment
        return app.test_cli_runner().invoke(args=["content", *map(str, arguments)], env=spoken)

    return command


def test_check_reports_each_fault_as_file_line_message(run: Run, tmp_path: Path) -> None:
    small.write(tmp_path, changed("quiz.zh-CN.md", "- [x] 健", "- [ ] 健"))
    done = run("check", tmp_path)
    (line,) = [line for line in done.stdout.splitlines() if "zh-CN" in line]
    assert line.endswith(f"/{PLACE}/quiz.zh-CN.md:1: no option is marked as right")
    assert "2 errors" in done.stderr
    assert done.exit_code == 1


def test_check_of_a_sound_tree_succeeds(run: Run, tmp_path: Path) -> None:
    done = run("check", small.write(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "No fault found.\n")


def test_warnings_are_reported_and_succeed(run: Run, tmp_path: Path) -> None:
    done = run("check", small.write(tmp_path, changed("module.zh-CN.md", "2027-06-30", "2026-01-01")))
    assert "module.zh-CN.md:8: to be reviewed by 2026-01-01, which is past (warning)" in done.stdout
    assert (done.exit_code, done.stderr) == (0, "1 warning\n")


def test_the_terminal_s_language_is_spoken_unless_another_is_asked_for(run: Run, tmp_path: Path) -> None:
    small.write(tmp_path)
    with force_locale("zh_Hans_CN"):
        chinese = gettext("No fault found.") + "\n"
    assert run("check", tmp_path, LANG="zh_CN.UTF-8").stdout == chinese
    assert run("check", tmp_path, "--language", "zh-CN").stdout == chinese
    assert run("check", tmp_path, "--language", "en", LANG="zh_CN.UTF-8").stdout == "No fault found.\n"


def test_format_inserts_ids_and_then_finds_them(run: Run, tmp_path: Path) -> None:
    texts = small.files()
    for name in ("quiz.zh-CN.md", "quiz.en.md"):
        texts[f"{PLACE}/{name}"] = texts[f"{PLACE}/{name}"].replace(" {#q-aaaaaa}", "")
    done = run("format", small.write(tmp_path, texts))
    assert sorted(done.stdout.splitlines()) == [
        f"{PLACE}/quiz.en.md: ids are inserted",
        f"{PLACE}/quiz.zh-CN.md: ids are inserted",
    ]
    assert (run("format", tmp_path).stdout, run("check", tmp_path).exit_code) == ("Every id is there.\n", 0)


def test_load_says_what_it_did_and_the_second_time_that_there_was_nothing(run: Run, tmp_path: Path) -> None:
    done = run("load", small.write(tmp_path))
    assert f"{PLACE}: version 1 is published\n" in done.stdout
    db.session.rollback()
    assert courses.published("data-1", "en").number == 1
    again = run("load", tmp_path)
    assert (again.stdout, again.exit_code) == ("Nothing has changed.\n", 0)


def test_the_pictures_lie_where_the_site_serves_them(run: Run, app: Flask, tmp_path: Path) -> None:
    run("load", small.write(tmp_path))
    settings: Settings = app.config["SETTINGS"]
    (digest,) = courses.media_of(courses.published("data-1", "en").version_id).values()
    assert (settings.instance / "media" / digest).read_text("utf-8") == small.SVG


def test_a_dry_run_says_the_same_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    dry = run("load", small.write(tmp_path), "--dry-run").stdout.splitlines()
    assert dry.pop() == "A dry run: nothing was written."
    assert courses.catalogue("en") == []
    assert run("load", tmp_path).stdout.splitlines() == dry


def test_a_broken_file_stops_the_load(run: Run, tmp_path: Path) -> None:
    done = run("load", small.write(tmp_path, changed("module.zh-CN.md", "minutes: 10", "minutes: 0")))
    assert "module.zh-CN.md:6: minutes is a whole number from 1 to 60" in done.stdout
    assert "A file is broken; nothing was loaded." in done.stderr
    assert (done.exit_code, courses.catalogue("en")) == (1, [])


def test_a_refused_module_fails_and_replace_lets_the_files_win(run: Run, app: Flask, tmp_path: Path) -> None:
    run("load", small.write(tmp_path))
    media = app.config["SETTINGS"].instance / "media"
    text = small.MODULE["en"].replace("went", "came")
    edited = actions.prepare_publication("data-1", "module.en.md", text, media_folder=media, on=MONDAY.date())
    actions.publish(edited, base=1, by=None, at=MONDAY)
    db.session.commit()
    done = run("load", small.write(tmp_path, changed("module.en.md", "went", "flew")))
    assert "flask content export" in done.stdout and "flask content load --replace" in done.stdout
    assert done.exit_code == 1
    assert run("load", tmp_path, "--replace").stdout == f"{PLACE}: version 3 is published\n"


def test_export_writes_what_load_brought(run: Run, tmp_path: Path) -> None:
    run("load", small.write(tmp_path / "in"))
    done = run("export", tmp_path / "out")
    assert sorted(line.removesuffix(": new") for line in done.stdout.splitlines()) == sorted(small.files())
    assert run("export", tmp_path / "out").stdout == "Nothing has changed.\n"
    assert run("load", tmp_path / "out").stdout == "Nothing has changed.\n"


def test_the_map_shows_cells_and_the_plan_of_each_role(run: Run, tmp_path: Path) -> None:
    framework = small.FRAMEWORK.replace("requires: {data: 1}", "requires: {data: 2}")
    done = run("map", small.write(tmp_path, small.files() | {"framework.yaml": framework}))
    kinds = "1 single choice, 1 multiple choice, 1 true/false, 1 fill-in, 1 number"
    assert done.stdout.splitlines() == [
        f"2 cells, 1 modules, 5 questions: {kinds}.",
        "",
        "| Topic | Layer | Module | Minutes | Questions | Required by |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| Data | 1 | `data-1` | 10 | {kinds} | every role |",
        "| Data | 2 | no module yet |  |  | every role |",
        "",
        "### Member: 2 modules, 10 minutes",
        "",
        "1. The roster (Data 1, 10′)",
        "2. no module yet",
    ]


def test_a_plan_puts_first_what_another_module_requires(run: Run, tmp_path: Path) -> None:
    texts = small.files() | small.second_module()
    key = "data/roster/module.zh-CN.md"
    texts[key] = texts[key].replace("minutes: 10\nrequires: []", "minutes: 5\nrequires: [data-2]")
    second = "data/second/module.zh-CN.md"
    texts[second] = texts[second].replace("requires: [data-1]", "requires: []").replace("layer: 1", "layer: 2")
    done = run("map", small.write(tmp_path, texts), "--language", "zh-CN")
    assert done.stdout.splitlines()[-4:] == [
        "### 党员：2个模块，15 分钟",
        "",
        "1. 名册（数据 2，10′）",
        "2. 名册（数据 1，5′）",
    ]


def test_sources_is_a_table_with_both_names(run: Run, tmp_path: Path) -> None:
    done = run("sources", small.write(tmp_path))
    assert "| PIPL · 《个人信息保护法》 | 2021-11-01 | 2027-06-30 | 3 | `data-1` |" in done.stdout.splitlines()
    assert "| CAC · 网信办 | — | 2027-06-30 | 1 | `data-1` |" in done.stdout.splitlines()


@pytest.mark.parametrize(("name", "document"), [("map", "map.md"), ("sources", "content-sources.md")])
def test_the_documents_say_what_the_shipped_courses_hold(run: Run, name: str, document: str) -> None:
    made = run(name, ROOT / "content", "--language", "en").stdout.strip()
    text = (ROOT / "docs" / document).read_text("utf-8")
    begin, end = f"<!-- begin: flask content {name} -->", "<!-- end -->"
    assert text.partition(begin)[2].partition(end)[0].strip() == made, f"run: flask content {name} --language en"
