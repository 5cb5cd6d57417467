"""The exported data: a contract with those who use it. Version 1 gains fields, and loses none.

Lines are counted from 1. Texts are as in the source, without a mark of their own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

NO_NAMES = frozenset[str]()
Line = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """A part of the contract: it never changes once made, and holds nothing that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: object, /) -> None:
        """Forget which fields were given: those names take more memory than most of the data."""
        object.__setattr__(self, "__pydantic_fields_set__", NO_NAMES)


class ImageData(Part):
    """An image in an answer."""

    alt: str = Field(description="The alternative text.")
    href: str = Field(description="The address as it is written.")
    line: Line


class LinkData(Part):
    """A link in an answer."""

    text: str = Field(description="What a reader sees of it.")
    href: str = Field(description="The address as it is written.")
    line: Line


class AnswerData(Part):
    """What stands below a question."""

    markdown: str = Field(
        description="The answer as it is written, without the marker that introduces it."
    )
    text: str = Field(description="What a reader sees of it; a blank line between its parts.")
    state: Literal["answered", "empty", "placeholder", "image-only", "outsourced"]
    line: Line = Field(description="The line behind the heading.")
    end_line: Line = Field(description="The last line before the next section.")


class QuestionData(Part):
    """A question and its answer."""

    id: str = Field(
        description="The file and the words of the question, or the id that a comment gives it: "
        "neither its number nor its place changes it. No other question has it."
    )
    number: int | None = Field(description="Its number, if it has one.")
    numeral: str | None = Field(
        description="Its number in plain digits; one of several parts, `2-1`, has no other."
    )
    title: str = Field(description="Its words, one blank apart, without the number.")
    anchor: str = Field(
        description="The id that GitHub gives to its heading, or its author; empty without one."
    )
    line: Line = Field(description="The line of its heading.")
    end_line: Line = Field(description="The last line of its answer.")
    group: str | None = Field(description="The titled part of the index, or of the text, it is in.")
    answer: AnswerData
    images: tuple[ImageData, ...]
    links: tuple[LinkData, ...]


class EntryData(Part):
    """A line of the index."""

    number: int | None = Field(description="The number in its label, if there is one.")
    title: str = Field(description="The words of its label, without the number.")
    href: str | None = Field(description="The address as it is written; null for plain text.")
    target: str | None = Field(
        description="The anchor of the question where the address leads; null if to none."
    )
    question: str | None = Field(
        description="The anchor of the question that the label names; null if there is none."
    )
    line: Line


class DocumentData(Part):
    """A file of questions and answers."""

    path: str = Field(description="The path from the working folder, with slashes.")
    title: str | None = Field(description="The text of its first heading of level 1.")
    dialect: str | None = Field(description="The way of writing that was recognised.")
    index: tuple[EntryData, ...]
    questions: tuple[QuestionData, ...]


class Export(Part):
    """Every question and answer of the files, once and in order."""

    model_config = ConfigDict(title="dsqa export, version 1")

    version: Literal[1] = 1
    documents: tuple[DocumentData, ...]


def schema() -> dict[str, object]:
    """The JSON Schema of the contract."""
    made = Export.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
