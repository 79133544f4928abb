"""Starting a server and waiting for it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from edu.config import ROOT

#: Settings of whoever runs the tests, which must not reach the site that they start.
OURS = ("DATABASE_URL", "HOST", "CONTENT", "SECRET_KEY", "SECURE_COOKIES")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(12).endswith(b"200")
    except OSError:
        return False


def wait_until_served(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Return when the site answers; raise with what it said when it ends or does not answer in time."""
    end = monotonic() + seconds
    while not answers(port):
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            if monotonic() < end:
                continue
        raise RuntimeError(f"the server does not answer:\n{log.read_text()}")


@contextmanager
def serving(instance: Path, port: int, *, wait: bool = True) -> Iterator[Path]:
    """`flask serve`, as `make run` starts it, on an instance of its own; the file with what it says.

    wait   until it answers; else until it has ended by itself.
    """
    instance.mkdir(exist_ok=True)
    log = instance / f"log-{port}"
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"INSTANCE": str(instance), "PORT": str(port)}
    with log.open("w") as file:
        command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        if wait:
            wait_until_served(port, process, log)
        else:
            process.wait(60)
        yield log
    finally:
        process.terminate()
        process.wait(30)
