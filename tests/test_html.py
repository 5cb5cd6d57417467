"""Raw HTML, and what is odd in it."""

from __future__ import annotations

import pytest

from dsqa.html import tags, unescape


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("a &amp; b", "a & b", id="a name"),
        pytest.param("&#65;&#x42;", "AB", id="numbers"),
        pytest.param(f"&#{'1' * 5000};.", "\ufffd.", id="more digits than Python takes"),
        pytest.param(f"&#x{'1' * 5000}.", "\ufffd.", id="the same in hexadecimals"),
        pytest.param("&#99999999999;", "\ufffd", id="no character has this number"),
        pytest.param("&nowhere; & &#;", "&nowhere; & &#;", id="what is none"),
    ],
)
def test_character_references(written: str, meant: str) -> None:
    assert unescape(written) == meant
    assert [tag.attributes["id"].value for tag in tags(f'<a id="{written}">')] == [meant]
