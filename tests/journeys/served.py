"""Starting a server and waiting for it."""

import socket
import subprocess
from pathlib import Path
from time import monotonic


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
