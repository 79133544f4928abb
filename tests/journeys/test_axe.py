"""Every page, for the first kind of person it is open to: axe finds nothing, by day and by night, wide and narrow."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from edu.base.actor import Permission
from edu.web.guard import PUBLIC
from tests.journeys.conftest import Open, Served

#: Who opens the pages behind each door.
WHO: dict[str, str | None] = {
    PUBLIC: None,
    Permission.LEARN: "zhou.ming",
    Permission.VIEW_STATISTICS: "lin.wei",
    Permission.VIEW_PERSONS: "lin.wei",
    Permission.PUBLISH: "wu.jie",
    Permission.MANAGE_PEOPLE: "sun.li",
}

LOOKS = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
AXE = Axe()


def blanks(served: Served) -> dict[str, Any]:
    zhou = served.id_of("member", login="zhou.ming")
    return {
        "unit_id": served.id_of("unit", code="second"),
        "member_id": zhou,
        "attempt_id": served.id_of("attempt", member_id=zhou),
        "key": "data-2-roster",
    }
