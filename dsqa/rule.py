"""What a rule is: one problem, told by its name, its examples, and a question to the document."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from dsqa.document import Document, Question, Suppression
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.source import Span, Spans
from dsqa.workspace import Workspace

if TYPE_CHECKING:
    from dsqa.outside import Answer
    from dsqa.unjudged import Hindrance

CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
SILENCING = frozenset({"ignore", "disable", "disable-file"})
MOST_WRITTEN = 1_000_000
"""Characters: who repairs much at once need not be told so at each of its places."""
EDIT = 60
"""What it takes to tell of an edit, besides its text."""


EXAMPLE = "qa.md"
"""The path of an example, unless it is about that."""


class Good(NamedTuple):
    """Markdown that the rule is silent about.

    `files` stand around it; `outside` is what addresses in it answer.
    """

    markdown: str
    files: Mapping[str, str] = MappingProxyType({})
    outside: Mapping[str, Answer] = MappingProxyType({})
    path: str = EXAMPLE


class Bad(NamedTuple):
    """Markdown with the problem.

    `under` quotes what each finding marks, in order, or names the file that it is about; a
    quotation that occurs more than once means its first place that is not taken yet. `fixed` is the
    Markdown after all fixes of the rule, the unsafe ones too, and None if there is no fix.
    """

    markdown: str
    under: Sequence[str]
    files: Mapping[str, str] = MappingProxyType({})
    fixed: str | None = None
    outside: Mapping[str, Answer] = MappingProxyType({})
    path: str = EXAMPLE


class Rule:
    """A problem. Subclasses say in their docstring what it is, and then why and when it hurts."""

    code: ClassVar[str]
    severity: ClassVar[Severity]
    on: ClassVar[bool] = True
    """Whether it is judged unless one asks for it."""
    online: ClassVar[bool] = False
    """Whether it rests on what addresses answer, so that it is judged only if they may be asked."""
    changes_answers: ClassVar[bool] = False
    """Whether its fixes may change the text of an answer."""
    prevents_fixes: ClassVar[bool] = False
    """Whether a document with a finding of it is not understood well enough to be repaired."""
    examples: ClassVar[Sequence[Good | Bad]]

    name: ClassVar[str]
    summary: ClassVar[str]
    rationale: ClassVar[str]
    fixable: ClassVar[bool]

    def __init_subclass__(cls) -> None:
        cls.name = CAPITAL.sub("-", cls.__name__).lower()
        summary, _, rationale = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
        cls.summary, cls.rationale = " ".join(summary.split()), rationale.strip()
        examples = getattr(cls, "examples", ())
        cls.fixable = any(isinstance(e, Bad) and e.fixed is not None for e in examples)
        kinds = {type(example) for example in examples}
        if not (CODE.fullmatch(getattr(cls, "code", "")) and cls.summary and cls.rationale):
            raise TypeError(f"{cls.__name__} needs a code, a summary and a reason")
        if kinds != {Good, Bad}:
            raise TypeError(f"{cls.__name__} needs a good and a bad example")

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        """What the rule says about the document."""
        return iter(())

    def check_tree(self, workspace: Workspace) -> Iterator[Finding]:
        """What the rule says about files that are no documents; asked once of a whole tree."""
        return iter(())

    def finding(
        self,
        document: Document,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        reason: str = "",
        target: str = "",
        related: Sequence[Related] = (),
        fix: Fix | None = None,
        evidence: Answer | None = None,
    ) -> Finding:
        """A finding of this rule; which question it belongs to is told by its place."""
        question, entry = document.asked_at(span.start)
        return Finding(
            path=document.path,
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            span=span,
            message=message,
            reason=reason,
            target=target,
            question=entry.name if entry else question.name if question else "",
            related=tuple(related),
            fix=fix,
            evidence=evidence,
        )

    def finding_of_file(self, path: str, message: str, *, reason: str = "") -> Finding:
        """A finding of this rule about a whole file."""
        return Finding(path, self.code, self.name, self.severity, Span(0, 0), message, reason)


def replace(document: Document, span: Span, text: str, *, safe: bool, summary: str = "") -> Fix:
    """The fix that writes the text over the span."""
    return Fix((Edit(document.path, span, text),), safe, summary or f"`{text}`")


def shared(fix: Fix | None, findings: int) -> Iterator[Fix | None]:
    """The one fix of so many findings, for each; only for the first where that would be endless."""
    written = sum(EDIT + len(edit.text) for edit in fix.edits) if fix else 0
    often = findings if written * findings <= MOST_WRITTEN else 1
    return chain(repeat(fix, often), repeat(None, findings - often))


def asked(document: Document, question: Question) -> Related:
    """The place where the question is asked."""
    return Related(document.path, question.heading.text_span, "the question is asked here")


def aliases(of: Finding | Rule | Hindrance) -> frozenset[str]:
    """The names by which one means the rule of a finding: its code, its name, its group."""
    return frozenset({of.code, of.name, of.code[:3]})


def silencers(document: Document) -> Iterator[Suppression]:
    """The comments of the document that silence something."""
    return (one for one in document.suppressions if one.verb in SILENCING and not one.nameless)


def is_silenced(document: Document, finding: Finding) -> bool:
    """Whether a comment silences the finding.

    None silences one about the comments themselves, nor that something could not be judged.
    """
    if finding.unjudged or finding.code.startswith("SUP"):
        return False
    silent = _silent(document)
    names = ("", *aliases(finding)) if silent else ()
    return any(silent[name].overlap(finding.span) for name in names if name in silent)


@lru_cache(maxsize=8)
def _silent(document: Document) -> Mapping[str, Spans]:
    """Where the rules of each name are silent; under the empty one, where all of them are."""
    scopes: dict[str, list[Span]] = defaultdict(list)
    for comment in silencers(document):
        for name in {name for name, _ in comment.rules} or {""}:
            scopes[name].append(comment.scope)
    return {name: Spans.of(found) for name, found in scopes.items()}
