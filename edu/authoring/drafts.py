"""A parsed module → what is stored: pages rendered and cleaned, questions ready for the bank."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from edu.authoring.checks import number_in, required_keys
from edu.authoring.faults import Fault
from edu.authoring.quiz_checks import agrees
from edu.authoring.quiz_syntax import Quiz
from edu.authoring.syntax import Page, day_in
from edu.authoring.tree import Parsed
from edu.base.rendered import TOO_SLOW, Media, Rendered
from edu.base.rendering import Renderer
from edu.courses.framework import MediaDraft, TextDraft
from edu.quizzes.drafts import QuestionDraft
from edu.quizzes.kinds import KINDS
from edu.quizzes.kinds.block import Block, named


@dataclass(frozen=True, slots=True)
class ModuleDraft:
    """One module, ready to be published."""

    key: str
    folder: str
    layer: int
    minutes: int
    review_by: date
    requires: tuple[str, ...]
    texts: Mapping[str, TextDraft]
    media: tuple[MediaDraft, ...]
    questions: tuple[QuestionDraft, ...]

    @property
    def topic_key(self) -> str:
        return self.folder.partition("/")[0]


def render_page(page: Page, module: Parsed, renderer: Renderer) -> tuple[Rendered, list[Fault]]:
    """A page's body, and the renderer's faults at the lines of the file."""
    rendered = renderer.render([page.body], language=page.language, media=media_of(module))[0]
    return rendered, [
        Fault(page.path, page.body_line + fault.line - 1, fault.message, fault.values) for fault in rendered.faults
    ]


@dataclass(frozen=True, slots=True)
class Card:
    """One question in one language, rendered."""

    face: dict[str, Any]
    explanation: str
    #: Option letter → what whoever chose it is shown.
    feedback: dict[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A module's pages and questions, rendered and cleaned, by language."""

    texts: Mapping[str, TextDraft]
    cards: Mapping[str, Sequence[Card]]


def render_quiz(quiz: Quiz, module: Parsed, renderer: Renderer) -> tuple[list[Card], list[Fault]]:
    """Every question of a file, up to one that takes too long: one question is one job, and a file waits once only."""
    cards, faults = [], []
    for block, source in zip(quiz.blocks, quiz.sources, strict=True):
        pieces = pieces_of(block)
        done = renderer.render(pieces, language=quiz.language, media=media_of(module), bare=True)
        html = {piece: rendered.html for piece, rendered in zip(pieces, done, strict=True)}
        cards.append(make_card(block, html.__getitem__))
        if slow := next((fault for page in done for fault in page.faults if fault.message == TOO_SLOW), None):
            faults.append(Fault(quiz.path, block.line, slow.message, slow.values))
            break
        for piece, rendered in zip(pieces, done, strict=True):
            first = max(source.find(piece.split("\n")[0]), 0)
            line = block.line + source.count("\n", 0, first)
            faults += [
                Fault(quiz.path, line + fault.line - 1, fault.message, fault.values) for fault in rendered.faults
            ]
    return cards, faults


def pieces_of(block: Block) -> list[str]:
    """Every piece of Markdown in a question, once: what making its card asks for."""
    pieces: dict[str, str] = {}

    def note(piece: str) -> str:
        return pieces.setdefault(piece, "")

    make_card(block, note)
    return list(pieces)


def make_card(block: Block, html: Callable[[str], str]) -> Card:
    face = KINDS[block.kind].face(block, html) if block.kind else {"stem": html(block.stem)}
    feedback = {letter: html(option.feedback) for letter, option in named(block.options).items() if option.feedback}
    return Card(face, html(block.explanation), feedback)


def media_of(module: Parsed) -> dict[str, Media]:
    return {name: file.media() for name, file in module.media.items()}


def render_module(module: Parsed, renderer: Renderer) -> tuple[Drawn, list[Fault]]:
    """Every file of the module rendered, and what the renderer found wrong."""
    texts, cards, faults = {}, {}, []
    for language, page in module.pages.items():
        rendered, found = render_page(page, module, renderer)
        texts[language] = TextDraft(page.words("title"), page.words("summary"), rendered.html, rendered.contents)
        faults += found
    for language, quiz in module.quizzes.items():
        cards[language], found = render_quiz(quiz, module, renderer)
        faults += found
    return Drawn(texts, cards), faults


def draft_module(module: Parsed, drawn: Drawn, leading: str) -> ModuleDraft:
    """What is stored of a module in which no check found an error."""
    page, quiz = module.pages[leading], module.quizzes[leading]
    review_by = day_in(page.words("review_by"))
    assert review_by is not None, "checked before"
    return ModuleDraft(
        key=page.words("id"),
        folder=module.folder,
        layer=number_in(page, "layer"),
        minutes=number_in(page, "minutes"),
        review_by=review_by,
        requires=required_keys(page),
        texts=drawn.texts,
        media=tuple(MediaDraft(file.name, file.digest, file.media_type) for file in module.media.values()),
        questions=tuple(question(block, module.quizzes, drawn.cards, leading) for block in quiz.blocks),
    )


def question(
    block: Block, quizzes: Mapping[str, Quiz], cards: Mapping[str, Sequence[Card]], leading: str
) -> QuestionDraft:
    """One question with its other languages. One that does not agree yet is left out: readers get the leading one."""
    blocks, faces = {leading: block}, {}
    for language, quiz in quizzes.items():
        for other, card in zip(quiz.blocks, cards[language], strict=True):
            if other.id == block.id and (language == leading or agrees(other, block)):
                blocks[language], faces[language] = other, card
    days = [day_in(source.review_by) for other in blocks.values() for source in other.sources]
    return QuestionDraft(
        id=block.id,
        kind=block.kind,
        title=block.title,
        faces={language: card.face for language, card in faces.items()},
        key=key_of(blocks, leading),
        lessons={language: lesson(blocks[language], card) for language, card in faces.items()},
        sources={language: sources_of(other) for language, other in blocks.items()},
        review_by=min(day for day in days if day),
    )


def lesson(block: Block, card: Card) -> dict[str, Any]:
    """What is shown after submission. The spellings are those of one language: nobody is shown the other's."""
    blanks = KINDS[block.kind].key(block).get("blanks", [])
    return {"explanation": card.explanation, "feedback": card.feedback, "blanks": blanks}


def key_of(blocks: Mapping[str, Block], leading: str) -> dict[str, Any]:
    """The answer key. A blank's spellings of all languages count: whoever reads one may type the other."""
    keys = {language: KINDS[block.kind].key(block) for language, block in blocks.items()}
    if "blanks" not in keys[leading]:
        return keys[leading]
    spellings = zip(*(key["blanks"] for key in keys.values()), strict=True)
    return {"blanks": [list(dict.fromkeys(word for words in blank for word in words)) for blank in spellings]}


def sources_of(block: Block) -> list[dict[str, str]]:
    return [
        {
            "document": source.document,
            "article": source.article,
            "in_force_on": source.in_force_on,
            "review_by": source.review_by,
        }
        for source in block.sources
    ]
