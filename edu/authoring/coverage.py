"""A whole tree at once: what modules know of each other, and what roles require that nobody teaches yet. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from edu.authoring.checks import Neighbours, module_faults, number_in, required_keys
from edu.authoring.citations import citation_faults
from edu.authoring.faults import Fault, Severity
from edu.authoring.framework import NAME, NOTHING, FrameworkFile, parse_framework
from edu.authoring.item_rules import repeated_questions
from edu.authoring.quiz_checks import language_parity
from edu.authoring.tree import Parsed, Tree, parse
from edu.base.i18n import mark

#: Fewer questions than this in a required cell, and a second attempt would repeat the first (five is the most
#: that one attempt asks).
LEAST_QUESTIONS = 5


def understand(tree: Tree) -> tuple[FrameworkFile, list[Parsed], list[Fault]]:
    """The tree parsed, with the faults of reading it and of framework.yaml."""
    faults = list(tree.faults)
    file = NOTHING
    if tree.framework_text is not None:
        file, found = parse_framework(tree.framework_text)
        faults += found
    return file, [parse(source) for source in tree.sources], faults


def neighbours(modules: Iterable[Parsed], leading: str) -> Neighbours:
    folders: dict[str, list[str]] = defaultdict(list)
    requires: dict[str, tuple[str, ...]] = {}
    questions: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        if page := module.pages.get(leading):
            key = page.words("id")
            folders[key].append(module.folder)
            requires[key] = required_keys(page)
        for block in module.quizzes[leading].blocks if leading in module.quizzes else ():
            if module.folder not in questions[block.id]:
                questions[block.id].append(module.folder)
    frozen = {key: tuple(found) for key, found in folders.items() if key}
    return Neighbours(frozen, requires, {key: tuple(found) for key, found in questions.items() if key})


def tree_faults(file: FrameworkFile, modules: Sequence[Parsed], *, on: date) -> Iterator[Fault]:
    near = neighbours(modules, file.leading)
    for module in modules:
        yield from module_faults(module, file, near, on=on)
        yield from language_parity(module, file.leading)
    yield from repeated_questions(modules)
    yield from citation_faults(modules, file.leading)
    yield from coverage_faults(file, modules)


def coverage_faults(file: FrameworkFile, modules: Iterable[Parsed]) -> Iterator[Fault]:
    """One warning for every cell that some role requires and that is not taught or not asked about enough."""
    taught: Counter[tuple[str, int]] = Counter()
    asked: Counter[tuple[str, int]] = Counter()
    for module in modules:
        page, quiz = module.pages.get(file.leading), module.quizzes.get(file.leading)
        cell = (module.folder.partition("/")[0], number_in(page, "layer") if page else -1)
        taught[cell] += 1
        asked[cell] += len(quiz.blocks) if quiz else 0
    for topic in file.framework.topics:
        for layer in file.framework.layers:
            roles = [role for role in file.framework.roles if role.requires.get(topic.key, 0) >= layer.number]
            cell = (topic.key, layer.number)
            if not roles or (asked[cell] >= LEAST_QUESTIONS and taught[cell]):
                continue
            values: dict[str, object] = {"topic": topic.key, "layer": layer.number, "questions": asked[cell]}
            values["roles"] = ", ".join(role.key for role in roles)
            message = mark("no module teaches %(topic)s at layer %(layer)s, which these roles require: %(roles)s")
            if taught[cell]:
                message = mark(
                    "%(topic)s has %(questions)s questions at layer %(layer)s, which these roles require: %(roles)s; "
                    "five are the least"
                )
            yield Fault(NAME, file.role_lines.get(roles[0].key, 1), message, values, Severity.WARNING)
