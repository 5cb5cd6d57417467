"""NET002."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from dsqa.document import Document, Image, Link
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.html import unescape
from dsqa.markdown import bare_addresses
from dsqa.outside import Answer, Hop, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

OLD, PAGE = "https://example.org/recall", "https://example.org/guide/recall"
NEW = f"{PAGE}_(share)"
MOVED = Answer(Outcome.MOVED, "200 OK", 1767225600, 200, hops=(Hop(301, NEW),), target=NEW)
FOR_NOW = Answer(Outcome.ALIVE, "200 OK", 1767225600, 200, hops=(Hop(302, NEW),))

LONGEST, LONGEST_SHOWN = 2_000, 300
"""Characters of an address that is written, and of one that a message quotes."""
WEB = re.compile(r"https?://", re.IGNORECASE | re.ASCII)
PLAIN = re.compile(
    r"""
    https?:// [A-Za-z0-9._-]+ (?: : [0-9]+ )?
    (?: [/?] [A-Za-z0-9._~:/?@!$&'()*+,;=%-]* )?
    (?: \# [A-Za-z0-9._~:/?@!$&'()*+,;=%\u0080-\U0010ffff-]* )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""An address none of whose characters begins or ends anything around it."""
NO_PART = frozenset(' "<>\\^`{|}')
"""Characters that belong into no address (RFC 3986, section 2)."""
ENTITY = re.compile(r"&(?=(?:\#[0-9]+|\#[Xx][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)")
WRITTEN_ENTITY = re.compile(r"&[A-Za-z0-9\#]+;")
BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
PARENTHESIS = re.compile(r"[()]")
DEEPEST = 32
"""How many parentheses may be open in an address (CommonMark, section 6.3)."""
STYLING = re.compile(r"\*|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])")
"""What may make the words bold, slanted or struck out that it stands in."""
BEHIND = re.compile(r"[^\s<|]{0,200}")
"""What stands behind a bare address, and would belong to one that goes on."""


class PermanentRedirect(Rule):
    """An address has moved for good, and leads on to its new one for as long as that is kept up.

    Redirects are the first thing that is lost when a site is rebuilt. The new address is what the
    host itself names, with 301 or 308, and something is there; a look at it should come before the
    fix, because a host may also lead everything that it has thrown away to one page. Where the
    words of a link are its address, the fix changes both.
    """

    code = "NET002"
    severity = Severity.WARNING
    online = True
    changes_answers = True
    examples = (
        Bad(
            f"[On recall]({OLD})\n",
            under=[OLD],
            fixed=f"[On recall]({NEW})\n",
            outside={OLD: MOVED},
        ),
        Bad(
            f"[On recall]({OLD}#formula)\n",
            under=[f"{OLD}#formula"],
            fixed=f"[On recall]({NEW}#formula)\n",
            outside={f"{OLD}#formula": MOVED},
        ),
        Bad(
            f"[{OLD}]({OLD}) or <{OLD}>\n",
            under=[OLD, OLD],
            fixed=rf"[{PAGE}\_(share)]({NEW}) or <{NEW}>" + "\n",
            outside={OLD: MOVED},
        ),
        Bad(
            f"[Recall][1] and [its formula][1]\n\n[1]: {OLD}\n",
            under=[OLD],
            fixed=f"[Recall][1] and [its formula][1]\n\n[1]: {NEW}\n",
            outside={OLD: MOVED},
        ),
        Good(f"[On recall]({OLD})\n", outside={OLD: FOR_NOW}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        written: dict[Span, list[Link | Image]] = defaultdict(list)
        answers: dict[Span, Answer] = {}
        for address, answer in workspace.answers(document, Outcome.MOVED):
            written[address.href_span].append(address)
            answers[address.href_span] = answer
        for span, answer in answers.items():
            old = written[span][0].href.strip()
            target = _target(old, answer)
            yield self.finding(
                document,
                span,
                f"`{_shown(_page(old))}` has moved for good, to `{_shown(answer.target)}`",
                reason=answer.story,
                target=_escaped(target) if WEB.match(target) and len(target) <= LONGEST else "",
                fix=_fix(document, written[span], target),
                evidence=answer,
            )


def _page(address: str) -> str:
    return address.partition("#")[0]


def _target(href: str, answer: Answer) -> str:
    """Where a browser ends that follows the href: the last place that is named on the way counts.

    https://fetch.spec.whatwg.org/#http-redirect-fetch
    """
    hops = takewhile(lambda hop: hop.address != answer.target, answer.hops)
    way = [href, *(hop.address for hop in hops), answer.target]
    named = [address for address in way if "#" in address]
    _, mark, place = named[-1].partition("#") if named else ("", "", "")
    return _page(answer.target) + mark + place


def _shown(address: str) -> str:
    """The address as a message quotes it."""
    cut = address if len(address) <= LONGEST_SHOWN else f"{address[: LONGEST_SHOWN - 1]}…"
    return _escaped(cut)


def _escaped(address: str) -> str:
    """The address with escapes for all that belongs into none, or that one does not see."""
    return "".join(
        character
        if character.isprintable() and character not in NO_PART
        else "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
        for character in address
    )


def _fix(document: Document, addresses: Sequence[Link | Image], target: str) -> Fix | None:
    """The fix of an address that all of these have in common; None if one cannot be written."""
    if len(target) > LONGEST or not target.isprintable() or not PLAIN.fullmatch(target):
        return None
    edits = {edit for address in addresses for edit in _edits(document, address, target)}
    known = [edit for edit in edits if edit]
    return Fix(tuple(sorted(known)), False, f"`{target}`") if len(known) == len(edits) else None


def _edits(document: Document, address: Link | Image, target: str) -> Iterator[Edit | None]:
    """What changes where the address is written; None for what cannot."""
    span = address.href_span
    text = _written(document, address, target)
    known = _read(document.source[span], address.style) == address.href
    yield Edit(document.path, span, text) if text and known else None
    if isinstance(address, Image):
        return
    words = _words(address, target)
    if not words:
        return
    if document.heading_at(address.span.start):
        yield None  # others may link to the heading by its words
    elif span != address.text_span:
        yield _relabelled(document, address, words)


def _read(written: str, style: str) -> str:
    """The address that is written there."""
    if style == "html":
        return unescape(written)
    if style in ("autolink", "bare"):
        return written
    plain = BACKSLASH.sub(r"\1", written)
    return WRITTEN_ENTITY.sub(lambda entity: unescape(entity[0]), plain)


def _written(document: Document, address: Link | Image, target: str) -> str:
    """How the target is written in place of the address; empty if it cannot be."""
    text, span = document.source.text, address.href_span
    before = text[span.start - 1 : span.start]
    match address.style:
        case "html":
            value = target.replace("&", "&amp;")
            return value if before == '"' else _quoted(value, before)
        case "autolink" | "bare" if ENTITY.search(target):
            return ""  # some decode it there, and some do not
        case "autolink":
            return target
        case "bare":
            behind = BEHIND.match(text, span.end)
            whole = target + (behind[0] if behind else "")
            ends = next(bare_addresses(whole), None) == (0, len(target))
            return target if ends and not STYLING.search(target) else f"<{target}>"
        case _:
            value = ENTITY.sub("&amp;", target)
            return (
                value if before == "<" or _balanced(value) else PARENTHESIS.sub(r"\\\g<0>", value)
            )


def _quoted(value: str, quote: str) -> str:
    """The value of an attribute, in the single quotes that it has, or in new double ones."""
    return value.replace("'", "&#39;") if quote == "'" else f'"{value}"'


def _balanced(address: str) -> bool:
    """Whether each parenthesis is closed that is opened, and not too many are open at once."""
    open_ones = 0
    for parenthesis in PARENTHESIS.findall(address):
        open_ones += 1 if parenthesis == "(" else -1
        if not 0 <= open_ones <= DEEPEST:
            return False
    return not open_ones


def _words(link: Link, target: str) -> str:
    """The words of the link for its new address; empty if they are no address."""
    words, old = link.text.strip().rstrip("/"), link.href.strip()
    for one, other in ((old, target), (_page(old), _page(target))):
        if words == one.rstrip("/"):
            return other
        if words and words == one.partition("//")[2].rstrip("/"):
            return other.partition("//")[2]
    return ""


def _relabelled(document: Document, link: Link, words: str) -> Edit | None:
    """The edit of the words of the link; None if they are written in a way that is not known."""
    label = document.trimmed(link.text_span)
    written = document.source[label]
    if link.style == "reference" and link.span.end <= link.text_span.end + len("][]"):
        return None  # it is the name of the definition
    if _read(written, link.style) == link.text.strip():
        return Edit(document.path, label, _label(words, link.style))
    if written == f"`{link.text.strip()}`":
        return Edit(document.path, label, f"`{words}`")
    return None


def _label(words: str, style: str) -> str:
    """The words as they are written so that a reader sees them as they are."""
    if style == "html":
        return STYLING.sub(lambda mark: f"&#{ord(mark[0])};", words.replace("&", "&amp;"))
    return STYLING.sub(r"\\\g<0>", ENTITY.sub("&amp;", words))
