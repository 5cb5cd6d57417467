"""What `--online` asks, whom it asks, and what is said of the answers; all on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dsqa.cli import main
from dsqa.config import Misuse
from dsqa.network.address import parse
from dsqa.network.asking import asked
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard
from dsqa.online import headers_of
from dsqa.outside import Outcome
from dsqa.reporters import formats

Run = Callable[..., tuple[int, str, str]]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)
PAGE = b"<!DOCTYPE html><title>t</title><body><h1 id=recall>Recall</h1><p>A share of all.</p>"
QUESTION = "## Q1: What is recall?\n\nA share. {}\n"


@dataclass
class Site:
    """A server on this machine: what it answers by path, and what it was asked."""

    url: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    slow: float = 0.0

    def says(self, path: str, status: int, body: bytes = b"", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body)
        return self.url + path

    def asked(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _ in self.requests]


class Server(ThreadingHTTPServer):
    """A server whose guests may leave whenever they like."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            raise  # noqa: PLE0704 - it is called where the error is handled


@pytest.fixture
def sites() -> Iterator[Callable[[], Site]]:
    """Makes servers, and ends them."""
    servers = []

    def make() -> Site:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self.answer(with_body=False)

            def do_GET(self) -> None:
                self.answer(with_body=True)

            def answer(self, *, with_body: bool) -> None:
                made.requests.append((self.command, self.path, dict(self.headers)))
                time.sleep(made.slow)
                status, headers, body = made.pages.get(self.path, (404, {}, b"none"))
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if with_body:
                    self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        server = Server(("127.0.0.1", 0), Handler)
        made = Site(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return made

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(sites: Callable[[], Site]) -> Site:
    return sites()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder, with a cache of its own and leave to ask this machine."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    own = ("--online", "--allow", "127.0.0.1", "--cache", str(tmp_path / "cache"))

    def run(*arguments: str, allowed: bool = True, online: bool = True) -> tuple[int, str, str]:
        given = () if not online else own if allowed else (own[0], *own[3:])
        code = main([arguments[0], *given, *arguments[1:]])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def write(text: str, name: str = "qa.md") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def linked(*addresses: str) -> str:
    return QUESTION.format(" ".join(f"[Recall]({address})" for address in addresses))


def found(run: Run, *arguments: str, **options: bool) -> list[tuple[str, str, str]]:
    """The rule, the severity and the message of what is found about the world outside."""
    out = run("check", "--format", "json", *arguments, **options)[1]
    findings = json.loads(out)["findings"]
    return [(f["rule"], f["severity"], f["message"]) for f in findings if f["rule"][:3] == "NET"]


def test_a_dead_address_is_an_error_once_it_is_confirmed(run: Run, site: Site) -> None:
    gone = site.says("/gone", 404)
    write(linked(gone))
    code, out, _ = run("check")
    assert (code, "warning" in out, f"Nothing is at `{gone}`: 404 Not Found" in out) == (
        0,
        True,
        True,
    )
    assert "1 address (1 dead)" in out
    assert run("check", "--confirm-after", "0")[0] == 1
    assert site.asked() == [("HEAD", "/gone"), ("GET", "/gone")]


def test_an_address_that_lives_is_not_told(run: Run, site: Site) -> None:
    write(linked(site.says("/recall", 200)))
    code, out, _ = run("check")
    assert (code, "NET" in out, "1 address (1 alive)" in out) == (0, False, True)


def test_one_request_for_an_address_however_often_it_is_written(run: Run, site: Site) -> None:
    page = site.says("/recall", 200, PAGE)
    write(linked(page, page) + f"\n<{page}#recall> ![Curve]({site.says('/roc', 200, PICTURE)})\n")
    write(linked(page), "other.md")
    assert found(run) == []
    assert sorted(site.asked()) == [
        ("GET", "/recall"),
        ("GET", "/roc"),
        ("HEAD", "/recall"),
        ("HEAD", "/roc"),
    ]


def test_a_second_run_trusts_the_first(run: Run, site: Site) -> None:
    write(linked(site.says("/recall", 200)))
    assert found(run) == []
    _, out, _ = run("check")
    assert "1 address had answered not long before and was not asked again" in out
    assert len(site.requests) == 1
    run("check", "--no-cache")
    assert len(site.requests) == 2


def test_a_run_that_reached_nobody_says_so(run: Run) -> None:
    write(linked("http://127.0.0.1:1/closed"))
    assert "the address could not be reached; this machine may have no way" in run("check")[1]


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        pytest.param(200, [], id="alive"),
        pytest.param(401, ["NET006"], id="a login"),
        pytest.param(403, ["NET006"], id="forbidden"),
        pytest.param(404, ["NET001"], id="not found"),
        pytest.param(410, ["NET001"], id="gone"),
        pytest.param(500, ["NET006"], id="broken"),
        pytest.param(999, ["NET006"], id="no status of HTTP"),
    ],
)
def test_the_verdict_on_a_status(run: Run, site: Site, status: int, rule: list[str]) -> None:
    write(linked(site.says("/it", status)))
    assert [code for code, _, _ in found(run)] == rule


def test_what_nobody_can_tell_is_never_more_than_a_note(run: Run, site: Site) -> None:
    pages = [site.says(f"/{status}", status) for status in (401, 403, 451, 500, 502, 999)]
    site.says("/", 200, PAGE)
    write(
        linked(*pages, "http://127.0.0.1:1/closed", site.says("/login?next=1", 302, Location="/"))
    )
    code, out, _ = run("check", "--fail-on", "warning", "--select", "NET")
    assert code == 0
    assert {severity for _, severity, _ in found(run)} == {"info"}
    assert "8 places in 1 file" in out


def test_a_host_that_asks_for_patience_is_asked_later(run: Run, site: Site) -> None:
    write(linked(site.says("/busy", 429, Retry_After="1")))
    began = time.monotonic()
    assert [code for code, _, _ in found(run)] == ["NET006"]
    assert time.monotonic() - began >= 1
    assert len(site.requests) == 2


def test_a_host_that_asks_for_too_much_patience_is_let_be(run: Run, site: Site) -> None:
    write(linked(*(site.says(f"/busy{n}", 429, Retry_After="3600") for n in range(40))))
    began = time.monotonic()
    assert len(found(run)) == 40
    assert time.monotonic() - began < 5
    assert len(site.requests) <= 4


def test_an_address_that_moved_is_told_with_its_new_one(run: Run, site: Site) -> None:
    new = site.says("/guide/recall", 200, PAGE)
    write(linked(site.says("/recall", 301, Location="/guide/recall") + "#recall"))
    code, out, _ = run("check")
    assert (code, f"unsafe fix: {new}#recall" in out) == (0, True)
    assert run("fix")[0] == 0
    assert site.url + "/recall#recall" in Path("qa.md").read_text(encoding="utf-8")
    assert run("fix", "--unsafe")[0] == 0
    assert Path("qa.md").read_text(encoding="utf-8") == linked(new + "#recall")


@pytest.mark.parametrize(
    ("status", "target", "rules"),
    [
        pytest.param(302, "/recall", [], id="for now"),
        pytest.param(301, "/old/", [], id="for good, to a slash more"),
        pytest.param(308, "/old?from=there", [], id="for good, to where one comes from"),
        pytest.param(301, "/gone", ["NET001"], id="for good, to nothing"),
        pytest.param(301, "/", ["NET006"], id="for good, to the front page"),
        pytest.param(301, "/login?to=old", ["NET006"], id="for good, to a login"),
        pytest.param(301, "/old", ["NET006"], id="in a circle"),
        pytest.param(301, "http://10.0.0.7/recall", ["NET004"], id="into a private network"),
        pytest.param(301, "ftp://127.0.0.1/recall", ["NET006"], id="out of the web"),
    ],
)
def test_where_redirects_lead(
    run: Run, site: Site, status: int, target: str, rules: list[str]
) -> None:
    for path in ("/", "/recall", "/login?to=old", "/old/", "/old?from=there"):
        site.says(path, 200, PAGE)
    write(linked(site.says("/old", status, Location=target)))
    assert [code for code, _, _ in found(run)] == rules


def test_a_baseline_knows_what_is_dead(run: Run, site: Site) -> None:
    write(linked(site.says("/gone", 404)))
    assert run("baseline", "--confirm-after", "0")[0] == 0
    assert found(run, "--confirm-after", "0") == []
    assert run("check", online=False)[0] == 0
    assert run("baseline", online=False)[0] == 0
    assert found(run, "--confirm-after", "0") == []
    write(linked(site.says("/gone", 404), site.says("/lost", 404)))
    assert [code for code, _, _ in found(run, "--confirm-after", "0")] == ["NET001"]


@pytest.mark.parametrize(
    ("host", "outcome"),
    [
        pytest.param("old.example.net", Outcome.MOVED, id="a page"),
        pytest.param("doi.org", Outcome.ALIVE, id="a lasting name"),
        pytest.param("bit.ly", Outcome.ALIVE, id="a short form"),
    ],
)
def test_a_name_that_is_meant_to_lead_elsewhere_has_not_moved(
    site: Site, host: str, outcome: Outcome
) -> None:
    port = site.url.rpartition(":")[2]
    site.says("/recall", 200, PAGE)
    site.says("/10.1/it", 301, Location=f"http://new.example.net:{port}/recall")
    names = (host, "new.example.net")
    guard = Guard(names, resolve=lambda name: ["127.0.0.1"])
    wanted = Wanted(parse(f"http://{host}:{port}/10.1/it"))
    ((_, answer),) = asked([wanted], guard, Manners(), user_agent="a test")
    assert answer.outcome is outcome


def test_a_place_that_the_page_has_not(run: Run, site: Site) -> None:
    page = site.says("/page", 200, PAGE)
    write(linked(f"{page}#recall", f"{page}#precision", f"{page}#:~:text=share%20of%20all"))
    assert found(run) == [("NET003", "warning", f"The page `{page}` has no place `#precision`")]
    write(linked(f"{page}#:~:text=share%20of%20none"))
    assert [code for code, _, _ in found(run)] == ["NET003"]


def test_a_page_where_a_picture_should_be(run: Run, site: Site) -> None:
    good = site.says("/roc.png", 200, PICTURE, Content_Type="image/png")
    bad = site.says("/lost.png", 200, PAGE)
    write(QUESTION.format(f"![ROC curve]({good}) ![Lost curve]({bad})"))
    assert found(run) == [("NET005", "warning", f"`{bad}` is no picture, but `text/html`")]


def test_nothing_private_is_asked_unless_it_is_allowed(run: Run, site: Site) -> None:
    write(linked(site.says("/recall", 200)))
    assert [code for code, _, _ in found(run, allowed=False)] == ["NET004"]
    assert site.requests == []
    other = site.url.rpartition(":")[2]
    assert found(run, "--allow", f"127.0.0.1:{int(other) ^ 1}", allowed=False) != []
    assert site.requests == []
    assert found(run, "--allow", f"127.0.0.1:{other}", allowed=False) == []


def test_what_is_not_asked(run: Run, site: Site) -> None:
    addresses = [site.says(f"/{number}", 200) for number in range(6)]
    write(
        linked(addresses[0])
        + f"\n`{addresses[1]}`\n"
        + f"\n```\n{addresses[2]}\n```\n"
        + "\n[Own](https://github.com/own/qa/blob/main/qa.md) [None](https://example.com/none)\n"
        + "[Template](https://{{ site.url }}/recall) [Mail](mailto:someone@example.net)\n"
        + f"\n<!-- dsqa: ignore[NET] -->\n[Silent]({addresses[3]})\n"
        + f"\n[Left alone]({addresses[4]})\n"
    )
    write(linked(addresses[5]), "ignored.md")
    settings = (
        'repository = "own/qa"\nunasked = ["*/4"]\n[per-file-ignores]\n"ignored.md" = ["NET"]\n'
    )
    write(settings, "dsqa.toml")
    out = run("check", "--format", "json")[1]
    assert site.asked() == [("HEAD", "/0")]
    assert json.loads(out)["summary"]["addresses"] == {"alive": 1}


def test_only_the_links_that_a_change_added_are_asked(run: Run, site: Site) -> None:
    def git(*words: str) -> None:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
        subprocess.run(command, check=True, capture_output=True)

    old, moved, new = (site.says(path, 410) for path in ("/old", "/moved", "/new"))
    git("init", "-q", "-b", "main")
    write(linked(old, moved))
    git("add", ".")
    git("commit", "-qm", "one")
    write("## Q0: What came before?\n\nMuch.\n\n" + linked(old, new))
    write(linked(moved), "other.md")
    git("add", ".")
    assert found(run, "--since", "HEAD") == [
        ("NET001", "warning", f"Nothing is at `{new}`: 410 Gone")
    ]
    assert {path for _, path in site.asked()} == {"/new"}


@pytest.mark.parametrize(
    ("planted", "cache", "code"),
    [
        pytest.param(".cache/addresses.sqlite3-journal", ".cache", 2, id="a file in it"),
        pytest.param(".Cache/addresses.sqlite3", ".cache", 2, id="in other letters"),
        pytest.param(".cache", ".cache/inner", 2, id="a link on the way"),
        pytest.param("link", "link", 2, id="a link to elsewhere"),
        pytest.param("other/file", ".cache", 0, id="nothing of it"),
        pytest.param("other/file", "../cache", 0, id="outside"),
    ],
)
def test_a_cache_that_a_stranger_may_have_written_is_not_opened(
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    planted: str,
    cache: str,
    code: int,
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    write(linked(site.says("/recall", 200)))
    place = Path(planted)
    place.parent.mkdir(parents=True, exist_ok=True)
    if "/" in planted:
        place.write_text("x", encoding="utf-8")
    else:
        place.symlink_to(tmp_path / "elsewhere")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "."], check=True)
    assert main(["check", "--online", "--allow", "127.0.0.1", "--cache", cache]) == code
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_cache_is_no_way_to_another_file(run: Run, site: Site, tmp_path: Path) -> None:
    write(linked(site.says("/recall", 200)))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "addresses.sqlite3").symlink_to(tmp_path / "victim")
    _, out, _ = run("check")
    assert "addresses.sqlite3 is a symbolic link" in out
    assert not (tmp_path / "victim").exists()


def test_a_key_is_for_one_host_only(
    run: Run, sites: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = sites(), sites()
    other.says("/recall", 200)
    write(linked(one.says("/old", 302, Location=f"{other.url}/recall"), one.says("/new", 200)))
    monkeypatch.setenv("ONE_HEADER", "Authorization: Bearer of-one")
    assert found(run, "--header", f"{one.url}=ONE_HEADER") == []
    keys = [headers.get("Authorization") for _, _, headers in one.requests]
    assert (len(keys) >= 2, set(keys)) == (True, {"Bearer of-one"})
    assert [headers.get("Authorization") for _, _, headers in other.requests] == [None]
    cached = b"".join(
        place.read_bytes() for place in Path("../cache").rglob("*") if place.is_file()
    )
    assert b"of-one" not in cached


def test_a_key_that_a_host_repeats_is_shown_to_nobody(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCS_HEADER", "Authorization: Bearer s3cr3t-of-ours")
    site.says("/new?key=s3cr3t%2Dof-ours", 200, PAGE)
    write(linked(site.says("/old", 301, Location="/new?key=s3cr3t%2Dof-ours")))
    _, out, _ = run("check", "--header", f"{site.url}=DOCS_HEADER", "--format", "json")
    stored = b"".join(place.read_bytes() for place in (tmp_path / "cache").iterdir())
    assert "repeats the key" in out
    assert ("s3cr3t" in out, b"s3cr3t" in stored) == (False, False)


def test_what_a_key_opens_is_not_searched_for_words(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCS_HEADER", "Authorization: Bearer of-ours")
    page = site.says("/page", 200, PAGE)
    write(linked(f"{page}#:~:text=share%20of%20none", f"{page}#none"))
    assert found(run, "--header", f"{site.url}=DOCS_HEADER") == []
    assert [code for code, _, _ in found(run)] == ["NET003", "NET003"]


def test_an_answer_with_a_key_is_not_for_who_has_none(
    run: Run, sites: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCS_HEADER", "Authorization: Bearer of-ours")
    one, docs = sites(), sites()
    write(linked(one.says("/to-docs", 302, Location=docs.says("/page", 404))))
    assert [code for code, _, _ in found(run)] == ["NET001"]
    docs.says("/page", 200, PAGE)
    assert found(run, "--header", f"{docs.url}=DOCS_HEADER") == []
    assert [code for code, _, _ in found(run)] == ["NET001"]


def test_a_header_for_nobody_is_told(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_HEADER", "Authorization: Bearer of-ours")
    write(linked(site.says("/page", 200, PAGE)))
    _, out, _ = run("check", "--header", "127.0.0.1=DOCS_HEADER")
    assert "the header for `https://127.0.0.1` was sent to nobody" in out


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        pytest.param("/404.html", "a page about an error", id="error page"),
        pytest.param("/en/", "the front page", id="front page in a language"),
        pytest.param("/?utm=gone", "the front page", id="front page with a query"),
        pytest.param("/index.html", "the front page", id="front page by its file"),
        pytest.param("/sso/start", "a login", id="login"),
        pytest.param("/" + "x" * 3000, "more than 2000 characters", id="long address"),
    ],
)
def test_a_redirect_to_where_nothing_of_it_is_says_little(
    run: Run, site: Site, target: str, reason: str
) -> None:
    site.says(target, 200, PAGE)
    write(linked(site.says("/deep/recall", 301, Location=target)))
    ((code, _, message),) = found(run)
    assert code == "NET006"
    assert reason in message


def test_who_asks_says_who_it_is(run: Run, site: Site) -> None:
    write(linked(site.says("/recall", 200)))
    run("check")
    (headers,) = (headers for _, _, headers in site.requests)
    assert headers["User-Agent"].startswith("dsqa/")
    assert "https://" in headers["User-Agent"]


@pytest.mark.parametrize("name", sorted(set(formats()) - {"statistics"}))
def test_every_format_tells_the_evidence(run: Run, site: Site, name: str) -> None:
    write(linked(site.says("/old", 302, Location="/gone")))
    _, out, _ = run("check", "--format", name, "--confirm-after", "0")
    out = unescape(re.sub(r"</?(?:code|span)>|`", "", out)).replace("%3A", ":")
    assert "404 Not Found" in out
    assert time.strftime("%Y-%m-%d", time.gmtime()) in out
    assert f"302 to {site.url}/gone" in " ".join(out.split())


def test_the_evidence_as_data(run: Run, site: Site) -> None:
    write(linked(site.says("/old", 301, Location="/gone")))
    out = run("check", "--format", "json", "--confirm-after", "0")[1]
    (finding,) = (f for f in json.loads(out)["findings"] if f["rule"] == "NET001")
    evidence = finding["evidence"]
    assert {name: evidence[name] for name in ("outcome", "status", "hops", "confirmed")} == {
        "outcome": "dead",
        "status": 404,
        "hops": [{"status": 301, "address": f"{site.url}/gone"}],
        "confirmed": True,
    }
    assert evidence["asked"] == evidence["first_dead"]


@pytest.mark.parametrize(
    "header",
    ["", "Name", ": value", "Name:", "A name: value", "Näme: value", "Name: välue", "A: b\nC: d"],
)
def test_a_variable_must_hold_a_header(header: str) -> None:
    with pytest.raises(Misuse) as caught:
        headers_of(["docs.example.net=KEY"], {"KEY": header})
    assert str(caught.value).endswith("$KEY holds no header such as `Name: value`")


def test_blanks_around_a_header_do_not_count() -> None:
    headers = headers_of(["docs.example.net=KEY"], {"KEY": " X-Key :  a b \n"})
    assert headers == {"https://docs.example.net": {"X-Key": "a b"}}


def test_blanks_around_an_address_do_not_count(run: Run, site: Site) -> None:
    page = site.says("/page", 200, PAGE)
    write(QUESTION.format(f'<a href=" {page}#recall&#10;">A</a> <a href="{page}#lost ">B</a>'))
    assert found(run) == [("NET003", "warning", f"The page `{page}` has no place `#lost`")]


def test_a_proxy_is_asked_for_all_hosts(run: Run, site: Site) -> None:
    site.pages["http://recall.host/"] = (200, {}, PAGE)
    site.pages["http://busy.host/"] = (502, {}, b"no such host")
    write(
        linked("http://recall.host/", "http://gone.host/", "http://busy.host/", "http://10.0.0.1/")
    )
    rules = [(code, message) for code, _, message in found(run, "--proxy", site.url)]
    assert rules == [
        ("NET001", "Nothing is at `http://gone.host/`: 404 Not Found"),
        (
            "NET006",
            "Nobody can tell from here whether `http://busy.host/` is alive: 502 Bad Gateway",
        ),
        ("NET004", "The address was not asked: `10.0.0.1` is private or reserved"),
    ]
    assert ("HEAD", "http://recall.host/") in site.asked()
    assert {path for _, path in site.asked()} == {*site.pages, "http://gone.host/"}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--allow", "127.0.0.1"), id="leave without a question"),
        pytest.param(("--confirm-after", "0"), id="a time of nothing"),
        pytest.param(("--select", "NET001"), id="only rules that need it"),
        pytest.param(("--online", "--allow", "300.1.1.1/99"), id="no network"),
        pytest.param(("--online", "--header", "example.net"), id="no variable"),
        pytest.param(("--online", "--header", "example.net=NO_SUCH_THING"), id="an empty variable"),
        pytest.param(("--proxy", "http://proxy:3128"), id="no way to ask nothing"),
        pytest.param(("--online", "--proxy", "proxy:3128"), id="no proxy"),
        pytest.param(("--online", "--timeout", "0"), id="no time"),
        pytest.param(("--online", "--timeout", "nan"), id="no number"),
        pytest.param(("--online", "--confirm-after", "-1"), id="before it was dead"),
    ],
)
def test_what_makes_no_sense_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(linked("https://example.com/"))
    try:
        code = main(["check", *arguments])
    except SystemExit as exit:
        code = int(exit.code or 0)
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_settings_cannot_switch_it_on_or_widen_it(run: Run, site: Site) -> None:
    write(linked(site.says("/recall", 200)))
    for key in ("online = true", 'allow = ["127.0.0.1"]', 'header = ["a=B"]', 'cache = "c"'):
        write(key + "\n", "dsqa.toml")
        assert run("check", allowed=False)[0] == 2
    write('select = ["ALL"]\n', "dsqa.toml")
    run("check", online=False)
    assert site.requests == []


def test_ctrl_c_prints_what_is_known_so_far(site: Site, tmp_path: Path) -> None:
    site.says("/gone", 404)
    slow = [site.says(f"/slow{number}", 200) for number in range(60)]
    (tmp_path / "qa.md").write_text(linked(f"{site.url}/gone", *slow), encoding="utf-8")
    site.slow = 0.2
    command = [sys.executable, "-m", "dsqa", "check", "--online", "--allow", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--cache", "cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 20
    while len(site.requests) < 8 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Nothing is at" in out
    assert "stopped when" in out
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_only_a_terminal_sees_how_far_it_is(site: Site, tmp_path: Path) -> None:
    import pty

    pages = [site.says(f"/{number}", 200) for number in range(8)]
    (tmp_path / "qa.md").write_text(linked(*pages), encoding="utf-8")
    site.slow = 0.1
    command = [sys.executable, "-m", "dsqa", "check", "--online", "--allow", "127.0.0.1"]
    controller, terminal = pty.openpty()
    result = subprocess.run(
        [*command, "--no-cache"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            "TERM": "xterm-256color",
        },
        stdout=subprocess.PIPE,
        stderr=terminal,
        check=False,
    )
    os.close(terminal)
    seen = os.read(controller, 1 << 16).decode()
    os.close(controller)
    assert result.returncode == 0
    assert "asking" in seen
    assert re.search(r"[1-8]/8", seen)
    assert b"asking" not in result.stdout


OFFLINE = """
import sys, runpy

def forbid(event, arguments):
    if event.startswith("socket."):
        print("SOCKET", event, arguments)
        raise SystemExit(99)

sys.addaudithook(forbid)
from dsqa.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["check", "fix", "status", "export", "baseline", "explain"])
def test_nothing_opens_a_socket_without_it(tmp_path: Path, command: str) -> None:
    content = Path(__file__).resolve().parents[1] / "content"
    for place in content.rglob("*.md"):
        target = tmp_path / place.relative_to(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(place.read_bytes())
    links = "http://127.0.0.1/ //localhost/ https://example.net/#a http://[::1]/ ftp://127.0.0.1/"
    (tmp_path / "qa.md").write_text(linked(*links.split()), encoding="utf-8")
    (tmp_path / "dsqa.toml").write_text(
        'select = ["ALL"]\nrepository = "own/qa"\n', encoding="utf-8"
    )
    subject = "qa.md" if command == "explain" else "."
    result = subprocess.run(
        [sys.executable, "-c", OFFLINE, command, subject],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SOCKET" not in result.stdout + result.stderr
    assert result.returncode in (0, 1)


def test_the_guard_of_that_test_can_fail(tmp_path: Path) -> None:
    code = OFFLINE.replace("from dsqa.cli import main", "import socket; socket.socket()")
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (result.returncode, "SOCKET" in result.stdout) == (99, True)
