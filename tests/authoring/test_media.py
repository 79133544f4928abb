"""Pictures are harmless and know their size."""

import struct

import pytest

from edu.authoring.media import read_media

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 {0}">{1}</svg>'
)


def told(name: str, content: bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.message % fault.values) for fault in read_media(name, content)[1]]


def svg(inside: str = "", height: object = 42) -> bytes:
    return SVG.format(height, inside).encode()


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("a.svg", svg(), (64, 42)),
        ("a.svg", svg(height="41.6"), (64, 42)),
        ("a.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 200), (300, 200)),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\xc8\x01\x2c", (300, 200)),
        ("a.webp", b"RIFF....WEBPVP8X" + bytes(8) + b"\x2b\x01\x00\xc7\x00\x00", (300, 200)),
        ("a.webp", b"RIFF....WEBPVP8 " + bytes(10) + b"\x2c\x01\xc8\x00", (300, 200)),
        ("a.webp", b"RIFF....WEBPVP8L" + bytes(5) + struct.pack("<I", 299 | 199 << 14), (300, 200)),
        ("a.png", b"\x89PNG\r\n\x1a\n", (None, None)),
        ("a.mp3", b"ID3", (None, None)),
    ],
)
def test_the_size_of_a_picture(name: str, content: bytes, size: tuple[int | None, int | None]) -> None:
    file, faults = read_media(name, content)
    assert ((file.width, file.height), faults) == (size, [])


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        '<rect onclick="x"/>',
        '<a href="https://a.example"><rect/></a>',
        '<image xlink:href="data:image/png;base64,x"/>',
        '<use xlink:href="other.svg#a"/>',
        "<foreignObject/>",
        '<rect style="fill:url(https://a.example)"/>',
        "<style>@import 'https://a.example'</style>",
        "<style>rect{fill:url( 'https://a.example')}</style>",
    ],
)
def test_a_picture_that_runs_or_fetches_is_refused(inside: str) -> None:
    ((line, message),) = told("a.svg", svg("\n" + inside))
    assert line == 2
    assert message.endswith("> runs a script or refers to something outside the picture")


def test_a_picture_may_refer_to_its_own_parts() -> None:
    inside = '<style>rect{fill:url(#a)}</style><use xlink:href="#a"/><rect style="fill:url(#a)"/>'
    assert told("a.svg", svg(inside)) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.svg", b"<svg", "this is not well-formed XML (unclosed token: line 1, column 0)"),
        ("a.svg", b"<svg/>", "an SVG has a root <svg> with a viewBox of four numbers"),
        ("a.svg", b"<!DOCTYPE svg>" + svg(), "an SVG has no DOCTYPE and no entities"),
        ("a.svg", "<!DOCTYPE svg><svg/>".encode("utf-16"), "this line is not UTF-8 text"),
        ("a.png", b"GIF89a", "this is not a .png file"),
        ("a b.png", b"", "a file's name has letters a–z, digits, points and hyphens only"),
        ("图.png", b"", "a file's name has letters a–z, digits, points and hyphens only"),
        ("a.mp3", b"ID3" + bytes(64 << 20), "this file has 64 MB; 64 MB are the limit"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(name: str, content: bytes, message: str) -> None:
    assert told(name, content) == [(1, message)]
