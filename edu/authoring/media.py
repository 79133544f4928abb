"""Pictures, sound and film beside a module: what they are, how large, and whether an SVG is harmless. Pure."""

import hashlib
import re
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree

from edu.base.i18n import mark
from edu.base.rendered import Fault, Media

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
MOST_BYTES = 64 * 1024 * 1024
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: First bytes of the files we know; a file that begins otherwise is not what its name says.
BEGINNINGS = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    ".wav": re.compile(rb"RIFF....WAVE", re.DOTALL),
    ".ogg": re.compile(rb"OggS"),
    ".opus": re.compile(rb"OggS"),
    ".mp3": re.compile(rb"ID3|\xff[\xe0-\xff]"),
    ".m4a": re.compile(rb"....ftyp", re.DOTALL),
    ".mp4": re.compile(rb"....ftyp", re.DOTALL),
    ".webm": re.compile(rb"\x1a\x45\xdf\xa3"),
}
JPEG_SIZE_MARKS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: SVG elements that run, fetch or embed something.
SVG_UNSAFE = frozenset({"script", "foreignObject", "iframe", "audio", "video", "handler", "listener"})
STYLE_REFERENCE = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file beside a module, by its bytes."""

    name: str
    digest: str
    media_type: str
    width: int | None
    height: int | None

    def media(self) -> Media:
        return Media(f"/media/{self.digest}/{self.name}", self.width, self.height)


def is_media(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in TYPES


def read_media(name: str, content: bytes) -> tuple[MediaFile, list[Fault]]:
    ending = PurePosixPath(name).suffix.lower()
    faults = list(media_faults(name, ending, content))
    width, height = size(ending, content) if not faults else (None, None)
    return MediaFile(name, hashlib.sha256(content).hexdigest(), TYPES[ending], width, height), faults


def media_faults(name: str, ending: str, content: bytes) -> list[Fault]:
    if not NAME.fullmatch(name):
        return [Fault(1, mark("a file's name has letters a–z, digits, points and hyphens only"), {})]
    if len(content) > MOST_BYTES:
        limit: dict[str, object] = {"size": len(content) >> 20, "most": MOST_BYTES >> 20}
        return [Fault(1, mark("this file has %(size)s MB; %(most)s MB are the limit"), limit)]
    if ending == ".svg":
        return svg_faults(content)
    if not BEGINNINGS[ending].match(content):
        return [Fault(1, mark("this is not a %(ending)s file"), {"ending": ending})]
    return []


def svg_faults(content: bytes) -> list[Fault]:
    """A picture and nothing else: no script, no outside reference, and a viewBox so that its size is known."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [Fault(content.count(b"\n", 0, error.start) + 1, mark("this line is not UTF-8 text"), {})]
    for number, line in enumerate(text.split("\n"), 1):
        if "<!DOCTYPE" in line or "<!ENTITY" in line:
            return [Fault(number, mark("an SVG has no DOCTYPE and no entities"), {})]
    try:
        root = parse_svg(text)
    except ElementTree.ParseError as error:
        return [Fault(error.position[0], mark("this is not well-formed XML (%(reason)s)"), {"reason": str(error)})]
    faults = []
    if local(root.tag) != "svg" or not re.fullmatch(r"(-?[\d.]+[\s,]+){3}-?[\d.]+", root.get("viewBox", "").strip()):
        faults.append(Fault(1, mark("an SVG has a root <svg> with a viewBox of four numbers"), {}))
    for element in root.iter():
        name = local(element.tag)
        unsafe = name in SVG_UNSAFE or any(is_unsafe(local(key), value) for key, value in element.items())
        if unsafe or (name == "style" and STYLE_REFERENCE.search(element.text or "")):
            message = mark("<%(name)s> runs a script or refers to something outside the picture")
            faults.append(Fault(line_of(content, name), message, {"name": name}))
    return faults


def parse_svg(text: str) -> ElementTree.Element:
    """Only after DOCTYPE and entities were refused: nothing is left that could expand or fetch."""
    return ElementTree.fromstring(text)  # noqa: S314


def local(name: object) -> str:
    """The name without its namespace; comments and processing instructions have none."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def is_unsafe(name: str, value: str) -> bool:
    """An attribute that runs something or points outside; a picture may refer to its own parts, as #id."""
    if name.lower().startswith("on"):
        return True
    if name in ("href", "src"):
        return not value.startswith("#")
    return bool(STYLE_REFERENCE.search(value))


def line_of(content: bytes, name: str) -> int:
    """The first line with an element of this name."""
    at = content.find(b"<" + name.encode())
    return content.count(b"\n", 0, max(at, 0)) + 1


def size(ending: str, content: bytes) -> tuple[int | None, int | None]:
    """Width and height in pixels, as far as the file's head tells."""
    try:
        if ending == ".svg":
            _x, _y, width, height = re.split(r"[\s,]+", parse_svg(content.decode("utf-8")).attrib["viewBox"].strip())
            return round(float(width)), round(float(height))
        if ending == ".png":
            width, height = struct.unpack(">II", content[16:24])
            return width, height
        if ending in (".jpg", ".jpeg"):
            return jpeg_size(content)
        if ending == ".webp":
            return webp_size(content)
    except (struct.error, ValueError, IndexError):
        pass  # a head that ends early: the page shows the picture without reserving its place
    return None, None


def jpeg_size(content: bytes) -> tuple[int | None, int | None]:
    at = 2
    while content[at] == 0xFF:
        if content[at + 1] in JPEG_SIZE_MARKS:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None, None


def webp_size(content: bytes) -> tuple[int | None, int | None]:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None, None
