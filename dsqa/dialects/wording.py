"""Whether words ask: by their mark, by how they begin, or by how they end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

LONGEST_JUDGED = 400
"""Characters; who has not begun to ask by then tells a story."""
LEAST_ASKING = 0.2
"""So large a share must ask before telling counts: all manuals tell."""
MARK = re.compile(r"[?\uff1f\u061f\u2e2e\u055e\u2047\u2048](?!\w)|(?<=[\u0370-\u03ff]);\s*\Z")
DRESS = re.compile(r"[\W_]*+(?:Q(?:uestion)?\s?[.:)]\s*+)?", re.IGNORECASE)
"""What may stand before the words: signs, and a label without a number."""


ONE_I = str.maketrans("İı", "ii")
"""Turkish has two, so that the small one of `I` is either."""


def _small(text: str) -> str:
    return text.translate(ONE_I).lower()


def _phrases(text: str) -> frozenset[str]:
    """The phrases, which bars part."""
    return frozenset(" ".join(phrase.split()) for phrase in _small(text).split("|")) - {""}


OPENING = _phrases(
    """
    what | what's | what’s | whats | why | how | when | where | which | who | who's | who’s |
    whose | whom | is | are | am | do | does | did | can | could | should | would | will |
    was | were | has | have | in what | in which | for what | at what | on what |
    to what | difference between | differences between | difference of | difference in |
    the difference between |
    что | чтo | что такое | как | какой | какая | какое | какие | каким | какими | каких |
    какую | каков | какова | почему | зачем | когда | где | куда | откуда | чем | чего | кто |
    кому | сколько | можно | можете | можем | есть ли | возможно ли | нужно ли | в чем |
    в чём | в каких | в каком | в какой | для чего | за что | из чего | на чем | на чего |
    от чего | с каким | относится ли | является ли | допустимо ли |
    чи | що | який | яка | яке | які | як | чому | навіщо | коли | де | у чому | в чому | што |
    чаму |
    какво | как | защо | кога | къде | чему | шта | што | како | зашто | каде |
    qué | que es | que son | cómo | cuál | cuál es | cuáles | cuándo | dónde | por qué |
    para qué | quién | quiénes | cuánto | cuánta | cuántos | cuántas | en qué | a qué |
    de qué |
    o que | qual | quais | quando | onde | por que | quem | quanto | quanta | quantos |
    quantas | como | para que |
    qu'est-ce | qu’est-ce | que | quel | quels | quelle | quelles | quoi | comment | pourquoi |
    quand | où | combien | est-ce que | est-ce qu'il | à quoi | en quoi | dans quel |
    dans quelle | avez-vous | pouvez-vous | peut-on |
    was | wie | warum | wieso | weshalb | welche | welcher | welches | welchen | welchem |
    wann | wo | wozu | wer | worin | woraus | wodurch | womit | worauf | wofür | kann |
    kannst | können | gibt | ist | sind | hast | soll | sollte |
    che cos'è | cos'è | che cos’è | cos’è | cosa | come | quali | qual è | perché | dove |
    chi | quanto | quanti | quando |
    wat | hoe | waarom | wanneer | welk | welke | waar | vad | hur | varför | vilken | vilket |
    vilka | när | hva | hvordan | hvorfor | hvilke | hvilken | hvilket | hvad | hvornår |
    mikä | mitä | miten | miksi | milloin |
    co | jak | jakie | jaka | jaki | jaką | dlaczego | kiedy | gdzie | który | czym | czy |
    na czym | proč | kdy | kde | jaký | jaká | jaké | čo | ako | prečo | kedy | aký |
    šta | što | kako | zašto | kada | gdje | gde | koji | koja | koje | kaj | zakaj | ce |
    cum | de ce | când | unde | care | mi | mi az | hogyan | miért | mikor | hol | melyik |
    τι | πώς | πως | γιατί | πότε | πού | ποιος | ποια | ποιο | ποιες | ποιοι | çfarë | si |
    pse | kur | cili | cila |
    ne | nasıl | neden | niçin | hangi | nedir | kim | kaç | nima | qanday |
    apa | bagaimana | mengapa | kenapa | kapan | di mana | siapa | berapa | apakah | thế nào |
    tại sao | vì sao | làm thế nào | khi nào | có | ano | paano | bakit |
    ما | ماذا | ماهو | ماهي | ما هو | ما هي | كيف | لماذا | متى | أين | اين | من | هل | أي |
    كم | لم | بماذا | ايه | إيه | ازاي | ليه | چیست | چه | چگونه | چرا | کدام | آیا | کجا |
    چطور | کیا | کیسے | מה | מהו | מהי | איך | כיצד | למה | מדוע | מתי | איפה | האם | מי |
    אילו |
    क्या | कैसे | क्यों | कब | कहाँ | कौन | किस | কী | কি | কেন | কিভাবে | কখন |
    几 | 谁 | 何时 | なぜ | どう | どの | どんな | 何 | 왜 | 무엇 | 어떻게 | 어떤
    """
)
"""What questions begin with."""
INSIDE = _phrases(
    """
    什么 | 什麼 | 如何 | 为什么 | 為什麼 | 为何 | 怎么 | 怎麼 | 怎样 | 哪些 | 哪几 | 哪个 |
    哪種 | 区别 | 區別 | 差异 | 差異 | 是否 | 多少 | 有何 | 异同 | 的理解 |
    とは | でしょう | ですか | ますか | 違い | なぜ | どのよう | 何が | 何を | 何で |
    무엇 | 차이 | 이란 | 어떻게 | 어떤 | 왜  |
    là gì | như thế nào | thế nào | nedir | nelerdir | mıdır | क्या | कैसे | क्यों | कौन |
    अंतर | อะไร | อย่างไร | ทำไม | ต่างกัน | หรือไม่ | ยังไง | နည်း | လား | သလဲ | မလဲ | ဘာ |
    ဘယ် | مالفرق | الفرق | چیست | تفاوت
    """
)
"""What asks wherever it stands, in languages that do not put it first."""
INSIDE_ASCII = tuple(filter(str.isascii, INSIDE))
ENDING = ("吗", "嗎", "呢", "か", "란", "까", "요", "なさい", "설명", "説明")
"""What asks, or tells, at the end."""
TELLING = _phrases(
    """
    explain | describe | define | name | list | give | tell | write | compare | implement |
    create | discuss | mention | differentiate | distinguish | find | design | suppose |
    imagine | given | consider | make | state | show | demonstrate | illustrate | outline |
    elaborate | enumerate | provide | calculate | compute | prove | derive | determine |
    reverse | sort | print | build | convert | swap | count | check | talk | walk | say | you |
    there | let | return | remove | how to | using |
    объясните | объясни | опишите | опиши | расскажите | расскажи | назовите | назови |
    приведите | перечислите | сравните | дайте | напишите | напиши | написать | реализуйте |
    поясніть | опишіть | назвіть | розкажіть |
    explica | explique | hable | habla | mencione | menciona | describa | escriba | haga |
    diga | indique | nombra | escribe | defina | descreva | cite | fale | expliquez |
    décrivez | définissez | donnez | citez | listez | parlez |
    erkläre | erklären | beschreibe | beschreiben | nenne | nennen | definiere | definieren |
    erläutere | erläutern | spiega | descrivi | definisci | elenca | leg uit | beskriv |
    förklara | wyjaśnij | opisz | wymień | vysvětli | popiš |
    açıkla | açıklayın | açıklayınız | anlatın | jelaskan | sebutkan | giải thích | trình bày |
    hãy | nêu |
    اشرح | عرف | اذكر | اكتب | وضح | قارن | تحدث | הסבר | תאר
    """
)
"""What tells somebody to answer."""
TELLING_INSIDE = _phrases(
    """
    介绍 | 介紹 | 说说 | 說說 | 说一下 | 说下 | 谈谈 | 讲讲 | 讲一下 | 讲下 | 简述 | 请 | 請 |
    解释 | 解釋 | 描述 | 列举 | 实现 | 手写 | 聊聊 | 설명 | 구현 | समझाइए | समझाओ | बताइए |
    बताओ
    """
)
"""The same in languages that write no blanks, or put it last."""

WORD_END = re.compile(r"(?![\w-])")
LONGEST = max(map(len, OPENING | TELLING))
STOPS = ".。 \t\n\u00a0\u3000"
"""What may stand behind the end."""


class Wording(Enum):
    """How words ask: with a mark, as questions begin or end, or by telling somebody to answer."""

    MARKED = "marked"
    ASKING = "asking"
    TELLING = "telling"
    NONE = "none"


@lru_cache(maxsize=1024)
def wording(text: str) -> Wording:
    """How the words ask."""
    text = text[:LONGEST_JUDGED].strip()
    if MARK.search(text):
        return Wording.MARKED
    dress = DRESS.match(text)
    opening = _openings(text[dress.end() if dress else 0 :])
    tells = not opening.isdisjoint(TELLING)
    if (not tells and not opening.isdisjoint(OPENING)) or _asks_inside(text):
        return Wording.ASKING
    tells = tells or any(phrase in text for phrase in TELLING_INSIDE)
    return Wording.TELLING if tells else Wording.NONE


def _openings(text: str) -> set[str]:
    """All that the text begins with, up to the end of each of its first words."""
    text = _small(text[: LONGEST + 1])
    return {text[: end.start()] for end in WORD_END.finditer(text)}


def _asks_inside(text: str) -> bool:
    """Whether something asks that need not stand first."""
    text = _small(text)
    phrases = INSIDE_ASCII if text.isascii() else INSIDE
    return any(phrase in text for phrase in phrases) or text.rstrip(STOPS).endswith(ENDING)


def likeness(texts: Sequence[str]) -> float:
    """How large a share of the texts ask; telling counts only beside some that ask."""
    if not texts:
        return 0.0
    found = [wording(text) for text in texts]
    asking = sum(one in (Wording.MARKED, Wording.ASKING) for one in found)
    telling = sum(one is Wording.TELLING for one in found)
    return (asking + (telling if asking >= LEAST_ASKING * len(texts) else 0)) / len(texts)


def marked(texts: Sequence[str]) -> float:
    """How large a share of the texts has what statements have not: a mark, or a word inside."""
    clear = (MARK.search(text[:LONGEST_JUDGED]) or _asks_inside(text) for text in texts)
    return sum(map(bool, clear)) / max(len(texts), 1)
