"""ANC002."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dsqa.document import Document, Heading
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.slug import slug
from dsqa.workspace import Workspace


class AmbiguousAnchor(Rule):
    """Two headings have the same words, so that they share an anchor but for a number.

    A link to these words leads to the first of them, also if it means the other one. The number
    that GitHub gives to the other moves on when one more such heading comes in above it.
    Sub-headings that answers repeat, such as `Example`, matter only if something links to them.
    """

    code = "ANC002"
    severity = Severity.WARNING
    examples = (
        Good("# Questions\n\n* [Q1: What is recall?](#q1-what-is-recall)\n\n# Answers\n"),
        Bad(
            "# Metrics\n\n* Q1: What is recall?\n\n# Metrics\n\n### Q1: What is recall?\n",
            under=["Metrics"],
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "### Example\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "### Example\n"
            "\n"
            "As in [the example](#example).\n",
            under=["Example"],
        ),
        Good("## Q1: What is recall?\n\n### Example\n\n## Q2: What is precision?\n\n### Example\n"),
        Good("# Recall\n\n## Source\n\n# Precision\n\n## Source\n\n# Accuracy\n\n## Source\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        landings = {workspace.landing(document, link).anchor: link for link in document.links}
        for first, second, *others in _namesakes(document):
            link = landings.get(first.anchor)
            repeated = others or _is_in_answer(document, second)
            if not link and repeated:
                continue
            count = f"{len(others) + 2}" if others else "Two"
            related = [Related(document.path, first.text_span, "the first")]
            if link:
                related.append(Related(document.path, link.href_span, "a link to it"))
            yield self.finding(
                document,
                second.text_span,
                f"{count} headings share the anchor `#{first.anchor}`",
                reason=f"it leads to the first; this one is `#{second.anchor}`",
                related=related,
            )


def _namesakes(document: Document) -> Iterator[Sequence[Heading]]:
    """The headings of each slug that more than one has."""
    by_slug: dict[str, list[Heading]] = defaultdict(list)
    for heading in document.headings:
        by_slug[slug(heading.text)].append(heading)
    return (same for name, same in by_slug.items() if name and len(same) > 1)


def _is_in_answer(document: Document, heading: Heading) -> bool:
    question = document.question_at(heading.span.start)
    return question is not None and question.heading.span != heading.span
