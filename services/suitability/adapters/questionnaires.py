"""Questionnaires as they lie in folders: one TOML file per version."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from chassis.errors import Invalid
from services.suitability.adapters.packs import HERE, read_toml
from services.suitability.domain.pack_problems import PackProblem
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.domain.questionnaire_problems import UnreadableQuestionnaire
from services.suitability.domain.questionnaire_reader import Document, read_questionnaire
from services.suitability.domain.questionnaires import Questionnaires

T = TypeVar("T")

SHIPPED = HERE / "questionnaires"


@dataclass
class Folder:
    """What was read, by file, and what could not be."""

    read: dict[str, Questionnaire] = field(default_factory=dict)
    problems: list[PackProblem] = field(default_factory=list)

    def add(self, where: str, en: str, zh: str) -> None:
        self.problems.append(PackProblem(where, en, zh))

    def take(self, error: Invalid, file: str) -> None:
        if not isinstance(error, UnreadableQuestionnaire):
            self.add(file, error.en, error.zh)
            return
        for one in error.problems:
            self.add(f"{file}: {one.where}", one.en, one.zh)


def released_questionnaires(own: Path | None = None) -> Questionnaires:
    """Those shipped, and those in the folder *own*; UnreadableQuestionnaire names every problem."""
    return Questionnaires(_all_of(shipped_folder()), _all_of(own_folder(own)) if own else ())


def _all_of(folder: Folder) -> Iterable[Questionnaire]:
    if folder.problems:
        raise UnreadableQuestionnaire(folder.problems)
    return folder.read.values()


def shipped_folder() -> Folder:
    return _folder(SHIPPED, {})


def own_folder(folder: Path) -> Folder:
    """May be based on those shipped, and has none of their versions."""
    if folder.resolve() == SHIPPED.resolve():
        return shipped_folder()
    shipped = {path.stem: read_toml(path) for path in sorted(SHIPPED.glob("*.toml"))}
    return _folder(folder, {str(document["version"]): document for document in shipped.values()})


def _folder(folder: Path, shipped: Mapping[str, Document]) -> Folder:
    found = Folder()
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not paths:
        found.add(
            str(folder),
            "there is no questionnaire here: no file NAME.toml",
            "此处没有问卷（没有 .toml 文件）",
        )
    documents: dict[str, Document] = {}
    for path in paths:
        try:
            documents[path.name] = read_toml(path)
        except Invalid as error:
            found.take(error, path.name)
    known = {**shipped, **{str(one.get("version")): one for one in documents.values()}}
    for file, document in documents.items():
        try:
            found.read[file] = read_questionnaire(document, known)
        except Invalid as error:
            found.take(error, file)
    _check_together(found, documents, shipped)
    return found


def _check_together(
    found: Folder, documents: Mapping[str, Document], shipped: Mapping[str, Document]
) -> None:
    for files in _alike(documents, lambda each: each.get("version")):
        found.add(", ".join(files), "say the same version", "版本号相同")
    for file, document in documents.items():
        if document.get("version") in shipped:
            found.add(
                f"{file}: version", "is that of a shipped one", "与随系统提供的问卷版本号相同"
            )
    for files in _alike(found.read, lambda each: (each.audience, each.effective_from)):
        found.add(
            ", ".join(files),
            "take effect for the same clients on the same day",
            "对同类客户于同一日生效",
        )


def _alike(by_file: Mapping[str, T], of: Callable[[T], object]) -> Sequence[list[str]]:
    """Files of which the same is true."""
    files: dict[object, list[str]] = defaultdict(list)
    for file, each in by_file.items():
        files[of(each)].append(file)
    return [each for each in files.values() if len(each) > 1]
