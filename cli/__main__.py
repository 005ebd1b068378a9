"""The entry to the command, kept light: the processes that parse mail start from here, too, and need nothing else."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from cli.main import run

    run()


if __name__ == "__main__":
    main()
