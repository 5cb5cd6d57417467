"""Would the tests notice it? Each mutant of a module has one thing in it changed for the worse.

    nice python -m tests.mutation dsqa/slug.py dsqa/target.py

The tests that belong to a module are collected once, and which lines each of them runs is found out
once. Then each mutant is a fork of that process, in which those tests run that reach what is
changed, the quick ones first, until one fails. A mutant that no test tells from the original
survives: a test is missing, or the code is not needed. `survivors.toml` names those that none
needs to notice, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import resource
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from time import process_time
from types import FrameType, FunctionType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
SURVIVORS = Path(__file__).with_name("survivors.toml")
TESTS = {
    "dsqa/slug.py": ("test_slug",),
    "dsqa/fragment.py": ("test_fragment",),
    "dsqa/target.py": ("test_target",),
    "dsqa/repair/fixer.py": ("test_fixing", "test_fixer"),
    "dsqa/reporters/_printable.py": ("test_printable",),
    "dsqa/reporters/_xml.py": ("test_printable",),
    "dsqa/reporters/github.py": ("test_printable", "test_reporters"),
    "dsqa/reporters/summary.py": ("test_printable", "test_reporters"),
}
"""The tests that belong to a module; another process that they start sees no mutant."""
SLOW = 1.0
"""Seconds of a test that is worth no mutant's time."""
PATIENCE = 10
"""Seconds of processor time after which a mutant hangs, which one notices."""
MEMORY = 4 << 30
UNORDERED = ("max", "min")
"""What gives the same whichever of its arguments comes first."""
LEFT_OUT = ("annotation", "returns", "decorator_list", "type_params")

COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
}
OPPOSITES = {
    one: other
    for pair in (
        ("startswith", "endswith"),
        ("lower", "upper"),
        ("lstrip", "rstrip"),
        ("partition", "rpartition"),
        ("removeprefix", "removesuffix"),
        ("bisect_left", "bisect_right"),
        ("find", "rfind"),
        ("min", "max"),
        ("any", "all"),
        ("search", "match"),
    )
    for one, other in (pair, pair[::-1])
}
PIECE = re.compile(
    r"""
      (?P<escape> \\ (?: x.{2} | u.{4} | U.{8} | . ) )
    | (?P<many> \[ \^? \]? (?: \\. | [^\]\\] )* \] )
    | (?P<group> \(\? (?: P<\w+> | P=\w+ | [:=!>] | <[=!] | [a-z]+[:)] ) )
    | (?P<times> [*+?] [+?]? | \{ \d*,?\d* \} [+?]? )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
MEMBER = re.compile(r"(?:\\.|[^\\])-(?:\\.|[^\\\]])|\\.|.", re.DOTALL)
TURNED = {"(?=": "(?!", "(?!": "(?=", "(?<=": "(?<!", "(?<!": "(?<=", "*": "+", "+": "*"}
CLASSES = "dDsSwWbB"


class Site(NamedTuple):
    """Where a node stands in the tree, and how one comes to it."""

    parent: ast.AST
    field: str
    place: int | None
    node: ast.AST
    names: tuple[str, ...]
    lines: range

    def put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


class Mutant(NamedTuple):
    """A module in which something stands in the place of a node."""

    site: Site
    node: ast.AST
    what: str

    @property
    def name(self) -> str:
        return f"{'.'.join(self.site.names) or 'module'}: {self.what}"


def mutants(tree: ast.Module) -> list[Mutant]:
    """All mutants of a module; those of one name are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for site in sites(tree, (), range(0)):
        for node, what in variants(site):
            mutant = Mutant(site, ast.copy_location(node, site.node), what)
            seen[mutant.name] += 1
            if (number := seen[mutant.name]) > 1:
                mutant = mutant._replace(what=f"{what} ({number})")
            found.append(mutant)
    return found


def sites(parent: ast.AST, names: tuple[str, ...], lines: range) -> Iterator[Site]:
    """The nodes below that say what is done; not those that only tell types, or people."""
    for field, value in ast.iter_fields(parent):
        if field in LEFT_OUT or (field == "bases" and isinstance(parent, ast.ClassDef)):
            continue
        for place, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(node, ast.AST) or only_told(node):
                continue
            here, within = names, lines
            if isinstance(node, ast.stmt):
                body = getattr(node, "body", None)
                end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
                within = range(node.lineno, max(node.lineno, end) + 1)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                here = (*names, node.name)
            elif not names and isinstance(node, (ast.Assign, ast.AnnAssign)):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                here = (ast.unparse(target),)
            yield Site(parent, field, place, node, here, within)
            yield from sites(node, here, within)


def only_told(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
        return True
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.Assert))


def variants(site: Site) -> Iterator[tuple[ast.AST, str]]:
    """What may stand in the place of the node instead, and how that is said."""
    node = site.node
    for other in replacements(site):
        ast.fix_missing_locations(ast.copy_location(other, node))
        yield other, f"{brief(node)} → {brief(other)}"
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and in_pattern(site):
        verbose = "VERBOSE" in ast.unparse(site.parent)
        for text, what in patterns(node.value, verbose=verbose):
            yield ast.Constant(text), what


def brief(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) < 70 else text[:69] + "…"


def replacements(site: Site) -> Iterator[ast.AST]:
    node = site.node
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(number)):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str(text)) if not in_pattern(site):
            yield ast.Constant("" if text else "~")
        case ast.Constant(value=bytes(octets)):
            yield ast.Constant(b"" if octets else b"~")
        case ast.Compare(ops=[operator]):
            for other in COMPARED[type(operator)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.Compare(ops=[first, *rest]):
            yield ast.Compare(node.left, [COMPARED[type(first)][0](), *rest], node.comparators)
            last = COMPARED[type(rest[-1])][0]()
            yield ast.Compare(node.left, [first, *rest[:-1], last], node.comparators)
        case ast.BoolOp(op=operator):
            yield ast.BoolOp(ast.And() if isinstance(operator, ast.Or) else ast.Or(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in COUNTED:
            yield ast.BinOp(node.left, COUNTED[type(operator)](), node.right)
        case ast.Attribute(value=ast.Name(id="re"), attr=name) if name.isupper():
            yield ast.Constant(0)
        case ast.Attribute(attr=name) if name in OPPOSITES and site.field == "func":
            yield ast.Attribute(node.value, OPPOSITES[name], ast.Load())
        case ast.Name(id=name) if name in OPPOSITES and site.field == "func":
            yield ast.Name(OPPOSITES[name], ast.Load())
        case ast.Call(args=[first, second, *more]) if (
            not any_starred(node.args) and ast.unparse(node.func) not in UNORDERED
        ):
            yield ast.Call(node.func, [second, first, *more], node.keywords)
        case ast.Slice(lower=lower, upper=upper, step=step):
            if lower:
                yield ast.Slice(None, upper, step)
            if upper:
                yield ast.Slice(lower, None, step)
            if step:
                yield ast.Slice(lower, upper, None)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
    tested = site.field == "test" or (site.field == "ifs")
    if tested and isinstance(node, ast.expr) and not isinstance(node, (ast.Compare, ast.UnaryOp)):
        yield ast.UnaryOp(ast.Not(), node)


def any_starred(nodes: Iterable[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


def in_pattern(site: Site) -> bool:
    """Whether the node is a text that is a regular expression."""
    call = site.parent
    return (
        isinstance(call, ast.Call)
        and ast.unparse(call.func).startswith("re.")
        and site.field == "args"
        and site.place == 0
    )


def patterns(pattern: str | bytes, *, verbose: bool) -> Iterator[tuple[str | bytes, str]]:
    """The pattern with one piece of it missing, or turned into its opposite."""
    if isinstance(pattern, bytes):
        for text, what in patterns(pattern.decode("latin-1"), verbose=verbose):
            assert isinstance(text, str)
            yield text.encode("latin-1"), what
        return
    seen: Counter[str] = Counter()
    silent = -1
    for match in PIECE.finditer(pattern):
        piece = match[0]
        if verbose and (match.start() < silent or piece.isspace()):
            continue
        if verbose and piece == "#":
            silent = pattern.find("\n", match.start()) % (len(pattern) + 1)
            continue
        seen[piece] += 1
        for other in pieces(piece, match.lastgroup or ""):
            text = pattern[: match.start()] + other + pattern[match.end() :]
            try:
                re.compile(text, re.VERBOSE if verbose else 0)
            except re.error:
                continue
            number = f" ({seen[piece]})" if seen[piece] > 1 else ""
            yield text, f"{ascii(piece)[1:-1]}{number} → {ascii(other)[1:-1] or 'nothing'}"


def pieces(piece: str, kind: str) -> Iterator[str]:
    if kind == "many":
        opening = "[^" if piece.startswith("[^") else "["
        members = MEMBER.findall(piece[len(opening) : -1])
        yield ("[" if opening == "[^" else "[^") + piece[len(opening) :]
        for number in range(len(members)) if len(members) > 1 else ():
            rest = "".join(members[:number] + members[number + 1 :])
            # what comes to stand first must not mean the opposite of all
            yield opening + (f"\\{rest}" if rest.startswith("^") else rest) + "]"
        return
    if kind == "escape" and piece[1] in CLASSES:
        yield "\\" + piece[1].swapcase()
    if piece in TURNED:
        yield TURNED[piece]
    if kind != "group" and piece not in "()":
        yield ""


# What a mutant does


class Module:
    """A module of the project, and what of it can be exchanged while it is in use."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.module = import_module(path.removesuffix(".py").replace("/", "."))
        self.file = str(self.module.__file__)
        self.tree = ast.parse(Path(self.file).read_text(encoding="utf-8"))

    @cached_property
    def mutants(self) -> list[Mutant]:
        return mutants(self.tree)

    def become(self, mutant: Mutant) -> None:
        """Let the mutant stand in its place, also where others have imported from it.

        Functions and classes keep who they are: only what they do is exchanged.
        """
        mutant.site.put(mutant.node)
        names: dict[str, Any] = {"__name__": self.module.__name__, "__file__": self.file}
        exec(compile(self.tree, self.file, "exec"), names)
        own = vars(self.module)
        for name, new in names.items():
            old = own.get(name)
            if name.startswith("__") or exchanged(old, new):
                continue
            for other in list(sys.modules.values()):
                ours = other.__name__.startswith(("dsqa", "tests"))
                if ours and name in vars(other) and vars(other)[name] is old:
                    setattr(other, name, new)


def exchanged(old: object, new: object) -> bool:
    """Whether the one now does what the other does; constants are not exchanged but replaced."""
    if isinstance(old, type) and isinstance(new, type):
        for name, value in vars(old).items():
            exchanged(value, vars(new).get(name))
        return True
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        for before, now in zip(old.__closure__ or (), new.__closure__ or (), strict=False):
            if not isinstance(before.cell_contents, type):
                before.cell_contents = now.cell_contents
        old.__code__, old.__defaults__ = new.__code__, new.__defaults__
        old.__kwdefaults__ = new.__kwdefaults__
        return True
    for inner in ("__wrapped__", "__func__", "fget", "func"):
        if hasattr(old, inner) and hasattr(new, inner):
            clear = getattr(old, "cache_clear", None)
            if clear:
                clear()
            return exchanged(getattr(old, inner), getattr(new, inner))
    return False


class Reached(NamedTuple):
    """What a test costs, and the lines of the module that it runs."""

    seconds: float
    lines: frozenset[int]


class Runner:
    """Runs the tests of a module on each of its mutants; a plugin of pytest."""

    def __init__(self, path: str, sample: int, show: Callable[[str], None]) -> None:
        self.module = Module(path)
        self.sample = sample
        self.show = show
        self.survivors: list[str] = []
        self.tried = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reached = self.learned(session.items)
        quick = [n for n in sorted(reached, key=reached.__getitem__) if reached[n].seconds < SLOW]
        every = len(self.module.mutants) / (self.sample or len(self.module.mutants))
        chosen = [self.module.mutants[int(n * every)] for n in range(self.sample)]
        for mutant in chosen or self.module.mutants:
            inside = any(name.islower() for name in mutant.site.names[-1:])
            tests = [
                session.items[number]
                for number in quick
                if not inside or not reached[number].lines.isdisjoint(mutant.site.lines)
            ]
            self.tried += 1
            if self.survives(mutant, tests):
                self.survivors.append(mutant.name)
                self.show(f"{self.module.path}:{mutant.site.lines.start}: {mutant.name}")
        return True

    def learned(self, items: Sequence[pytest.Item]) -> dict[int, Reached]:
        """What each test costs and runs, in a fork, so that this process stays as it is."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            silence()
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                for number, item in enumerate(items):
                    lines: set[int] = set()
                    begun = process_time()
                    sys.settrace(tracer(self.module.file, lines))
                    run(item, items[number + 1] if number + 1 < len(items) else None)
                    sys.settrace(None)
                    pipe.write(json.dumps([process_time() - begun, sorted(lines)]) + "\n")
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            told = [json.loads(line) for line in pipe]
        if os.waitpid(pid, 0)[1]:
            raise SystemExit(f"{self.module.path}: its tests fail without any mutant")
        return {n: Reached(seconds, frozenset(lines)) for n, (seconds, lines) in enumerate(told)}

    def survives(self, mutant: Mutant, tests: Sequence[pytest.Item]) -> bool:
        pid = os.fork()
        if not pid:
            silence()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            try:
                self.module.become(mutant)
                for number, test in enumerate(tests):
                    run(test, tests[number + 1] if number + 1 < len(tests) else None)
                    # what is long but ends is no mutant that hangs
                    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            except BaseException:
                os._exit(1)
            os._exit(0)
        return os.waitpid(pid, 0)[1] == 0


def run(test: pytest.Item, following: pytest.Item | None) -> None:
    test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)


def silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def tracer(file: str, lines: set[int]) -> Callable[[FrameType, str, object], Any]:
    def line(frame: FrameType, event: str, argument: object) -> Any:
        lines.add(frame.f_lineno)
        return line

    def call(frame: FrameType, event: str, argument: object) -> Any:
        return line(frame, event, argument) if frame.f_code.co_filename == file else None

    return call


def tested(path: str, tests: Sequence[str], sample: int, show: Callable[[str], None]) -> Runner:
    """The module, after its mutants have been tried."""
    files = [str(place) for name in tests if (place := ROOT / "tests" / f"{name}.py").is_file()]
    runner = Runner(path, sample, show)
    pytest.main(["-q", "-s", "--no-header", "--no-summary", *files], plugins=[runner])
    return runner


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS), metavar="MODULE")
    parser.add_argument("--tests", nargs="+", help="instead of those that belong to the module")
    parser.add_argument("--sample", type=int, default=0, help="only so many mutants of each")
    arguments = parser.parse_args()
    excused = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.exists() else {}
    unnoticed = 0
    for path in arguments.modules:
        known = excused.get(path, {})
        runner = tested(path, arguments.tests or TESTS[path], arguments.sample, print)
        alive = [name for name in runner.survivors if name not in known]
        unnoticed += len(alive)
        killed = runner.tried - len(runner.survivors)
        print(
            f"{path}: {runner.tried} mutants, {killed} killed ({killed / runner.tried:.1%}), "
            f"{len(runner.survivors) - len(alive)} excused, {len(alive)} survive",
            flush=True,
        )
        for name in known if not arguments.sample else ():
            if name not in runner.survivors:
                print(f"{path}: excused without need: {name}")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    raise SystemExit(main())
