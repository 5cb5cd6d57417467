"""An answer is all that stands below its question, with or without an `Answer:` before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Sequence
from itertools import groupby, takewhile

from dsqa.document import Answer, AnswerState, Block, Image, Link
from dsqa.source import Source, Span
from dsqa.target import Kind, parse_target
from dsqa.words import fold

MARKER = re.compile(
    r"""
    \s*+ [*_]{0,3}
    (?: (?: answers? | ans | solution ) [*_]{0,3} [ \t]*+ (?: [:\uff1a] [*_]{0,3} | (?= \s*+ $ ) )
      | (?: A | antwort | respuesta | resposta | risposta | réponse | cevap | odpowiedź
          | ответ | відповідь | 답변? | 정답 | 答案? | 回答 | 解答 | 答え )
        [*_]{0,3} [ \t]*+ [:\uff1a] [*_]{0,3} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
PLACEHOLDER = r"""(?x)
    (?: to[ ]?do | tb[acdw] | fixme | wip | work[ ]in[ ]progress | coming[ ]soon
      | answer[ ]pending | pending[ ]answer
      | (?: (?: answer | this | it )[ ] )? (?: is[ ] | will[ ]be[ ] )? to[ ]be[ ]
        (?: added | answered | completed | continued | done | filled | updated | written )
        (?: [ ](?: later | soon ) )?
      | (?: will[ ]be[ ] )? (?: added | updated | answered )[ ](?: soon | later )
      | (?: add | write | your | insert )[ ](?: (?: the | an | your )[ ])? answer (?: [ ]here )?
      | answer[ ]here | no[ ]answer (?: [ ]yet )? | not[ ](?: yet[ ])? answered (?: [ ]yet )?
      | under[ ]construction
      | à[ ](?: compléter | faire | rédiger | venir ) | en[ ]construction | bientôt
      | próximamente | por[ ](?: completar | hacer ) | en[ ]construcción
      | em[ ](?: breve | construção ) | in[ ]arrivo | da[ ](?: completare | fare )
      | kommt[ ]noch | folgt[ ]noch | in[ ](?: arbeit | bearbeitung ) | noch[ ]offen
      | скоро (?: [ ]будет )? | будет[ ](?: добавлено | дополнено ) | в[ ]разработке
      | 작성[ ]?(?: 중 | 예정 ) | 준비[ ]?중 | 추후[ ](?: 작성 | 수정 | 추가 ) (?: [ ]?예정 )?
      | 답변[ ](?: 작성 | 추가 ) (?: 하기 | [ ]?예정 )?
      | (?: 答案 )? (?: 待补充 | 待完善 | 待更新 | 待续 | 待定 ) | 未完待续 | 暂无答案 | 敬请期待
      | 準備中 | 作成中 | 未回答 | 近日公開
    )
"""
LONGEST_PLACEHOLDER = 80
"""Characters; who writes more has begun to answer."""
MEANINGLESS = "lorem ipsum "
NOTE_TO_ONESELF = re.compile(
    r"""
    [\W_]* (?: TODO | TBD | TBA | FIXME | WIP ) (?: [ ]* [:\uff1a\u2013\u2014-] .{0,120} )?
    """,
    re.VERBOSE,
)
REFERENCES = frozenset(
    """references|reference|sources|source|further reading|read more|see also|links
    |참고|참고 자료|参考|参考资料|参考文献|ссылки|источники""".replace("\n    ", "").split("|")
)
HEADINGS = frozenset(
    """answer|answers|solution|solutions|explanation|antwort|lösung|respuesta|solución|resposta
    |solução|réponse|risposta|cevap|odpowiedź|ответ|решение|відповідь|答案|参考答案|解答|答え|回答|解析
    |답|답변|정답|الإجابة|الجواب|jawaban|उत्तर|đáp án|trả lời""".replace("\n    ", "").split("|")
)
"""What stands as a heading above an answer."""
LONGEST_WAY_BACK = 60
BACK = r"""(?xi)
    [\u2190-\u21ff\u2303\u23eb\u25b2\u25b4\u2b06\u2b61\u261d\U0001f51d\U0001f53c\U0001f446^]
    | \b (?: top | back | toc | index | contents | up | home | menu | return | questions
      | наверх | вверх | назад | начало | начала | оглавлени[юе] | содержани[юе] | вгору | догори
      | arriba | volver | inicio | índice | haut | retour | sommaire | oben | zurück | inhalt
      | topo | voltar | início | inizio | torna | su | yukarı | başa | góry | powrót | boven | terug
      | atas | kembali | đầu | أعلى | الأعلى | العودة | بالا ) \b
    | 回到 | 返回 | 顶部 | 頂部 | 目录 | 目錄 | 目次 | トップ | 戻る | 맨[ ]?위 | 위로 | 목차 | 처음
"""
MEDIA = re.compile(r"<(?:audio|canvas|embed|iframe|math|object|picture|svg|video)\b", re.IGNORECASE)
INVITATIONS = frozenset(
    ("answer", "show answer", "view answer", "see answer", "reveal answer", "click to see answer")
)
"""What a fold in the page promises; it is no answer itself."""
FILLER = frozenset(".…_-–—*?! \t\r\n")
POINTING = frozenset(
    """here|link|this|this link|this article|this page|this post|this blog|this video|article|source
    |click here|see here|read here""".replace("\n    ", "").split("|")
)
FURTHER_READING = re.compile(r"\b(?:more|further|also|reference|references|source|sources)\b")
LONGEST_PHRASE = 80
"""Characters, with all its dress."""
OUTSOURCED_WORDS = 100
"""An answer with more words than these answers by itself, wherever else it may lead."""


def read_answer(
    source: Source,
    body: Span,
    blocks: Sequence[Block],
    images: Sequence[Image],
    links: Sequence[Link],
) -> Answer:
    """The answer that the body holds; what is given of it is what stands inside the body."""
    introduced = marker(source, body)
    upwards = [link for link in links if link.href.startswith("#")]
    blocks = [block for block in blocks if not (upwards and _leads_back(block, links))]
    texts = [_without_marker(source, block, introduced) for block in blocks]
    visible = "".join(texts).strip()
    media = MEDIA.search(source.text, body.start, body.end)
    said = list(takewhile(lambda text: not _is_one_of(REFERENCES, text), texts))
    cited = len(said) < len(texts) and not "".join(said).strip()
    state, evidence = AnswerState.ANSWERED, None
    if not visible and images:
        state, evidence = AnswerState.IMAGE_ONLY, images[0].span
    elif not visible and media:
        state, evidence = AnswerState.IMAGE_ONLY, Span(*media.span())
    elif not visible or (cited and not images and not media):
        state, evidence = AnswerState.EMPTY, introduced
    elif not images and not media and _promises(source[body], said):
        state = AnswerState.PLACEHOLDER
        evidence = next(block.span for block, text in zip(blocks, texts, strict=True) if text)
    elif link := _outsourcing(blocks, texts, links):
        state, evidence = AnswerState.OUTSOURCED, link.span
    return Answer(body, state, introduced, evidence)


def _leads_back(block: Block, links: Sequence[Link]) -> bool:
    """Whether it is nothing but a link that leads back to the top or to the index."""
    if len(block.text) > LONGEST_WAY_BACK or not re.search(BACK, block.text):
        return False
    first = bisect.bisect_left(links, block.span.start, key=lambda link: link.span.start)
    inside = [link for link in links[first : first + 2] if link.span in block.span]
    alone = len(inside) == 1 and inside[0].href.startswith("#")
    return alone and fold(inside[0].text) == fold(block.text)


def _promises(written: str, said: Sequence[str]) -> bool:
    """Whether what stands above the references only holds the place of an answer."""
    visible = "".join(said).strip()
    if FILLER.issuperset(visible):
        # in code it is an answer: the question may be about a sign
        return bool(visible) and "`" not in written
    words = fold(" ".join(text[:2_000] for text in said))
    if f"{words} ".startswith(MEANINGLESS):
        return True
    if len(words) <= LONGEST_PLACEHOLDER and re.fullmatch(PLACEHOLDER, words):
        return True
    return NOTE_TO_ONESELF.fullmatch(" ".join(said)[:2_000]) is not None


def visible_answer(source: Source, answer: Answer, blocks: Sequence[Block]) -> list[str]:
    """The texts that a reader sees of an answer, without its marker, one for each part of it."""
    inside = (b for b in blocks if answer.span.start <= b.span.start < answer.span.end)
    texts = [(block.span, _without_marker(source, block, answer.marker)) for block in inside]
    parts = groupby(texts, key=lambda text: text[0])
    joined = ("\n".join(text for _, text in lines if text) for _, lines in parts)
    return [text for text in joined if text]


def marker(source: Source, body: Span) -> Span | None:
    """The `Answer:` with which the first line that has words begins."""
    text = source[body]
    start = body.start + len(text) - len(text.lstrip())
    if start >= body.end:
        return None
    line = source.line_span(source.line_of(start))
    match = MARKER.match(source.text, start, line.end)
    return Span(start, match.end()) if match else None


def _without_marker(source: Source, block: Block, marker: Span | None) -> str:
    """The visible text of a block, behind the marker if it is in there."""
    if _is_one_of(INVITATIONS, block.text):
        return ""
    if marker is None or not block.span.overlaps(marker):
        return block.text.strip()
    match = MARKER.match(block.text.partition("\n")[0])
    return block.text[match.end() :].strip() if match else block.text.strip()


def _is_one_of(phrases: Collection[str], text: str) -> bool:
    """Whether the text says one of the phrases and nothing else."""
    return len(text) <= LONGEST_PHRASE and fold(text) in phrases


def _outsourcing(
    blocks: Sequence[Block], texts: Sequence[str], links: Sequence[Link]
) -> Link | None:
    """The link to which a short answer sends its reader for the answer itself."""
    outside = [link for link in links if parse_target(link.href).kind is Kind.EXTERNAL]
    if not outside:
        return None
    words = sum(len(text.split(maxsplit=OUTSOURCED_WORDS)) for text in texts)
    if words > OUTSOURCED_WORDS:
        return None
    link = outside[-1]
    if words - len(link.text.split()) <= 2:
        return link
    block, text = [(b, t) for b, t in zip(blocks, texts, strict=True) if t][-1]
    sentence = re.split(r"[.!?]\s*(?=[A-Z])", text)[-1].lower()
    points = fold(link.text) in POINTING and link.span in block.span
    last = sentence.rstrip(" \t\n.!:)…").endswith(link.text.strip().lower())
    return link if points and last and not FURTHER_READING.search(sentence) else None
