"""Sending load: through wrk where it is or may be installed, else from Python, which takes more of the machine."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from time import monotonic, perf_counter

from benchmarks.town import Request

CONNECTIONS, THREADS = 16, 2


@dataclass(frozen=True, slots=True)
class Result:
    requests: int
    seconds: float
    #: Milliseconds.
    p50: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def has_wrk() -> bool:
    """Whether wrk is here, after trying to install it where that is allowed."""
    if not shutil.which("wrk") and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing wrk …", flush=True)
        for command in (["update", "-qq"], ["install", "-qq", "-y", "wrk"]):
            subprocess.run(["apt-get", *command], stdin=subprocess.DEVNULL, capture_output=True)
    return shutil.which("wrk") is not None


def send(port: int, requests: Sequence[Request], *, seconds: float, once: bool, wrk: bool) -> Result:
    """Load the server with these requests, 16 connections at a time. once: each may be sent only one time."""
    return (send_with_wrk if wrk else send_from_python)(port, requests, seconds, once)


def send_with_wrk(port: int, requests: Sequence[Request], seconds: float, once: bool) -> Result:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        # Everything in a request is ASCII, so JSON's strings are Lua's.
        texts = ",\n".join(json.dumps(request.raw(f"127.0.0.1:{port}")) for request in requests)
        file.write(f"return {{once = {str(once).lower()}, list = {{\n{texts}\n}}}}\n")
        file.flush()
        options = [f"-c{CONNECTIONS}", f"-t{THREADS}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
        script = Path(__file__).with_name("load.lua")
        done = subprocess.run(
            ["wrk", *options, "-s", script, f"http://127.0.0.1:{port}"],
            env={**os.environ, "REQUESTS": file.name, "THREADS": str(THREADS)},
            capture_output=True,
            text=True,
            check=True,
        )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return Result(**json.loads(line.removeprefix("RESULT ")))


def send_from_python(port: int, requests: Sequence[Request], seconds: float, once: bool) -> Result:
    begun = perf_counter()
    shares = [requests[number::THREADS] or requests for number in range(THREADS)]
    with ProcessPoolExecutor(THREADS, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(work, port, share, seconds, once) for share in shares]
        outcomes = [outcome for job in jobs for outcome in job.result()]
    times = sorted(duration for duration, _ in outcomes)
    return Result(
        requests=len(times),
        seconds=min(seconds, perf_counter() - begun),
        p50=times[len(times) // 2] * 1000,
        p99=times[len(times) * 99 // 100] * 1000,
        errors=sum(not is_good for _, is_good in outcomes),
    )


def work(port: int, requests: Sequence[Request], seconds: float, once: bool) -> list[tuple[float, bool]]:
    """One process: half of the connections, a thread each. Returns (seconds, whether it went well) of each request."""
    outcomes: list[tuple[float, bool]] = []
    each = CONNECTIONS // THREADS
    threads = [
        Thread(target=converse, args=(port, requests[n::each] or requests, seconds, once, outcomes))
        for n in range(each)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def converse(
    port: int, requests: Sequence[Request], seconds: float, once: bool, outcomes: list[tuple[float, bool]]
) -> None:
    connection, end, place = HTTPConnection("127.0.0.1", port, timeout=10), monotonic() + seconds, 0
    while monotonic() < end and not (once and place >= len(requests)):
        request = requests[place % len(requests)]
        headers = {"Cookie": f"buque={request.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        begun = perf_counter()
        connection.request(request.method, request.path, request.body() or None, headers)
        answer = connection.getresponse()
        answer.read()
        outcomes.append((perf_counter() - begun, answer.status < 400))
        place += 1
    connection.close()
