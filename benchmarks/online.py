"""How long a check of two thousand links takes, beside two other tools that check links.

    python benchmarks/online.py

All hosts are simulated on this machine; nothing else is talked to, but by `npm install`.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.hosts import FASTEST, SLOWEST, Counts, addresses, latencies, serving

TOOLS = {"linkinator": "7.6.1", "markdown-link-check": "3.15.0"}
"""The newest ones that run with Node.js 20."""
WORKERS, PER_HOST = 32, 2
LINKS = 2000
FEWER = 500
PROMISE = 1.3


@dataclass(frozen=True)
class Run:
    """What a tool took for its work; `working` are the seconds of the processor."""

    tool: str
    links: int
    seconds: float
    working: float
    megabytes: float
    counts: Counts
    code: int


def bound(links: int) -> float:
    """The least time in which the links can be asked, in seconds.

    Each of the workers waits for one answer at a time, so the sum of all latencies is shared by
    them; and each host is asked a few at a time, so it takes its latency for each few.
    """
    hosts = addresses()
    links_of = {host: len(range(n, links, len(hosts))) for n, host in enumerate(hosts)}
    seconds = latencies()
    shared = sum(links_of[host] * seconds[host] for host in hosts) / WORKERS
    slowest = max(-(-links_of[host] // PER_HOST) * seconds[host] for host in hosts)
    return max(shared, slowest)


def questions(port: int, links: int) -> str:
    """A file of questions whose answers link to all hosts in turn."""
    hosts = addresses()
    urls = [f"http://{hosts[n % len(hosts)]}:{port}/page/{n}" for n in range(links)]
    lines = ["# Questions about pages\n"]
    for number, start in enumerate(range(0, links, 10), 1):
        lines.append(f"\n## Q{number}: Where is page {start} described?\n\nAnswer:\n")
        lines += [f"- [page {start + n}]({url})" for n, url in enumerate(urls[start : start + 10])]
    return "\n".join(lines) + "\n"


def measured(tool: str, command: Sequence[str], folder: Path, links: int, pipe: Connection) -> Run:
    pipe.send("from here on")
    pipe.recv()
    with (folder / "output").open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    pipe.send("and now?")
    counts: Counts = pipe.recv()
    working = usage.ru_utime + usage.ru_stime
    megabytes = usage.ru_maxrss / 1024
    return Run(tool, links, seconds, working, megabytes, counts, process.returncode)


def installed(folder: Path) -> None:
    wanted = [f"{name}@{version}" for name, version in TOOLS.items()]
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
    subprocess.run([*command, *wanted], check=True, stdout=subprocess.DEVNULL)


def runs(port: int, pipe: Connection, folder: Path, *, others: bool) -> list[Run]:
    fewer, all_links = folder / "fewer.md", folder / "questions.md"
    fewer.write_text(questions(port, FEWER), encoding="utf-8")
    all_links.write_text(questions(port, LINKS), encoding="utf-8")
    dsqa = [sys.executable, "-m", "dsqa", "check", "--online", "--no-cache"]
    dsqa += ["--allow", "127.0.0.0/8"]
    measured("dsqa", [*dsqa, fewer.name], folder, FEWER, pipe)  # which compiles it
    done = [
        measured("dsqa", [*dsqa, fewer.name], folder, FEWER, pipe),
        measured("dsqa", [*dsqa, all_links.name], folder, LINKS, pipe),
    ]
    if not others:
        return done
    installed(folder)
    linkinator = ["node", "node_modules/linkinator/build/src/cli.js", all_links.name, "--markdown"]
    mlc = ["node", "node_modules/markdown-link-check/markdown-link-check", "-q", all_links.name]
    name, version = "linkinator", TOOLS["linkinator"]
    few = ["--concurrency", str(WORKERS)]
    return [
        *done,
        measured(f"{name} {version}", linkinator, folder, LINKS, pipe),
        measured(f"{name} {version} `{' '.join(few)}`", [*linkinator, *few], folder, LINKS, pipe),
        measured(f"markdown-link-check {TOOLS['markdown-link-check']}", mlc, folder, LINKS, pipe),
    ]


def table(done: Sequence[Run]) -> str:
    lines = [
        "| tool | links | seconds | of the bound | of the processor | requests "
        "| at once at one host | at once | peak memory | exit code |",
        "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for run in done:
        requests = ", ".join(f"{n} {method}" for method, n in sorted(run.counts.requests.items()))
        lines.append(
            f"| {run.tool} | {run.links} | {run.seconds:.1f} "
            f"| {run.seconds / bound(run.links):.2f} × | {run.working:.1f} s "
            f"| {requests} "
            f"| {run.counts.most_at_one_host} | {run.counts.most_at_all} "
            f"| {run.megabytes:.0f} MB | {run.code} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", action="store_true", help="measure dsqa without the others")
    others = not parser.parse_args().alone
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder, serving() as (port, pipe):
        done = runs(port, pipe, Path(folder), others=others)
    say = sys.stdout.write
    say(f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores; ")
    say(f"{len(addresses())} hosts with {FASTEST:g} to {SLOWEST:g} s; ")
    say(f"bound {bound(LINKS):.1f} s for {LINKS} links, {bound(FEWER):.1f} s for {FEWER}\n\n")
    say(table(done))
    fewer, ours, *_ = done
    kept = (
        ours.seconds <= PROMISE * bound(LINKS)
        and ours.counts.requests.total() == LINKS
        and ours.counts.most_at_one_host <= PER_HOST
        and ours.megabytes <= PROMISE * fewer.megabytes
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
