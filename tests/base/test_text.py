"""Markdown becomes HTML with nothing in it that runs, whatever was written."""

import json
import os
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from bleach._vendor import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from edu.base.rendered import Fault, Media
from edu.base.rendering import MOST_WAIT, Renderer
from edu.base.text import ATTRIBUTES, MATH_TAGS, TAGS, clean, is_safe_url, render
from edu.config import ROOT

FIXTURES = ROOT.parent / "shared" / "fixtures"
DIGEST = "a" * 64
MEDIA = {
    "roster.svg": Media(f"/media/{DIGEST}/roster.svg", 640, 420),
    "talk.mp3": Media(f"/media/{DIGEST}/talk.mp3"),
    "film.mp4": Media(f"/media/{DIGEST}/film.mp4"),
}


def shared(name: str) -> Path:
    """A fixture written by others. Absent on a reader's machine; never absent where CI runs."""
    path = FIXTURES / name
    if not path.exists():
        assert not os.environ.get("CI"), f"{path} must be there on CI"
        pytest.skip(f"{path} is not here")
    return path


def html(source: str, *, language: str = "en", bare: bool = False) -> str:
    return render(source, language=language, media=MEDIA, bare=bare).html


def faults(source: str) -> list[tuple[int, str]]:
    found = render(source, language="en", media=MEDIA).faults
    return [(fault.line, fault.message % fault.values) for fault in found]


# What a browser would make of it: two readers, one that follows the standard to the letter and one that is simple.

NAMESPACES = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"}


def elements(fragment: str) -> Iterator[tuple[str, dict[str, str]]]:
    tree = html5lib.parseFragment(fragment, treebuilder="etree", namespaceHTMLElements=True)
    for element in tree.iter():
        if isinstance(element.tag, str) and element is not tree and element.tag != "DOCUMENT_FRAGMENT":
            namespace, _brace, name = element.tag.removeprefix("{").rpartition("}")
            assert namespace in NAMESPACES, element.tag
            yield name, {str(key).rpartition("}")[2]: value for key, value in element.items()}
        else:
            assert element is tree or element.tag == "DOCUMENT_FRAGMENT", f"a comment or the like: {element.text}"


class Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def harms(fragment: str) -> list[str]:
    """Whatever in a fragment is not on the list, seen by either reader."""
    simple = Plain()
    simple.feed(fragment)
    found = []
    for tag, attributes in [*elements(fragment), *simple.found]:
        if tag not in TAGS | {"tbody"}:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            allowed = ATTRIBUTES.get(tag, frozenset()) | (set() if tag in MATH_TAGS else {"id", "class"})
            if name not in allowed or name.startswith("on") or name == "style":
                found.append(f"{tag}[{name}]")
            if name in ("href", "src") and not is_harmless(value):
                found.append(f"{tag}[{name}={value!r}]")
    return found


def is_harmless(url: str) -> bool:
    """Judged apart from the code under test, as browsers read: they drop tabs and line ends, and trim."""
    read = re.sub(r"[\t\n\r]", "", url).strip("".join(map(chr, range(33))))
    return bool(re.match(r"(https?://|mailto:|#|/(?![/\\])|[^:/?#]*$|[^:/?#]*[/?#])", read, re.IGNORECASE))


def ways_in(attack: str) -> list[str]:
    """An attack through every door: raw, as Markdown, as heading, link and picture, as an option of a question."""
    around = f"## {attack}\n\n[{attack}]({attack}) ![x]({attack}) <{attack}>\n\n```{attack}\n{attack}\n```"
    return [clean(attack), html(attack), html(around), html(attack, bare=True)]


@pytest.mark.parametrize("name", ["dompurify", "owasp", "payloadbox-sample"])
def test_no_attack_survives(name: str) -> None:
    lines = shared(f"xss/{name}.jsonl").read_text("utf-8").split("\n")
    attacks = [json.loads(line)["input"] for line in lines if line]
    assert len(attacks) > 100
    survivors = [(attack, done) for attack in attacks for done in ways_in(attack) if harms(done)]
    assert survivors == []


def test_the_judge_sees_harm() -> None:
    """The test above can fail."""
    bad = '<p onclick="x" style="y">a</p><a href="java\nscript:alert(1)">b</a><script>c</script><svg><p>d</p></svg>'
    assert len(harms('<p onclick="x" style="y">a</p><a href="java\nscript:alert(1)">b</a>')) == 6
    with pytest.raises(AssertionError):
        harms(bad)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert harms(once) == []


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript:123",
        "data:text/html,x",
        "vbscript:x",
        "java\tscript:x",
        "\x01javascript:x",
        " https://a.example",
        "https://a.example/ b",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "foo:bar",
        "https://a.example/\u200b",
    ],
)
def test_unsafe_addresses_are_dropped(url: str) -> None:
    assert not is_safe_url(url)


@pytest.mark.parametrize(
    "url", ["https://a.example/?a=1&b=2#c", "http://a", "mailto:a@b.example", "/modules/x", "#s1", "a.svg", "?q=a:b"]
)
def test_safe_addresses_are_kept(url: str) -> None:
    assert is_safe_url(url)


# What an author may write.


def test_sections_get_anchors_and_a_table_of_contents() -> None:
    done = render("## One `x`\n\n### Below\n\n## Two & $a<b$ [^1]\n\n[^1]: n", language="en", media={})
    assert done.contents == [{"anchor": "s1", "title": "One x"}, {"anchor": "s2", "title": "Two & a<b"}]
    assert re.findall(r'<h\d id="([^"]+)"', done.html) == ["s1", "s1-1", "s2"]


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    assert re.sub(r"\s", "", html("| | b |\n|---|---|\n| a | 1 |")).startswith("<table><thead><tr><td></td><th>b</th>")


def test_a_table_that_scrolls_on_a_phone_can_be_reached_by_keyboard() -> None:
    assert html("| a | b | c | d |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |").startswith('<table tabindex="0">')
    assert html("| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |").startswith("<table>")


def test_tables_align_by_class_and_never_by_style() -> None:
    shown = html("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")
    assert re.findall(r'<td class="([^"]+)">', shown) == ["align-left", "align-center", "align-right"]
    assert "style" not in shown


def test_raw_html_shows_as_it_is_written() -> None:
    assert html("a <b>b</b> <!-- c -->") == "<p>a &lt;b&gt;b&lt;/b&gt; &lt;!-- c --&gt;</p>"


def test_a_picture_knows_its_size_and_loads_late() -> None:
    shown = html("![a roster](roster.svg)")
    want = f'<p><img alt="a roster" height="420" loading="lazy" src="/media/{DIGEST}/roster.svg" width="640"></p>'
    assert shown == want


def test_sound_and_film_are_played_by_the_page() -> None:
    assert html("![a talk](talk.mp3)") == (
        f'<figure><audio aria-label="a talk" controls preload="none" src="/media/{DIGEST}/talk.mp3"></audio>'
        "<figcaption>a talk</figcaption></figure>"
    )
    assert '<video aria-label="a film" controls' in html("words ![a film](film.mp4) words")


def test_links_lead_to_modules_and_outside() -> None:
    assert html("[a](module:data-1)") == '<p><a href="/modules/data-1">a</a></p>'
    assert (
        html("<https://a.example>")
        == '<p><a href="https://a.example" rel="noopener noreferrer">https://a.example</a></p>'
    )
    assert html("<a@b.example>") == '<p><a href="mailto:a@b.example">a@b.example</a></p>'


def test_math_becomes_mathml() -> None:
    inline = (
        '<p>so <math display="inline"><mrow><mi>a</mi><mo>&lt;</mo><msup><mi>b</mi><mn>2</mn></msup></mrow></math></p>'
    )
    assert html("so $a<b^2$") == inline
    assert '<math display="block">' in html("$$\n\\frac{a}{b} \\begin{matrix}a&b\\end{matrix}\n$$")


def test_a_remark_without_a_title_gets_one_in_the_page_s_language() -> None:
    assert '<p class="admonition-title">注意</p>' in html("!!! warning\n    x", language="zh-CN")
    assert '<p class="admonition-title">T</p>' in html('!!! note "T"\n    x')


def test_a_self_check_folds_its_answer_away() -> None:
    assert html('!!! check "收不收**病史**？"\n    不收。', language="zh-CN") == (
        '<details class="check">\n<summary><strong>想一想</strong> 收不收<strong>病史</strong>？</summary>\n<p>不收。</p>\n</details>'
    )


@pytest.mark.parametrize("source", ["!!! check\n    no question", '!!! check "no answer"'])
def test_a_self_check_without_question_or_answer_is_told(source: str) -> None:
    faults = render(f"a\n\n{source}", language="en", media={}).faults
    assert [(fault.line, "self-check" in fault.message) for fault in faults] == [(3, True)]


def test_code_is_kept_to_the_letter() -> None:
    shown = html("!!! note\n    ```python\n    x = '<b>' # & \\\n    ```")
    assert '<pre class="highlight"><code class="language-python">x = \'&lt;b&gt;\' # &amp; \\</code></pre>' in shown


def test_footnotes_lead_there_and_back() -> None:
    shown = html("a[^x] b[^x]\n\n[^x]: note")
    ids = re.findall(r'id="([^"]+)"', shown)
    assert sorted(ids) == ["fn-x", "fnref-x", "fnref2-x"]
    assert {target[1:] for target in re.findall(r'href="([^"]+)"', shown)} == set(ids)


def test_a_single_paragraph_stands_bare_in_a_label() -> None:
    assert html("**a** b", bare=True) == "<strong>a</strong> b"
    assert html("a\n\nb", bare=True) == "<p>a</p>\n<p>b</p>"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("## a\n\n# b", 3, "a first-level heading: the page's title is its only one; use ##"),
        ("## a\n\nb\n===", 3, "a first-level heading: the page's title is its only one; use ##"),
        ("## a\n\n[x][r]\n\n[r]: gone.html", 5, "broken link: there is no gone.html"),
        ("## a\n\n[x](#s2)", 3, "broken link: there is no section #s2 here"),
        ("## a\n\n![x][r]\n\n[r]: gone.png", 5, "there is no file gone.png beside the module"),
        ("## a\n\n![](roster.svg)", 3, "roster.svg has no text alternative between its [ and ]"),
        (
            "## a\n\n!!! tipp\n    x",
            3,
            "there is no remark of the kind “tipp”: write note, tip, warning, danger or check",
        ),
        ("## a\n\nb\n\n$x^2^3$", 5, "this formula cannot be read: x^2^3 (DoubleSuperscriptsError)"),
        ("## a\n\nb\n\n$\\foo$", 5, "this formula cannot be read: \\foo (\\foo)"),
    ],
)
def test_what_the_renderer_finds_wrong_has_its_line(source: str, line: int, message: str) -> None:
    assert faults(source) == [(line, message)]


def test_the_same_broken_link_twice_has_two_lines() -> None:
    assert [line for line, _message in faults("[x](#a)\n\n[x](#a)")] == [1, 3]


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a" * (256 * 1024 + 1), 1, "this text has 257 KB; 256 KB are the limit"),
        ("x\n\ny\n" + "[a" * 201, 4, "more than 200 [ without ] in one block, which starts in line 3"),
        ("# a\n" * 501, 1, "more than 500 headings or footnote marks"),
        ("x[^1] " * 501, 1, "more than 500 headings or footnote marks"),
        ("- " * 3000 + "a", 1, "this text is nested too deeply"),
    ],
)
def test_what_would_take_too_long_is_refused_before(source: str, line: int, message: str) -> None:
    began = time.monotonic()
    assert faults(source) == [(line, message)]
    assert time.monotonic() - began < 2


# The child that can be killed.


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def test_the_child_renders_what_the_parent_would(renderer: Renderer) -> None:
    source = "## 一\n\n![a roster](roster.svg) $x$ [x](#no)"
    there = renderer.render([source, "b"], language="zh-CN", media=MEDIA)
    assert there == [render(one, language="zh-CN", media=MEDIA) for one in (source, "b")]


def test_a_page_that_takes_too_long_costs_one_fault_and_the_next_is_rendered(renderer: Renderer) -> None:
    message = "could not be rendered within %(seconds)s seconds and %(megabytes)s MB"
    slow, fine = "[a](<b" * 20000, "fine"
    began = time.monotonic()
    done = renderer.render([slow], language="en", media={})
    assert [page.faults for page in done] == [[Fault(1, message, {"seconds": 3, "megabytes": 512})]]
    assert time.monotonic() - began < MOST_WAIT + 5  # the machine may be busy
    assert renderer.render([fine], language="en", media={})[0].html == "<p>fine</p>"


def test_a_child_that_has_gone_is_replaced(renderer: Renderer) -> None:
    renderer.render(["a"], language="en", media={})
    child = renderer._child
    assert child is not None
    child.kill()
    child.wait()
    assert renderer.render(["b"], language="en", media={})[0].html == "<p>b</p>"


def shapes() -> list[Any]:
    path = FIXTURES / "markdown" / "pathological-cases.json"
    cases = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [pytest.param(case, id=case["name"]) for case in cases] or [pytest.param(None, id="absent")]


def grown(case: dict[str, str], size: int) -> str:
    """The shape at about `size` characters."""
    if "unit" in case:
        body = case["unit"] * (size // len(case["unit"]))
    elif "open" in case:
        times = size // (len(case["open"]) + len(case["close"]))
        body = case["open"] * times + case["mid"] + case["close"] * times
    elif case["name"] == "abbreviations":
        body = "".join(f"*[w{n}]: x\n" for n in range(size // 20)) + "".join(f"w{n} " for n in range(size // 20))
    else:
        body = "".join("e" + "`" * n for n in range(1, int((2 * size) ** 0.5)))
    return case.get("prefix", "") + body + case.get("suffix", "")


@pytest.mark.parametrize("case", shapes())
def test_every_slow_shape_ends_in_time(case: dict[str, str] | None, renderer: Renderer) -> None:
    if case is None:
        shared("markdown/pathological-cases.json")
    assert case is not None
    for size in (60_000,):
        began = time.monotonic()
        (done,) = renderer.render([grown(case, size)], language="en", media={})
        assert time.monotonic() - began < MOST_WAIT + 5  # the machine may be busy
        assert harms(done.html) == []
        assert done.html or done.faults


def test_two_remarks_about_one_picture_stand_at_its_line() -> None:
    rendered = render("## A\n\nWords.\n\n![](lamp.svg)\n", language="en", media={})
    assert sorted({fault.line for fault in rendered.faults}) == [5]
    assert len(rendered.faults) == 2
