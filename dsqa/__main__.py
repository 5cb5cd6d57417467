"""The command `dsqa`, which is also `python -m dsqa`."""

import os
import sys

from dsqa import __version__


def main() -> int:
    """Run the command; the exit code. For its version alone nothing more is imported."""
    try:
        if sys.argv[1:] == ["--version"] and put(f"dsqa {__version__}\n".encode()):
            return 0
        from dsqa import recall

        question = recall.question(sys.argv[1:])
        if answer := recall.recalled(question):
            code, output = answer
            if put(output):
                return code
        from dsqa import cli

        return cli.main(question=question)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # not even `cli` could say what is wrong, if there was no memory left for it
        if "DSQA_TRACEBACK" in os.environ:
            raise
        name = type(error).__name__
        sys.stderr.write(f"dsqa: nothing can be said about the files: it raised `{name}`\n")
        return 2


def put(output: bytes) -> bool:
    """Print it; whether that could be done. If not, `cli` will say why."""
    try:
        sys.stdout.buffer.write(output)
        sys.stdout.flush()
    except (AttributeError, OSError):
        return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
