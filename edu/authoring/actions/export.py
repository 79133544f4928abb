"""Export: database → files, to the letter."""

from pathlib import Path

from edu.authoring import queries
from edu.authoring.actions.revisions import Said
from edu.authoring.framework import NAME as FRAMEWORK
from edu.base.i18n import mark


def export(folder: Path, *, media_folder: Path) -> list[Said]:
    """Write every module on offer, its pictures and framework.yaml; say which files changed. Deletes nothing."""
    files: dict[str, bytes] = {}
    if framework := queries.framework_text():
        files[FRAMEWORK] = framework.text.encode("utf-8")
    for module in queries.stored().values():
        if module.is_retired:
            continue
        for name, text in module.texts.items():
            files[f"{module.folder}/{name}"] = text.text.encode("utf-8")
        for name, digest in module.media.items():
            files[f"{module.folder}/{name}"] = (media_folder / digest).read_bytes()
    return [said for where, content in sorted(files.items()) if (said := write(folder, where, content))]


def write(folder: Path, where: str, content: bytes) -> Said | None:
    """One file, unless it already says so."""
    path = folder / where
    is_new = not path.exists()
    if not is_new and path.read_bytes() == content:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Said(mark("%(path)s: new") if is_new else mark("%(path)s: changed"), {"path": where})
