"""What is done to files alone: check a tree, insert the ids it lacks, survey it. The database is not asked."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from edu.authoring.actions.revisions import Said
from edu.authoring.citations import Document, documents
from edu.authoring.coverage import tree_faults, understand
from edu.authoring.drafts import render_module
from edu.authoring.faults import Fault, in_order
from edu.authoring.formatting import with_module_id, with_question_ids
from edu.authoring.overview import Cell, RolePlan, cells, role_plans, taught
from edu.authoring.tree import Source, read_tree
from edu.base.i18n import mark
from edu.base.rendering import Renderer, renderer


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tree holds."""

    leading: str
    cells: list[Cell]
    plans: list[RolePlan]
    documents: list[Document]


def survey(folder: Path) -> Survey:
    """What a tree teaches, in which order, and what it relies on. Faults are passed over: check tells them."""
    file, parsed, _faults = understand(read_tree(folder))
    modules = taught(file, parsed)
    return Survey(
        file.leading, list(cells(file, modules)), list(role_plans(file, modules)), documents(parsed, file.leading)
    )


def check_tree(
    folder: Path, *, on: date, render: Renderer = renderer, progress: Callable[[int, int], None] | None = None
) -> list[Fault]:
    """Every fault that can be found in one run, in the order of files and lines."""
    file, modules, faults = understand(read_tree(folder))
    faults += tree_faults(file, modules, on=on)
    for done, module in enumerate(modules, 1):
        faults += render_module(module, render)[1]
        if progress:
            progress(done, len(modules))
    return in_order(faults)


def format_tree(folder: Path, *, chance: random.Random) -> tuple[list[Said], list[Fault]]:
    """Insert missing ids into the files. Says which files were changed, and where ids could not be inserted."""
    tree = read_tree(folder)
    file, modules, _faults = understand(tree)
    taken = {block.id for module in modules for quiz in module.quizzes.values() for block in quiz.blocks}
    said: list[Said] = []
    faults: list[Fault] = []
    for source in tree.sources:
        texts, found = formatted(source, file.leading, taken, chance)
        faults += found
        for name, text in texts.items():
            if text != source.texts[name]:
                (folder / source.folder / name).write_bytes(text.encode("utf-8"))
                said.append(Said(mark("%(path)s: ids are inserted"), {"path": f"{source.folder}/{name}"}))
    unreadable = [fault for fault in tree.faults if fault.is_error]
    return said, in_order([*faults, *unreadable])


def formatted(
    source: Source, leading: str, taken: set[str], chance: random.Random
) -> tuple[dict[str, str], list[Fault]]:
    """A module's texts with the ids they lacked. A text that is not UTF-8 is left alone."""
    texts = {name: text for name, text in source.texts.items() if "\ufffd" not in text}
    quizzes = {name.split(".")[1]: text for name, text in texts.items() if name.startswith("quiz.")}
    done, faults = with_question_ids(quizzes, leading, taken, chance, path=source.folder)
    texts |= {f"quiz.{language}.md": text for language, text in done.items()}
    page = with_module_id(source, leading)
    if page is not None and f"module.{leading}.md" in texts:
        texts[f"module.{leading}.md"] = page
    return texts, faults
