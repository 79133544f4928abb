"""Rendering in a child process that can be killed: a page that takes too much costs one fault, not the server.

The child is started when first needed, serves one job at a time, ends by itself when idle, and is replaced after a page
has brought it down.
"""

import atexit
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from edu.base.rendered import TOO_SLOW, Fault, Media, Rendered

#: Computing time a job may take (docs/content-format.md); the child's own kernel limit is the same, in whole seconds.
MOST_SECONDS = 3
#: How long we wait for it on the clock: a busy machine gives a child only a part of a core.
MOST_WAIT = 2 * MOST_SECONDS
MOST_BYTES = 512 * 1024 * 1024
#: A child without work for so long ends, and its memory returns.
IDLE_SECONDS = 60

CHILD = Path(__file__).with_name("rendering_child.py")


class Died(Exception):
    """The child did not answer. `idle`: it had ended by itself before the job reached it."""

    def __init__(self, idle: bool = False) -> None:
        self.idle = idle


class Renderer:
    """One child process and the pipe to it."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = Lock()

    def render(
        self, sources: Sequence[str], *, language: str, media: Mapping[str, Media], bare: bool = False
    ) -> list[Rendered]:
        """Each source rendered, in order, as one job: it shares the time, and all of it fails together."""
        job = {
            "sources": list(sources),
            "language": language,
            "media": {name: asdict(medium) for name, medium in media.items()},
            "bare": bare,
        }
        with self._lock:
            try:
                answer = self._ask(job)
            except Died:
                limits: dict[str, object] = {"seconds": MOST_SECONDS, "megabytes": MOST_BYTES // 1024**2}
                return [Rendered("", [], [Fault(1, TOO_SLOW, limits)]) for _source in sources]
        return [
            Rendered(page["html"], page["contents"], [Fault(**fault) for fault in page["faults"]]) for page in answer
        ]

    def _ask(self, job: dict[str, object]) -> list[dict[str, Any]]:
        line = json.dumps(job).encode() + b"\n"
        for last_try in (False, True):
            try:
                return self._exchange(line)
            except Died as death:
                self.close()
                if last_try or not death.idle:
                    raise
        raise AssertionError("the second try returns or raises")

    def _exchange(self, line: bytes) -> list[dict[str, Any]]:
        child = self._running()
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(line)
            child.stdin.flush()
        except BrokenPipeError:
            raise Died(idle=True) from None
        answer = self._read_line(child.stdout.fileno(), monotonic() + MOST_WAIT)
        if not answer:
            raise Died(idle=child.wait() == 0)
        pages = json.loads(answer)
        if pages is None:
            raise Died
        return list(pages)

    def _read_line(self, descriptor: int, until: float) -> bytes:
        """What the child writes up to the end of its line; empty when it ended. Raises Died when the time is up."""
        read = bytearray()
        while not read.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, until - monotonic()))
            if not ready:
                raise Died
            piece = os.read(descriptor, 1 << 16)
            if not piece:
                return b""
            read += piece
        return bytes(read)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self._owner = os.getpid()
            limits = [str(MOST_SECONDS), str(MOST_BYTES), str(IDLE_SECONDS)]
            self._child = subprocess.Popen(
                [sys.executable, "-P", str(CHILD), *limits], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            assert self._child.stdout is not None
            self._read_line(self._child.stdout.fileno(), monotonic() + 30)  # "ready": starting is not the page's time
        return self._child

    def close(self) -> None:
        """End the child. Safe to repeat; the next job starts another."""
        if self._child is not None and self._owner == os.getpid():
            self._child.kill()
            self._child.communicate()
        self._child = None


#: The process's own renderer.
renderer = Renderer()
atexit.register(renderer.close)
