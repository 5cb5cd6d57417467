"""Documents in which Markdown is as it should not be: the same ones in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dsqa.markdown import Markdown, judged, read
from dsqa.source import Source

SEED = 11
ENDS = ("\n", "\n", "\n", "\r\n", "\r")
WORDS = """
    a ¦ b ¦ foo ¦ snake_case_word ¦ 2*3*4 ¦ **bold** ¦ *em* ¦ __strong__ ¦ _em_ ¦ ***both***
    **bold**word ¦ wo**rd** ¦ *a **b** c* ¦ **a *b* c** ¦ *a **b* c** ¦ _a *b_ c*
    **"quoted"**, ¦ (**bold**) ¦ **(a)** ¦ *( a)* ¦ ** a** ¦ **a ** ¦ **中文**字 ¦ 中**文。**字
    **中。**字
    _中_字 ¦ **🔥** ¦ *🔥*a ¦ ~~gone~~ ¦ ~a~ ¦ ~~~ ¦ a~~b~~ ¦ * ¦ ** ¦ _ ¦ __ ¦ *** ¦ a*
    *a ¦ _a ¦ a_ ¦ a** ¦ a**b**c ¦ a*b*c*d ¦ ***a** b* ¦ *a **b*** ¦ ****a**** ¦ [a](b)
    [a](b.md "t") ¦ [a](b 't') ¦ [a](b (t)) ¦ [a]() ¦ [a](<b c>) ¦ [a](<>) ¦ [a](b(c)d)
    [a](b(c) ¦ [a](b c) ¦ [a](b(c "d") ¦ [a](b"c") ¦ [a](b "c"d) ¦ [a]( b ) ¦ [a]( )
    [a](#:~:text=x%20y) ¦ [a](<b) ¦ [a](<b> "c") ¦ [a](<b>c) ¦ [a](<b\\>c>) ¦ ![a](<b c>)
    [a](javascript:x) ¦ [a](JAVASCRIPT:x) ¦ [a](data:x) ¦ [a](x:y) ¦ [a](b&amp;c) ¦ [a](b\\)c)
    [a](/b?c=1&d=2) ¦ [a](b\nc) ¦ [a [b](c) d](e) ¦ [[a](b)] ¦ [[a]](b) ¦ [[a] b](c)
    [a [b] c](d) ¦ [a [b](c)](d) ¦ [[a]] ¦ [[1,2],[3]] ¦ [a][b](c) ¦ [a][r] ¦ [r] ¦ [r][] ¦ [a]:
    [a] ¦ [ ] ¦ [x] ¦ [] ¦ [[ ¦ ]] ¦ ![] ¦ ![a] ¦ ![a](b.png) ¦ ![](b.png) ¦ ![a](b "c")
    ![a *b* `c`](d) ¦ [![a](b)](c) ¦ [![a](b)![c](d)](e) ¦ [x ![a](b)](c) ¦ ![a ![b](c)](d)
    ![a [b](c)](d) ¦ [a `]` b](c) ¦ [a `b` c](d) ¦ [`a](b)` ¦ [*a*](b) ¦ [**a*](b) ¦ *[a*](b)
    *[a](b)* ¦ **[a](b)** ¦ [a\\]](b) ¦ \\[a](b) ¦ [a](b)[c](d) ¦ !\\[a](b) ¦ \\![a](b) ¦ ]( )
    [ ]( ¦ !! ¦ ![ ¦ `code` ¦ ``a`b`` ¦ ` ¦ `` ¦ `a ¦ `b`c` ¦ `` ` `` ¦ ` a ` ¦ ` a` ¦ `  `
    `\\` ¦ `<a>` ¦ `*` ¦ *`a*` ¦ &amp; ¦ &lt; ¦ &copy; ¦ &#35; ¦ &#x22; ¦ &#42;a&#42; ¦ &nbsp;
    &bogus; ¦ & ¦ &; ¦ &a ¦ < ¦ <a ¦ <a> ¦ </a> ¦ <br> ¦ <br/> ¦ <br /> ¦ <a href="b">c</a>
    <a href='b'> ¦ <a href=b> ¦ <a b> ¦ <a b = c> ¦ <a b= "c"d> ¦ <a b=> ¦ <a b=c/>
    <a\nb="c"\n> ¦ <T a={b} /> ¦ <></> ¦ </ a> ¦ &#124; ¦ &#7; ¦ &#0; ¦ &#xD800; ¦ &#1234567;
    &#x2003; ¦ &#8203; ¦ &#160; ¦ &#abc; ¦ &#65;
    <img src="x.png" alt="y"> ¦ <b ¦ <a,b> ¦ <T> ¦ <a.b>
    <a.b:c> ¦ </a b> ¦ <A.B/> ¦ <a/b> ¦ <!-- c --> ¦ <!-- a\nb --> ¦ <!----> ¦ <!--->
    <!-- a -- b --> ¦ <!--a ¦ <? b ?> ¦ <!A> ¦ <![CDATA[a]]> ¦ <http://a.b>
    <https://a.b/C_d?e> ¦ <https://a.b/C_d> ¦ <a@b.c> ¦ <mailto:a@b.c> ¦ <x:y> ¦ <5 ¦ a<b ¦ a>b
    1<2>1 ¦ <details> ¦ <summary>s</summary> ¦ </details> ¦ <span id="n"> ¦ <a name="n"></a>
    http://a.b ¦ https://a.b/c_d. ¦ (https://a.b/(c)) ¦ www.a.b, ¦ www.a.b_c ¦ *https://a.b*
    "https://a.b" ¦ ftp://a.b ¦ https://a&amp;b.c; ¦ \\ ¦ \\\\ ¦ \\* ¦ \\_a\\_ ¦ \\` ¦ \\a ¦ \\&
    \\< ¦ a\\ ¦ # ¦ ## ¦ #a ¦ - ¦ + ¦ = ¦ | ¦ \\| ¦ : ¦ ; ¦ ! ¦ ? ¦ . ¦ 1. ¦ 2) ¦ Q1: ¦ ** Q1**
    1986. ¦ 1) ¦ $x_1$ ¦ $$ ¦ {a} ¦ @ ¦ ^ ¦ % ¦ \0 ¦ \xa0 ¦ \u3000 ¦ \u2028 ¦ \u200b ¦ \ufeff ¦ \f
    \v ¦ \x1c ¦ \x85 ¦ é ¦ e\u0301 ¦ \U0001d407 ¦ 日本語 ¦ ** ¦ * ¦ _
"""
BLOCKS = """
    # h ¦ ## h ## ¦ ### ¦ #  ¦ #h ¦ ####### h ¦ # h #a# ¦ # h \\# ¦ ## ## ¦ ## *h* `c` [a](b) ##
       # h ¦     # h ¦ \t# h ¦ #\th ¦ h\n=== ¦ h\nh\n--- ¦ h\n- ¦ = ¦ === ¦ --- ¦ *** ¦ * * *
    ___ ¦ _ _ _ ¦ --- - ¦ - - - ¦ -- - ¦ ** ¦ * * ¦ * ¦ + ¦ - ¦ -  ¦ 1. ¦ 1) ¦ * a ¦ - a ¦ + a
    1. a ¦ 2. a ¦ 3) a ¦ 01. a ¦ 1986. a ¦ 123456789. a ¦ 1234567890. a ¦ *   a ¦ -    a
    -     a ¦ -\ta ¦ 1.\ta ¦ * # h ¦ * - a ¦ - - - a ¦ 1. - a ¦ - 1. a ¦ * ``` ¦ * > a
    * > a\n> b ¦ * a\n  > b\n* c ¦ * <b> ¦ * <div>\n  a\n\n  b ¦ * --- ¦ - * * * ¦ * a   ¦ *\x20
    *\n  a ¦ -\n\n  a ¦ 1. [a](b) ¦ * [x] a ¦ * a\n---\nb ¦ ``` ¦ ```python ¦ ~~~ ¦ ~~~ a
    ````  ¦ ``` a`b ¦ `` ¦   ``` ¦     ``` ¦    ~~~ ¦ > a ¦ > # h ¦ >a ¦ > ¦ > > a ¦ > - a
    > ``` ¦   > a ¦ >\ta ¦ > \ta ¦ > a\n> ¦ > a\n# b ¦ > a\n- b ¦ > a\n=== ¦ > a\n---
    > - a\n>\n\nb ¦ > |a|\n> |-| ¦ | a | b | ¦ |a|b ¦ |---|--- ¦ |-| ¦ |:-: ¦ -: ¦ a \\| b | c
    - | - ¦ -|- ¦ |---| ¦ | a ¦ -- ¦ -- ¦ :- ¦ :-- ¦ a|b|c ¦ a|b\n-|-\nc ¦ a\n|b|\n|-|\n|c
    |a|\n|-|\n- b ¦ <details> ¦ </details> ¦ <summary>a</summary> ¦ <div> ¦ </div>
    <p align="center"> ¦ <b> ¦ </b> ¦ <b>a</b> ¦ <a id="x"></a> ¦ <a id="x"> ¦ <img src="a.png">
    <img src = "a"> ¦ <br> ¦ <pre> ¦ </pre> ¦ <script> ¦ </script> ¦ <style> ¦ <!-- a --> ¦ <!--
    --> ¦ <!-- a ¦ a --> b ¦ <?a ¦ ?> ¦ <!A ¦ <![CDATA[ ¦ ]]> ¦ <x-y> ¦ <h1>a</h1>
    <table><tr><td>a</td></tr></table> ¦ <DIV> ¦ <div ¦ <div a ¦ < div> ¦ <https://a.b>
    <a@b.c> ¦   <div> ¦     <div> ¦ <search> ¦ <div.a> ¦ <p:a> ¦ <hr/> ¦ <li>[a](b)
    <b>\xa0 ¦ <b>\xa0\na ¦ <a id=x> ¦ <a id = "x"> ¦ <a id=x\nb> ¦ <T a={b} /> ¦ <a\tb>
    [r]: b.md ¦ [r]: <b c> "t" ¦ [r]: ¦ [r]: b 't ¦ [r ¦ r]: b ¦ [R]: c "t" x ¦ [a] ¦ [a]: b\nc
    [a\nb]: c ¦ [a\n===\nb]: c ¦   [r]: b ¦     [r]: b ¦ [^1]: a ¦ > [r]: b ¦ * [s]: b ¦ a ¦ a b
      a ¦    a ¦     a ¦      a ¦       a ¦ \ta ¦ \t\ta ¦  \ta ¦   \ta ¦ a   ¦ a    ¦ a\\ ¦ a\t
    \xa0 ¦ \xa0a ¦ a\xa0 ¦ \u2028a ¦ \f ¦ \fa ¦ \x1ca ¦ \x85 ¦ \ufeffa ¦ \ufeff# h
    ---\na: b\n--- ¦ ---\na: b ¦ +++ ¦ \\# h ¦ \\* a ¦ \\1. a ¦ 1\\. a ¦ &#35; h ¦ **a**
    **a** b ¦ **a**: b ¦ **a\nb** ¦ **a\nb** c\nd ¦ **![a\nb](c)** d\ne ¦ __a__ ¦ *a* ¦ `a\nb`
    [a\nb](c) ¦ [a](b\n"t") ¦ ![a\nb](c) ¦ <a\nhref="b"> ¦ <!-- a\nb --> ¦ a<br>b ¦ **a\n
    * b** ¦ Q1: a? ¦ **Q1: a?** ¦ ### Q1: a? ¦ 1. ### Q1: a? ¦ Answer: ¦ __Q1. a__\x20\x20
    a <b\nc> d
"""
SEVERAL = (
    "|a|b|\n|-|-|\n|[c](d)|`e|f`|\n| g \\| h |",
    "a | b\n:-|-:\nc|d|e\nf\n\n",
    "<details>\n<summary>**a** b</summary>\n\nc\n\n</details>\n",
    "<details><summary>a</summary>\n<p>\n\n#### b\n\n</p>\n</details>",
    "```js\na\n\n# b\n  * c\n```",
    "* a\n\n  b\n\n  ```\n  c\n d\n  ```\n* e",
    "1. a\n   - b\n   - c\n     d\n\n2. e\nf",
    "- a\n  - b\n    - c\n   d\n\n\n- e\n* f",
    "> a\nb\n> - c\n> d\n>\n> ```\n> e\n\nf",
    "10. ### a\n\n    b\n\n    ```\n    c\n    ```\n\n    | d |\n    |---|\n\n11. ### e",
    "    a\n\n      b\n\tc",
    "<!--\n# a\n\n* b\n-->",
    ">\n     > a",
    "> - a\n> \tb\n>\n>\t c",
    "-\ta\n    b\n\n    c\n   d",
    "1.\t- a\n\t- b\n\n2.  \tc\n10.\td\n -\t\te",
    "> 1.\ta\n>     b",
    "- " * 60 + "a",
    "> " * 60 + "a",
    "1. > - a\n   >   b\n\n   c\n2. > d\n   e",
    "[r]: b\n[s]: c 'd'\n\n[e][r] [s] ![f][s]",
)


def _parted(words: str) -> list[str]:
    return words.strip("\n").removeprefix(INDENT).replace(f"\n{INDENT}", " ¦ ").split(" ¦ ")


INDENT = " " * 4
PIECES, PARTS = _parted(WORDS), _parted(BLOCKS)
STARTS = ("", "", "", "", " ", "  ", "   ", "    ", "     ", "\t", "* ", "- ", "1. ", "> ", "  * ")


def difference(text: str) -> str:
    """What is not read alike in a text by the two ways to read it; empty if nothing."""
    fast, slow = read(Source("qa.md", text)), judged(Source("qa.md", text))
    return "\n".join(
        f"{name} of {text!r}\n  is  {found!r}\n  not {wanted!r}"
        for name, found, wanted in zip(Markdown._fields, fast, slow, strict=True)
        if found != wanted
    )


def documents(count: int, seed: int = SEED) -> Iterator[str]:
    """Documents of some lines each."""
    chance = random.Random(seed)
    for _ in range(count):
        text = "\n".join(_block(chance) for _ in range(chance.randint(1, 10)))
        text += chance.choice(("", "\n", "\n\n"))
        yield text.replace("\n", chance.choice(ENDS))


def _block(chance: random.Random) -> str:
    if chance.random() < 0.9:
        return _line(chance)
    indent = chance.choice(STARTS)
    return "\n".join(indent + line for line in chance.choice(SEVERAL).split("\n"))


def _line(chance: random.Random) -> str:
    match chance.randrange(8):
        case 0 | 1:
            return chance.choice(("", "", "", " ", "\t"))
        case 2 | 3 | 4:
            return chance.choice(STARTS) + chance.choice(PARTS)
        case 5:
            return chance.choice(STARTS) + chance.choice(STARTS) + chance.choice(PARTS)
        case _:
            return chance.choice(STARTS) + _words(chance)


def _words(chance: random.Random) -> str:
    words = [chance.choice(PIECES) for _ in range(chance.randint(1, 6))]
    gaps = [chance.choice((" ", " ", " ", "", "", "  ", "\n", "  \n", "\\\n")) for _ in words]
    return "".join(word + gap for word, gap in zip(words, gaps, strict=True))
