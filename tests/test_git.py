"""What git knows of a tree, against scratch repositories, and what links make of it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dsqa import git
from dsqa.cli import main
from dsqa.config import Config
from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.git import Checkout, moved_folders, successors
from dsqa.landing import Fault
from dsqa.linter import lint
from dsqa.run import repository
from dsqa.workspace import Disk, Workspace

HOST = "https://github.com/own/qa"
LINES = "".join(f"What stands on line {number}.\n" for number in range(9))
CLEAN = """\
## Q1: What is recall?

The share of what is there that was found, see [Q2](#q2-what-is-precision).

## Q2: What is precision?

The share of what was found that is there.
"""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own settings, and no hook that the tests may run in, speak to git here."""
    for name in git.OF_ANOTHER_CHECKOUT & set(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")


class Scratch:
    """A repository of its own."""

    def __init__(self, root: Path, origin: str = f"{HOST}.git", branch: str = "main") -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", branch)
        if origin:
            self.git("remote", "add", "origin", origin)

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str] | None = None) -> None:
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")

    def refs(self, *names: str, head: str = "") -> None:
        """What a clone would know of its origin."""
        for name in names:
            self.git("update-ref", name, "HEAD")
        if head:
            self.git("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{head}")

    def findings(self, markdown: str, path: str = "qa.md") -> list[Finding]:
        """What is found of links and images in the Markdown, as it would stand there."""
        document, world = self.read(markdown, path)
        return [f for f in lint(document, world) if f.code in ("IMG001", "IMG006") or is_link(f)]

    def read(self, markdown: str, path: str = "qa.md") -> tuple[Document, Workspace]:
        """The Markdown as it would stand there, and what is around it."""
        self.write({path: markdown})
        disk = Disk(self.root)
        world = Workspace(disk, repository(disk, Config(self.root), self.root / path))
        document = world.document(path)
        assert document
        return document, world

    def told(self, markdown: str) -> list[tuple[str, str, str]]:
        """The code, the reason and the replacement of each finding."""
        return [
            (f.code, f.reason, f.fix.edits[0].text if f.fix else "")
            for f in self.findings(markdown)
        ]


def is_link(finding: Finding) -> bool:
    return finding.code in {f"LNK00{number}" for number in range(1, 6)}


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "scratch")


# Names


@pytest.mark.parametrize(
    ("url", "name"),
    [
        pytest.param("https://github.com/own/qa.git", "own/qa", id="https"),
        pytest.param("https://github.com/own/qa", "own/qa", id="without .git"),
        pytest.param("https://www.github.com/own/qa/", "own/qa", id="with a slash"),
        pytest.param("https://x:y@github.com/own/q.a.git", "own/q.a", id="with a password"),
        pytest.param("git@github.com:own/qa.git", "own/qa", id="scp"),
        pytest.param("github.com:own/qa", "own/qa", id="scp without user"),
        pytest.param("git@github.com-work:own/qa.git", "own/qa", id="scp with a key of its own"),
        pytest.param("ssh://git@github.com/own/qa.git", "own/qa", id="ssh"),
        pytest.param("ssh://git@ssh.github.com:443/own/qa.git", "own/qa", id="ssh over https"),
        pytest.param("git://github.com/own/qa.git", "own/qa", id="git"),
        pytest.param("https://gitlab.com/own/qa.git", "", id="another host"),
        pytest.param("https://github.com.example.org/own/qa", "", id="a host that looks like it"),
        pytest.param("https://example.org/github.com/own/qa", "", id="a path that looks like it"),
        pytest.param("../qa.git", "", id="a folder"),
    ],
)
def test_the_address_of_the_origin_tells_the_name(tmp_path: Path, url: str, name: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {url}\n')
    assert Checkout(tmp_path).name == name


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        pytest.param("[core]\n\turl = github.com:a/b\n", ("", ""), id="no remote"),
        pytest.param('[Remote "origin"] URL = "github.com:a/b" ; x\n', ("a/b", ""), id="one line"),
        pytest.param(
            '[remote "origin"]\nurl=github.com:a/b\nurl=github.com:c/d\n', ("a/b", ""), id="two"
        ),
        pytest.param('[remote "github"]\nurl=github.com:a/b\n', ("a/b", ""), id="the only one"),
        pytest.param(
            '[remote "x"]\nurl=github.com:a/b\n[remote "y"]\nurl=github.com:c/d\n',
            ("", ""),
            id="none of two",
        ),
        pytest.param(
            '[remote "origin"]\nurl=github.com:me/b\n[remote "upstream"]\nurl=github.com:a/b\n',
            ("me/b", "a/b"),
            id="a fork",
        ),
        pytest.param('[remote "origin"]\n\tpushurl=github.com:a/b\n', ("", ""), id="only to push"),
        pytest.param("\0" * 99 + "]" * 99_999, ("", ""), id="nonsense"),
    ],
)
def test_remotes(tmp_path: Path, settings: str, names: tuple[str, str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(settings)
    checkout = Checkout(tmp_path)
    assert (checkout.name, checkout.parent) == names


@pytest.mark.parametrize(
    ("refs", "head", "branch"),
    [
        pytest.param(["main", "master", "dev"], "dev", "dev", id="what the origin showed"),
        pytest.param(["main", "a/b"], "a/b", "a/b", id="with a slash"),
        pytest.param(["main", "dev"], "", "main", id="the one usual name"),
        pytest.param(["master", "main"], "", "", id="two usual names"),
        pytest.param(["dev"], "", "", id="no usual name"),
        pytest.param(["main"], "master", "main", id="what it showed is gone"),
        pytest.param([], "", "", id="nothing was fetched"),
    ],
)
@pytest.mark.parametrize("storage", ["loose", "packed", "tables"])
def test_the_default_branch(
    scratch: Scratch, refs: list[str], head: str, branch: str, storage: str
) -> None:
    scratch.commit()
    scratch.refs(*[f"refs/remotes/origin/{ref}" for ref in refs], head=head)
    if storage == "packed":
        scratch.git("pack-refs", "--all")
    if storage == "tables":
        (scratch.root / ".git" / "reftable").mkdir()
    assert Checkout(scratch.root).branch == branch


@pytest.mark.parametrize("kind", ["worktree", "submodule"])
def test_a_checkout_whose_git_folder_is_elsewhere(scratch: Scratch, kind: str) -> None:
    scratch.commit({"old.md": LINES})
    scratch.git("mv", "old.md", "new.md")
    scratch.commit()
    scratch.refs("refs/remotes/origin/main", head="main")
    place = scratch.root.parent / "other"
    if kind == "worktree":
        scratch.git("worktree", "add", "--quiet", str(place))
    else:
        outer = Scratch(place, origin="")
        allowed = ("-c", "protocol.file.allow=always")
        outer.git(*allowed, "submodule", "--quiet", "add", str(scratch.root), "inner")
        place /= "inner"
        subprocess.run(["git", "remote", "set-url", "origin", HOST], cwd=place, check=True)
    assert (place / ".git").is_file()
    checkout = Checkout(place)
    assert (checkout.name, checkout.branch) == ("own/qa", "main")
    assert (checkout.tracks("new.md"), checkout.successor("old.md")) == (True, "new.md")


def test_a_fork_and_what_it_was_forked_from_are_both_its_own(scratch: Scratch) -> None:
    scratch.git("remote", "set-url", "origin", "git@github.com:me/qa.git")
    scratch.git("remote", "add", "upstream", HOST)
    scratch.commit({"list.md": "# List\n"})
    address = "[x](https://github.com/{}/qa/blob/main/list.md)\n"
    assert scratch.told(address.format("own")) == []
    assert scratch.told(address.format("me")) == []
    assert [code for code, *_ in scratch.told(address.format("other"))] == ["LNK002"]


def test_settings_say_which_of_two_names_is_right(scratch: Scratch) -> None:
    scratch.git("remote", "set-url", "origin", "git@github.com:me/qa.git")
    scratch.git("remote", "add", "upstream", HOST)
    settings = Config(scratch.root, repository="Own/QA")
    found = repository(Disk(scratch.root), settings, scratch.root / "qa.md")
    assert (found.present, found.authoritative) == (("Own/QA",), True)
    found = repository(Disk(scratch.root), settings, scratch.root.parent / "qa.md")
    assert found.present == ("me/qa", "own/qa")


# What became of files


@pytest.mark.parametrize(
    ("history", "fates"),
    [
        pytest.param("R9 a b", {"a": "b"}, id="renamed"),
        pytest.param("D a", {"a": ""}, id="deleted"),
        pytest.param("R9 b c  R9 a b", {"a": "c", "b": "c"}, id="renamed twice"),
        pytest.param("D b  R9 a b", {"a": "", "b": ""}, id="renamed, then deleted"),
        pytest.param("R9 a c  D a", {"a": "c"}, id="deleted, made anew, then renamed"),
        pytest.param("R9 b a  R9 a b", {"a": "a", "b": "a"}, id="there and back"),
        pytest.param(
            "R9 b c  D b  R9 a b", {"a": "", "b": "c"}, id="another file of the same name"
        ),
        pytest.param("R9 b c  R9 a b  R9 b d", {"a": "c", "b": "c"}, id="a name used twice"),
    ],
)
def test_history_is_followed(history: str, fates: Mapping[str, str]) -> None:
    assert successors(history.split()) == fates


RENAMED = "the host does not redirect to a renamed file"


@pytest.fixture
def moved(scratch: Scratch) -> Scratch:
    """A file that was renamed twice, an image that was moved, and a file that was deleted."""
    text = f"# List\n\n{LINES}"
    scratch.commit({"first.md": text, "curve.png": LINES, "gone.md": "# x\n", "Ünü x.md": LINES})
    scratch.git("mv", "first.md", "second.md")
    scratch.git("rm", "--quiet", "gone.md")
    scratch.commit()
    scratch.write({"docs/x.md": ""})
    scratch.git("mv", "second.md", "docs/third list.md")
    scratch.git("mv", "curve.png", "docs/curve.png")
    scratch.git("mv", "Ünü x.md", "docs/ünü.md")
    scratch.commit()
    scratch.refs("refs/remotes/origin/main", head="main")
    return scratch


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        pytest.param("[x](first.md)", ("LNK003", RENAMED, "docs/third%20list.md"), id="relative"),
        pytest.param(
            "[x](second.md#list)", ("LNK003", RENAMED, "docs/third%20list.md#list"), id="anchor"
        ),
        pytest.param(
            "[x](second.md#gone)",
            ("LNK003", f"{RENAMED}; no heading has its anchor either", ""),
            id="dead anchor",
        ),
        pytest.param(
            f"[x]({HOST}/blob/main/first.md)",
            ("LNK003", RENAMED, "docs/third%20list.md"),
            id="address",
        ),
        pytest.param("[x](%C3%9Cn%C3%BC%20x.md)", ("LNK003", RENAMED, "docs/ünü.md"), id="letters"),
        pytest.param("![x](curve.png)", ("LNK003", RENAMED, "docs/curve.png"), id="image"),
        pytest.param("[x](gone.md)", ("LNK001", "it was deleted", ""), id="deleted"),
        pytest.param("![x](gone.png)", ("IMG001", "", ""), id="never there"),
    ],
)
def test_a_link_to_a_former_file(
    moved: Scratch, markdown: str, found: tuple[str, str, str]
) -> None:
    (code, reason, href) = found
    if href:
        href = href.replace("ünü", "%C3%BCn%C3%BC")
    assert moved.told(markdown) == [(code, reason, href)]
    (finding,) = moved.findings(markdown)
    assert finding.severity is Severity.ERROR
    assert finding.fix is None or finding.fix.safe


def test_what_is_called_differently_now_is_said(moved: Scratch) -> None:
    (finding,) = moved.findings("[x](first.md)\n")
    assert finding.message == "`first.md` is called `docs/third list.md` now"


def test_a_document_that_was_renamed_leads_to_itself(scratch: Scratch) -> None:
    scratch.commit({"old.md": CLEAN})
    scratch.git("mv", "old.md", "qa.md")
    scratch.commit()
    index = f"* [Q1: What is recall?]({HOST}/blob/main/old.md#q1-what-is-recall)\n\n"
    assert scratch.told(index + CLEAN) == [("LNK003", RENAMED, "#q1-what-is-recall")]


def test_a_successor_that_is_not_here_either_is_not_named(moved: Scratch) -> None:
    (moved.root / "docs" / "curve.png").unlink()
    assert moved.told("![x](curve.png)\n") == [("IMG001", "", "")]


def test_without_history_nothing_is_claimed(moved: Scratch) -> None:
    place = moved.root.parent / "shallow"
    moved.git("clone", "--quiet", "--depth=1", moved.root.as_uri(), str(place))
    checkout = Checkout(place)
    assert checkout.tracks("docs/third list.md")
    assert [checkout.successor(path) for path in ("first.md", "gone.md")] == [None, None]


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        pytest.param({"a/b/x": "c/b/x", "a/y": "c/y"}, {"a/b": "c/b", "a": "c"}, id="renamed"),
        pytest.param({"a/x": "c/x", "a/y": ""}, {}, id="half of it deleted"),
        pytest.param({"a/x": "c/x", "a/y": "c/y", "a/z": ""}, {"a": "c"}, id="a little deleted"),
        pytest.param({"a/x": "c/x", "a/y": "c/y", "a/z": "d/z"}, {}, id="parted"),
        pytest.param({"a/x": "a2/x", "a/y": "a/z", "a/w": "a2/w"}, {}, id="a file got a new name"),
        pytest.param({"a/x": "x"}, {}, id="to the root"),
        pytest.param({"x": "a/x"}, {}, id="from the root"),
    ],
)
def test_a_folder_is_where_its_files_went(
    files: Mapping[str, str], folders: Mapping[str, str]
) -> None:
    assert moved_folders(files) == folders


@pytest.fixture
def refiled(scratch: Scratch) -> Scratch:
    """A folder that was renamed, and one whose files went different ways."""
    names = ("old/list.md", "old/sub/terms.md", "old/gone.md", "mixed/a.md", "mixed/b.md")
    scratch.commit({name: f"# List\n\n{name}\n{LINES}" for name in names})
    scratch.git("rm", "--quiet", "old/gone.md")
    scratch.git("mv", "old", "New Notes")
    scratch.git("mv", "mixed/a.md", "a.md")
    scratch.git("mv", "mixed/b.md", "New Notes/b.md")
    scratch.commit()
    scratch.commit({"New Notes/later.md": "# Later\n", "New Notes/List.png": ""})
    scratch.refs("refs/remotes/origin/main", "refs/remotes/origin/master", head="main")
    return scratch


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        pytest.param("[x](old/list.md#list)", ("LNK003", "New%20Notes/list.md#list"), id="a file"),
        pytest.param("[x](old/)", ("LNK003", "New%20Notes"), id="the folder"),
        pytest.param("[x](old/sub)", ("LNK003", "New%20Notes/sub"), id="a folder in it"),
        pytest.param(f"[x]({HOST}/tree/main/old)", ("LNK003", "New%20Notes"), id="its page"),
        pytest.param("[x](old/later.md)", ("LNK003", "New%20Notes/later.md"), id="a younger file"),
        pytest.param("![x](old/List.png)", ("LNK003", "New%20Notes/List.png"), id="an image"),
        pytest.param("[x](Old/List.md)", ("LNK003", "New%20Notes/list.md"), id="letter case"),
        pytest.param("[x](old/gone.md)", ("LNK001", ""), id="deleted before"),
        pytest.param("[x](old/never.md)", ("LNK001", ""), id="never there"),
        pytest.param("![x](old/sub)", ("IMG001", ""), id="a folder is no image"),
        pytest.param("[x](mixed)", ("LNK001", ""), id="nowhere for sure"),
        pytest.param("[x](mixed/b.md)", ("LNK003", "New%20Notes/b.md"), id="but the file is known"),
        pytest.param(
            "[x](https://github.com/else/qa/blob/main/old/list.md)",
            ("LNK002", "New%20Notes/list.md"),
            id="in somebody's copy",
        ),
    ],
)
def test_a_link_below_a_renamed_folder(
    refiled: Scratch, markdown: str, found: tuple[str, str]
) -> None:
    assert [(code, href) for code, _, href in refiled.told(markdown)] == [found]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("blob/master/old/list.md", id="a branch that is still there"),
        pytest.param(f"blob/{'0a' * 20}/old/list.md", id="a commit"),
        pytest.param("blob/v1.0/old/list.md", id="a tag"),
    ],
)
def test_what_another_branch_or_commit_has_is_not_judged(refiled: Scratch, address: str) -> None:
    assert refiled.told(f"[x]({HOST}/{address})\n") == []


# What is here and not in git, and the reverse

IGNORED = "git ignores it, so it is not on the host"


@pytest.fixture
def partial(scratch: Scratch) -> Scratch:
    """Files in every state that git knows."""
    kept = ("kept.md", "build/forced.md", "lost.md", "lost.png")
    scratch.write({".gitignore": "build/\n*.log\n", **dict.fromkeys(kept, "# x\n")})
    scratch.git("add", "--force", *kept)
    scratch.commit()
    scratch.write(dict.fromkeys(("new.md", "new/a.md", "build/a.md", "a.log", "logs/a.log"), "x"))
    (scratch.root / "lost.md").unlink()
    (scratch.root / "lost.png").unlink()
    inner = Scratch(scratch.root / "inner", origin="")
    inner.commit({"a.md": "# x\n"})
    return scratch


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        pytest.param("[x](kept.md)", [], id="kept"),
        pytest.param("[x](new.md)", [], id="not added yet"),
        pytest.param("[x](new)", [], id="a folder not added yet"),
        pytest.param("[x](build/forced.md)", [], id="kept though ignored"),
        pytest.param("[x](build)", [], id="a folder of which something is kept"),
        pytest.param("[x](inner/a.md)", [], id="another repository"),
        pytest.param("[x](/)", [], id="the root"),
        pytest.param("[x](build/a.md)", [("LNK001", IGNORED, "")], id="ignored"),
        pytest.param(f"[x]({HOST}/tree/main/logs)", [("LNK001", IGNORED, "")], id="a folder"),
        pytest.param("![x](a.log)", [("IMG001", IGNORED, "")], id="image"),
        pytest.param(
            "[x](lost.md)",
            [("LNK001", "it is deleted here, which is not committed yet", "")],
            id="deleted here",
        ),
        pytest.param(
            "![x](lost.png)",
            [("IMG001", "it is deleted here, which is not committed yet", "")],
            id="image deleted here",
        ),
    ],
)
def test_what_git_would_commit_counts(
    partial: Scratch, markdown: str, found: list[tuple[str, str, str]]
) -> None:
    assert partial.told(markdown) == found


def test_a_document_that_git_ignores_is_not_measured_by_that(partial: Scratch) -> None:
    assert partial.findings("[x](a.md)", "build/qa.md") == []


def test_a_sparse_checkout_lacks_nothing(scratch: Scratch) -> None:
    scratch.commit({"a/list.md": "# List\n", "b/list.md": "# List\n"})
    scratch.git("sparse-checkout", "set", "a")
    assert not (scratch.root / "b").exists()
    assert scratch.told("[x](b/list.md) [y](b) [z](b/other.md)\n") == [("LNK001", "", "")]


def test_without_git_nothing_is_asked(tmp_path: Path) -> None:
    assert Disk(tmp_path).git is None
    (tmp_path / ".git").mkdir()
    checkout = Checkout(tmp_path)
    assert (checkout.name, checkout.branch, checkout.refs) == ("", "", frozenset())
    assert (checkout.ignores("a"), checkout.tracks("a"), checkout.spares("a")) == (False,) * 3
    assert checkout.successor("a") is None


# Checkouts that do not know the default branch


@pytest.mark.parametrize("fetched", ["", "refs/remotes/pull/7/merge"])
@pytest.mark.parametrize(
    ("href", "fault"),
    [
        pytest.param("blob/v1.0/list.md#terms", None, id="a tag"),
        pytest.param("blob/v1.0/gone.md", None, id="a file of a tag"),
        pytest.param("blob/release/2.0/list.md", None, id="another branch"),
        pytest.param("tree/release", None, id="another branch, and no path"),
        pytest.param("blob/main/list.md", Fault.ABSOLUTE_SELF, id="a usual name"),
        pytest.param("blob/HEAD/gone.md", Fault.MISSING_FILE, id="whatever it is"),
        pytest.param("blob/master/list.md#terms", Fault.BROKEN_ANCHOR, id="an anchor"),
        pytest.param("blob/main/score.py#L1-L2", Fault.ABSOLUTE_SELF, id="lines"),
        pytest.param("blob/main/score.py#L2-L9", Fault.NO_LINE, id="lines behind the end"),
        pytest.param("blob/v1.0/score.py#L2-L9", None, id="lines of a tag"),
    ],
)
def test_only_the_usual_branches_are_this_tree_if_none_is_known(
    scratch: Scratch, fetched: str, href: str, fault: Fault | None
) -> None:
    scratch.commit({"list.md": "# List\n", "score.py": "a = 1\nb = 2\n"})
    scratch.refs("refs/tags/v1.0", *filter(None, [fetched]))
    assert Checkout(scratch.root).branch == ""
    document, world = scratch.read(f"[x]({HOST}/{href})\n")
    assert [world.landing(document, link).fault for link in document.links] == [fault]


# Branches with slashes


@pytest.mark.parametrize(
    ("href", "found"),
    [
        pytest.param("blob/dev/old/list.md", [], id="another branch"),
        pytest.param("blob/dev/old/gone/list.md", [], id="a file of another branch"),
        pytest.param("blob/old/list.md", [], id="a branch that is not known"),
        pytest.param("blob/release/main/list.md", [("LNK001", "")], id="the default branch"),
        pytest.param("tree/release/main", [], id="the default branch, and no path"),
        pytest.param("blob/v1/0/list.md", [], id="a tag"),
        pytest.param("blob/mine/new/list.md", [], id="a branch of this checkout"),
    ],
)
def test_a_branch_may_have_slashes(
    scratch: Scratch, href: str, found: list[tuple[str, str]]
) -> None:
    scratch.commit({"docs/list.md": "# List\n"})
    refs = ("release/main", "dev/old")
    scratch.refs(*[f"refs/remotes/origin/{ref}" for ref in refs], "refs/tags/v1/0")
    scratch.refs("refs/heads/mine/new")
    scratch.refs(head="release/main")
    assert [(code, fix) for code, _, fix in scratch.told(f"[x]({HOST}/{href})\n")] == found


@pytest.mark.parametrize("branch", ["refs/remotes/origin/dev/old", "refs/heads/dev/old"])
def test_an_index_that_leads_to_a_branch_with_slashes(scratch: Scratch, branch: str) -> None:
    scratch.commit()
    scratch.refs("refs/remotes/origin/main", branch, head="main")
    index = f"* [Q1: What is recall?]({HOST}/blob/dev/old/qa.md#q1-what-is-recall)\n\n"
    (finding,) = scratch.findings(index + CLEAN)
    assert finding.code == "LNK004"
    assert "`dev/old`" in finding.message


# How git is asked


def started(log: Path) -> list[str]:
    """The commands of git that were started, in the order in which they were."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else ()
    events = [json.loads(line) for line in lines]
    return [event["name"] for event in events if event["event"] == "cmd_name"]


LIST = "ls-files"


@pytest.mark.parametrize(
    ("link", "named", "folder"),
    [
        pytest.param("[x](#q2-what-is-precision)", [], [LIST], id="nowhere else"),
        pytest.param("[x](https://example.org/a.md)", [], [LIST], id="to another host"),
        pytest.param("[x](https://github.com/other/x/blob/a/b.md)", [], [LIST], id="to another"),
        pytest.param(f"[x]({HOST})", [], [LIST], id="to the repository"),
        pytest.param("[x](list.md) ![y](a.png)", [LIST], [LIST] * 2, id="to files that git has"),
        pytest.param("[x](list.md) [y](new.md)", [LIST] * 2, [LIST] * 3, id="to a new file"),
        pytest.param("[x](gone.md) [y](away.md)", [LIST, "log"], [LIST] * 2 + ["log"], id="dead"),
        pytest.param(
            f"[x]({HOST}/blob/dev/list.md)", ["for-each-ref"], [LIST, "for-each-ref"], id="branch"
        ),
    ],
)
def test_git_is_asked_no_more_than_needed(
    tmp_path: Path,
    scratch: Scratch,
    monkeypatch: pytest.MonkeyPatch,
    link: str,
    named: list[str],
    folder: list[str],
) -> None:
    scratch.commit({"qa.md": f"{CLEAN}\n{link}\n", "list.md": "# List\n", "a.png": ""})
    scratch.refs("refs/remotes/origin/main", head="main")
    scratch.write({"new.md": "# New\n"})
    monkeypatch.chdir(scratch.root)
    for arguments, expected in ((("qa.md",), named), ((), folder)):
        log = tmp_path / f"{len(arguments)}.log"
        monkeypatch.setenv("GIT_TRACE2_EVENT", str(log))
        main(["check", *arguments])
        assert started(log) == expected


def hostile_settings(scratch: Scratch, trap: str) -> None:
    for name in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass"),
        *(
            "diff.external",
            "gpg.program",
            "pager.log",
            "pager.ls-files",
            "uploadpack.packObjectsHook",
        ),
        *("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv"),
        *("alias.log", "alias.ls-files", "credential.helper"),
    ):
        scratch.git("config", name, f"!{trap}" if name.startswith("alias") else trap)
    scratch.git("config", "log.showSignature", "true")
    scratch.git("config", "diff.relative", "true")
    hooks = scratch.root / ".git" / "hooks"
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        (hooks / hook).write_text(f"#!/bin/sh\n{trap}\n")
        (hooks / hook).chmod(0o755)


def test_settings_of_a_stranger_start_nothing(
    tmp_path: Path, moved: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sprung = tmp_path / "sprung"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho sprung >> '{sprung}'\n")
    trap.chmod(0o755)
    moved.commit({".gitattributes": "* filter=x diff=x\n"})
    hostile_settings(moved, str(trap))
    sprung.unlink(missing_ok=True)
    moved.write({"docs/third list.md": "changed\n", "new.md": ""})
    checkout = Checkout(moved.root)
    assert checkout.successor("first.md") == "docs/third list.md"
    assert checkout.refs == {"HEAD", "main"}
    assert checkout.tracks("docs/curve.png")
    assert not checkout.ignores("new.md")
    assert git.not_ignored(moved.root)
    assert not sprung.exists()
    monkeypatch.setattr(git, "UNTRUSTING", ())
    git.not_ignored(moved.root)
    assert sprung.exists()


def test_nothing_is_fetched(tmp_path: Path, moved: Scratch) -> None:
    moved.git("config", "uploadpack.allowFilter", "true")
    place = tmp_path / "blobless"
    clone = ("clone", "--quiet", "--filter=blob:none", "--no-checkout")
    moved.git(*clone, moved.root.as_uri(), str(place))
    before = sorted((place / ".git" / "objects").rglob("*"))
    Checkout(place).successor("first.md")
    assert sorted((place / ".git" / "objects").rglob("*")) == before


def test_a_hook_of_another_repository_does_not_mislead(
    tmp_path: Path, moved: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert Checkout(moved.root).successor("first.md") == "docs/third list.md"


@pytest.mark.parametrize(
    "hurry",
    [
        pytest.param(lambda m: m.setattr(git, "MOST_OUTPUT", 8), id="too much"),
        pytest.param(lambda m: m.setenv("PATH", ""), id="no git"),
    ],
)
def test_an_answer_that_does_not_come_is_none(
    moved: Scratch, monkeypatch: pytest.MonkeyPatch, hurry: Callable[[pytest.MonkeyPatch], None]
) -> None:
    hurry(monkeypatch)
    checkout = Checkout(moved.root)
    assert git.not_ignored(moved.root) is None
    assert (checkout.successor("first.md"), checkout.ignores("x")) == (None, False)


def test_git_is_not_waited_for_for_ever(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent), prepend=os.pathsep)
    assert git.ask(scratch.root, "ls-files", "-z", seconds=0.05) is None
