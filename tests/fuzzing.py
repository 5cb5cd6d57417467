"""Lets coverage look for inputs that break a promise, after `pip install -e '.[fuzz]'`.

`python -m tests.fuzzing parse --seconds 900` keeps what it finds, and goes on. Some inputs of the
same kind are tried in every run of the tests, by `tests/test_fuzzing.py`.
"""

from __future__ import annotations

import argparse
import pkgutil
import sys
import traceback
from importlib import import_module
from pathlib import Path
from random import Random

LOOKED_INTO = ["dsqa", "markdown_it"]
"""The packages whose coverage leads on."""
SEEDS = 200
"""How many inputs of the grammar it begins with."""
BLIND = 0.2
"""The share of changes that know nothing of the grammar."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("target", help="a promise, by its name in tests/promises.py")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path("fuzzing"), help="where inputs lie")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=LOOKED_INTO):
        import dsqa
        from tests import clean, grammar, promises

        for module in pkgutil.walk_packages(dsqa.__path__, "dsqa."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    promise = promises.PROMISES[given.target]
    kept = given.folder / given.target
    kept.mkdir(parents=True, exist_ok=True)
    for number in range(SEEDS):
        text = grammar.grown(Random(f"{given.seed} {number}"), promise.symbol)
        (kept / f"grown-{number:03}").write_bytes(text.encode())
    for number in range(SEEDS if promise.symbol == "document" else 0):
        (kept / f"clean-{number:03}").write_bytes(clean.clean(number).text.encode())

    def changed(content: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < BLIND:
            return bytes(atheris.Mutate(content, most))
        text = content.decode(errors="replace")
        for _ in range(chance.randint(1, 3)):
            text = grammar.changed(chance, text, promise.symbol)
        return text.encode()[:most]

    options = {
        "max_total_time": given.seconds,
        "max_len": grammar.LARGEST,
        "seed": given.seed,
        "timeout": 60,
        "rss_limit_mb": 2048,
        "artifact_prefix": f"{given.folder}/broken-{given.target}-",
        "print_final_stats": 1,
    }
    known: set[str] = set()

    def tried(content: bytes) -> None:
        try:
            promises.hold(given.target, content)
        except Exception as broken:
            *_, place = traceback.format_tb(broken.__traceback__)
            if place not in known:
                known.add(place)
                name = f"broken-{given.target}-{len(known)}"
                (given.folder / name).write_bytes(content)
                sys.stderr.write(f"\n{name}: {''.join(traceback.format_exception(broken)[-4:])}\n")

    atheris.Setup(
        [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(kept)],
        tried,
        custom_mutator=changed,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
