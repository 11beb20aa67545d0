"""Sentences in both languages, and which of them a caller wants to read."""

from typing import Any, Literal

Language = Literal["zh", "en"]


class Sentence(str):
    """English for everything that knows only text, with the Chinese beside it."""

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, en: str, zh: str) -> "Sentence":
        made = super().__new__(cls, en)
        made.zh = zh
        return made

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, str]]:
        return Sentence, (str(self), self.zh)

    def format(self, *args: Any, **kwargs: Any) -> "Sentence":
        return Sentence(super().format(*args, **kwargs), self.zh.format(*args, **kwargs))

    def read_in(self, language: Language) -> str:
        return self.zh if language == "zh" else str(self)


def preferred(accept_language: str) -> Language:
    """The better liked of Chinese and English; Chinese when neither is mentioned."""
    best: tuple[float, Language] = (0.0, "zh")
    for wish in accept_language.lower().split(","):
        tag, _, parameter = wish.strip().partition(";")
        language = _language(tag.strip())
        weight = _weight(parameter)
        if language and weight > best[0]:
            best = (weight, language)
    return best[1]


def _language(tag: str) -> Language | None:
    if tag == "zh" or tag.startswith("zh-"):
        return "zh"
    return "en" if tag == "en" or tag.startswith("en-") else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
