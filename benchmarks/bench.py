"""`make bench`: the product as its users start it, beside a bare Flask page on the same machine, loaded in turn."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, perf_counter

import click
from sqlalchemy import event
from werkzeug.test import Client

from benchmarks import organisation
from benchmarks.load import CONNECTIONS, Result, has_wrk, send
from benchmarks.town import BRANCHES, PEOPLE, Request, Town
from edu.base.db import db
from edu.config import ROOT

#: Ratios to hello that we want to reach.
AIMS = {"module page": 0.35, "quiz page": 0.30, "saving an answer": 0.60, "a branch's statistics": 0.30}
#: Seconds from the command to the first page, and memory of all processes in MB (PSS) after the load.
AIM_START, AIM_MEMORY = 0.6, 120


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_page(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server has answered a page."""
    end = monotonic() + 60
    while monotonic() < end and process.poll() is None:
        try:
            with create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                if connection.recv(15):
                    return
        except OSError:
            pass
        try:
            process.wait(0.005)
        except subprocess.TimeoutExpired:
            continue
    raise click.ClickException("a server did not start")


@contextmanager
def serving(command: list[str], port: int, path: str, **environment: str) -> Iterator[tuple[int, float]]:
    """Start a server; its process and the seconds to its first page."""
    begun = perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=quiet, stderr=quiet)
    try:
        first_page(port, path, process)
        yield process.pid, perf_counter() - begun
    finally:
        process.terminate()
        process.wait(20)


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in descendants(int(child)))]


def memory(pid: int) -> float:
    """Proportional set size of a process and all below it, in MB."""
    total = 0
    for each in descendants(pid):
        rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def statements(town: Town, request: Request) -> int:
    """How many statements a request takes; BEGIN and COMMIT are none."""
    seen: list[str] = []
    with town.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, text, *_: seen.append(text))
    client = Client(town.app)
    client.set_cookie("buque", request.cookie)
    client.open(request.path, method=request.method, data=dict(request.form) or None)
    return sum(not text.startswith("BEGIN") for text in seen)


def line(name: str, result: Result, hello: float, count: int | None) -> str:
    ratio, aim = result.rate / hello, AIMS.get(name)
    verdict = "" if aim is None else f"{aim:.2f} {'reached' if ratio >= aim else 'missed'}"
    bad = f"  {result.errors} ERRORS" if result.errors else ""
    figures = f"{result.rate:>10.0f} {ratio:>7.2f}  {verdict:<13}{result.p50:>7.1f}{result.p99:>8.1f}"
    return f"{name:<24}{figures}{'' if count is None else count:>6}{bad}"


def measure(seconds: float, only: tuple[str, ...]) -> None:
    wrk = has_wrk()
    if not wrk:
        click.echo(
            "wrk is missing (Debian: apt-get install wrk); the load comes from Python and costs the server time."
        )
    with tempfile.TemporaryDirectory(prefix="buque-bench-") as folder:
        click.echo(f"Building a town of {BRANCHES} branches with {PEOPLE} people each …")
        town = Town(Path(folder))
        pages = {name: requests for name, requests in town.pages().items() if not only or name in only}
        # A submission can be sent once, so the one that is counted is not among those that are loaded.
        counts = {name: statements(town, all_.pop() if len(all_) > 1 else all_[0]) for name, all_ in pages.items()}
        report(folder, pages, counts, seconds=seconds, wrk=wrk)


def report(folder: str, pages: dict[str, list[Request]], counts: dict[str, int], *, seconds: float, wrk: bool) -> None:
    port, hello_port = free_port(), free_port()
    ours = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    bare = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "4", "benchmarks.hello:app"]
    hello_page = [Request("GET", "/", "")]
    with (
        serving([*bare, "-b", f"127.0.0.1:{hello_port}"], hello_port, "/"),
        serving(ours, port, "/sign-in", INSTANCE=folder, PORT=str(port)) as (pid, start),
    ):
        click.echo(f"{CONNECTIONS} connections, {seconds:g} s each, signed in\n")
        click.echo(f"{'':<24}{'requests/s':>10} {'ratio':>7}  {'aim':<13}{'p50 ms':>7}{'p99 ms':>8}{'SQL':>6}")
        for name, requests in pages.items():
            hello = send(hello_port, hello_page, seconds=seconds / 2, once=False, wrk=wrk).rate
            result = send(port, requests, seconds=seconds, once=name == "submitting", wrk=wrk)
            hello = (hello + send(hello_port, hello_page, seconds=seconds / 2, once=False, wrk=wrk).rate) / 2
            click.echo(line(name, result, hello, counts[name]))
        final = send(hello_port, hello_page, seconds=seconds, once=False, wrk=wrk)
        click.echo(line("a bare Flask hello", final, final.rate, None))
        click.echo(f"\nfirst page {start:.2f} s after the command (aim {AIM_START})")
        click.echo(f"memory of all processes after the load {memory(pid):.0f} MB (aim {AIM_MEMORY})")
        click.echo(organisation.told())


@click.command()
@click.option("--seconds", default=6.0, help="How long each page is loaded.")
@click.option("--only", multiple=True, help="A page to measure, by its name in the table; may be given again.")
def bench(seconds: float, only: tuple[str, ...]) -> None:
    """Measure home, module page, quiz page, saving, submitting and statistics as ratios to a bare Flask page."""
    measure(seconds, only)


if __name__ == "__main__":
    bench()
