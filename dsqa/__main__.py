"""The command `dsqa`, which is also `python -m dsqa`."""

import sys

from dsqa import __version__


def main() -> int:
    """Run the command; the exit code. For its version alone nothing more is imported."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"dsqa {__version__}\n")
        return 0
    from dsqa import recall

    question = recall.question(sys.argv[1:])
    if answer := recall.recalled(question):
        code, output = answer
        sys.stdout.buffer.write(output)
        return code
    from dsqa import cli

    return cli.main(question=question)


if __name__ == "__main__":
    raise SystemExit(main())
