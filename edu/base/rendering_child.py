"""The child of base.rendering, run by its path: one job a line on standard input, one answer a line on standard output.

Standard library first and `edu` as a bare name: importing the real package would load the whole site and take a second.
"""

import importlib
import json
import math
import os
import resource
import select
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any


def bare_package() -> None:
    """`edu` without what its __init__ wires together."""
    package = ModuleType("edu")
    package.__path__ = [str(Path(__file__).parent.parent)]
    sys.modules["edu"] = package


def allow_seconds(seconds: int) -> None:
    """So much computing time from now on; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (total, resource.RLIM_INFINITY))


def answer(text: Any, job: dict[str, Any]) -> list[dict[str, Any]] | None:
    media = {name: text.Media(**medium) for name, medium in job["media"].items()}
    try:
        pages = [
            text.render(source, language=job["language"], media=media, bare=job["bare"]) for source in job["sources"]
        ]
    except MemoryError:
        return None
    return [asdict(page) for page in pages]


def main(seconds: int, memory: int, idle: int) -> None:
    bare_package()
    text = importlib.import_module("edu.base.text")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    put = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the answers
    put.write(b"ready\n")
    put.flush()
    while select.select([0], [], [], idle)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            break
        allow_seconds(seconds)
        put.write(json.dumps(answer(text, json.loads(line))).encode() + b"\n")
        put.flush()


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:4]))
