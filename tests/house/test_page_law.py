"""The page law can fail: every clause is broken once here."""

import pytest

from tests.page_law import faults_of

GOOD = """<!doctype html>
<html lang="en"><head><title>Sign in · Buque</title><link rel="stylesheet" href="/static/x.css"></head>
<body><h1>Sign in</h1><img src="/x.svg" alt="">
<form method="post" action="/"><input type="hidden" name="csrf_token" value="x">
<label for="login">Name</label><input id="login" name="login" aria-describedby="hint"><p id="hint">As you were told</p>
<label><input type="checkbox" name="stay"> Stay</label><button>Sign in</button></form></body></html>"""


def test_a_good_page_has_no_fault() -> None:
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("<!doctype html>", "", "doctype"),
        ("<h1>Sign in</h1>", "", "0 h1"),
        ("<h1>Sign in</h1>", "<h1>Sign in</h1><h1>Again</h1>", "2 h1"),
        ("Sign in · Buque", " · Buque", "names no page"),
        ("<title>Sign in · Buque</title>", "", "no title"),
        ('lang="en"', "", "lang is None"),
        ('lang="en"', 'lang="zh_Hans"', "lang is 'zh_Hans'"),
        ('<p id="hint">', '<p id="login">', "'login' stands 2 times"),
        ('<p id="hint">', "<p>", "aria-describedby refers to 'hint'"),
        ('<label for="login">Name</label>', "Name", "field 'login' has no label"),
        ("<h1>Sign in", '<h1 style="color: red">Sign in', "style written into <h1>"),
        ("</head>", "<style>h1 { color: red }</style></head>", "style written into <style>"),
        ("</body>", "<script>alert(1)</script></body>", "script written into the page"),
        ("<button>", '<button onclick="go()">', "onclick on <button>"),
        ('action="/"', 'action="javascript:go()"', "javascript:"),
        ('src="/x.svg"', 'src="https://example.org/x.svg"', "another host"),
        (' alt=""', "", "no alt"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "no csrf_token"),
        ("</form>", "</div></form>", "</div> meets <form>"),
        ("</body></html>", "</body>", "never closed"),
        ('<input id="login"', '<input id="login" id="login"', "attribute twice"),
    ],
)
def test_each_clause_can_fail(right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    assert fault in "\n".join(faults_of(GOOD.replace(right, wrong, 1)))
