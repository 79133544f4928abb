"""Two people at the same moment: one acts while the other's transaction is still open."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from flask import Flask

from edu.base.db import begin_write, db

#: Long enough for the second to arrive and wait, or to get ahead if nothing makes it wait.
MOMENT = 0.3


def meanwhile(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Let `second` begin after `first` acted and before it commits. Returns what `second` returned, or raises it."""
    db.session.commit()  # what the test has prepared, both must see
    has_acted = Event()

    def one() -> None:
        with app.app_context():
            begin_write()
            try:
                first()
            finally:
                has_acted.set()
            time.sleep(MOMENT)
            db.session.commit()

    def two() -> Any:
        has_acted.wait()
        with app.app_context():
            begin_write()
            done = second()
            db.session.commit()
            return done

    with ThreadPoolExecutor(2) as pool:
        before, after = pool.submit(one), pool.submit(two)
        before.result()
        done = after.result()
    db.session.rollback()
    db.session.expire_all()
    return done
