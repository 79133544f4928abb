"""What is wrong with a module's questions, in each language and between languages. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from edu.authoring.faults import Fault, Severity
from edu.authoring.framework import FrameworkFile
from edu.authoring.item_rules import quiz_rules
from edu.authoring.quiz_syntax import GOOD_ID, Quiz
from edu.authoring.syntax import day_in
from edu.authoring.tree import Parsed
from edu.base.i18n import mark
from edu.base.rendered import MOST_QUESTION_BYTES, TOO_LARGE
from edu.quizzes.kinds import KINDS
from edu.quizzes.kinds.block import LETTERS, Block


def quiz_faults(
    module: Parsed, file: FrameworkFile, questions: Mapping[str, tuple[str, ...]], *, on: date
) -> Iterator[Fault]:
    for quiz in module.quizzes.values():
        times = Counter(block.id for block in quiz.blocks if block.id)
        for block, source in zip(quiz.blocks, quiz.sources, strict=True):
            yield from block_faults(quiz.path, block, on=on)
            size = len(source.encode("utf-8", "replace"))
            if size > MOST_QUESTION_BYTES:
                values: dict[str, object] = {"size": -(-size // 1024), "most": MOST_QUESTION_BYTES // 1024}
                yield Fault(quiz.path, block.line, TOO_LARGE, values)
            if times[block.id] > 1:
                yield Fault(quiz.path, block.line, mark("the id %(id)s stands twice in this file"), {"id": block.id})
        yield from quiz_rules(quiz)
    leading = module.quizzes.get(file.leading)
    if leading is None:
        return
    for block in leading.blocks:
        for other in questions.get(block.id, ()):
            if other != module.folder and block.id:
                message = mark("the id %(id)s is also that of a question in %(other)s")
                yield Fault(leading.path, block.line, message, {"id": block.id, "other": other})


def language_parity(module: Parsed, leading: str) -> Iterator[Fault]:
    """Where the languages of a quiz do not say the same."""
    for language, quiz in module.quizzes.items():
        if language != leading and leading in module.quizzes:
            yield from parity_faults(module.quizzes[leading], quiz)


def agrees(block: Block, leading: Block) -> bool:
    """Whether one question in two languages has one answer key."""
    return not any(pair_faults("", block, leading))


def block_faults(path: str, block: Block, *, on: date) -> Iterator[Fault]:
    if not block.id:
        yield Fault(path, block.line, mark("the question has no id yet: run `flask content format`"))
    if not block.stem.strip():
        yield Fault(path, block.line, mark("the question asks nothing: there is no text between heading and options"))
    if block.kind:  # else the heading was at fault, and was told
        for fault in KINDS[block.kind].faults(block):
            yield Fault(path, fault.line, fault.message, fault.values)
        if block.answer and block.kind != "number":
            yield Fault(path, block.line, mark("only a number question has an **Answer** line"))
    for letter_place, option in enumerate(block.options):
        if letter_place >= len(LETTERS):
            yield Fault(path, option.line, mark("more options than there are letters for"))
    if not block.explanation.strip():
        yield Fault(path, block.line, mark("the question has no **Explanation**"))
    if not block.sources:
        yield Fault(path, block.line, mark("the question has no **Source**"))
    yield from source_faults(path, block, on=on)


def source_faults(path: str, block: Block, *, on: date) -> Iterator[Fault]:
    for source in block.sources:
        if not source.document:
            yield Fault(path, source.line, mark("the source names no document"))
        if not source.review_by:
            yield Fault(path, source.line, mark("the source has no review date"))
        for words in (source.in_force_on, source.review_by):
            day = day_in(words)
            if words and day is None:
                yield Fault(path, source.line, mark("“%(word)s” is not a day: write 2027-06-30"), {"word": words})
            elif day and words == source.review_by and day < on:
                message = mark("to be reviewed by %(day)s, which is past")
                yield Fault(path, source.line, message, {"day": words}, Severity.WARNING)


def parity_faults(leading: Quiz, quiz: Quiz) -> Iterator[Fault]:
    """The same questions in the same order, with the same options right."""
    here, there = [block.id for block in quiz.blocks], [block.id for block in leading.blocks]
    if len(here) != len(there):
        message = mark("%(here)s questions here, %(there)s in the leading language")
        yield Fault(quiz.path, 1, message, {"here": len(here), "there": len(there)})
    for block in quiz.blocks:
        if block.id and block.id not in there and all(there):
            yield Fault(quiz.path, block.line, mark("the leading language has no question %(id)s"), {"id": block.id})
    for key in there:
        if key and key not in here and all(here):
            yield Fault(quiz.path, 1, mark("the question %(id)s is missing"), {"id": key})
    if sorted(here) == sorted(there) and here != there:
        first = next(place for place, (one, other) in enumerate(zip(here, there, strict=True)) if one != other)
        yield Fault(
            quiz.path,
            quiz.blocks[first].line,
            mark("the questions stand in another order than in the leading language"),
        )
    by_id = {block.id: block for block in leading.blocks}
    for block in quiz.blocks:
        if block.id in by_id and GOOD_ID.fullmatch(block.id):
            yield from pair_faults(quiz.path, block, by_id[block.id])


def pair_faults(path: str, block: Block, leading: Block) -> Iterator[Fault]:
    """One question in two languages."""
    if block.kind != leading.kind:
        yield Fault(path, block.line, mark("the question is of another kind than in the leading language"))
        return
    if not block.kind:
        return
    if len(block.options) != len(leading.options):
        message = mark("%(here)s options here, %(there)s in the leading language")
        yield Fault(path, block.line, message, {"here": len(block.options), "there": len(leading.options)})
        return
    own, other = KINDS[block.kind].key(block), KINDS[block.kind].key(leading)
    if block.kind == "fillin":
        own, other = {"blanks": len(own["blanks"])}, {"blanks": len(other["blanks"])}
    if own != other:
        yield Fault(path, block.line, mark("another answer is right here than in the leading language"))
