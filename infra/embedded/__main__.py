"""``python -m infra.embedded --data DIR``: only the servers, in the foreground, until Ctrl-C."""

import argparse
import sys
from pathlib import Path

from infra.embedded.parts import StackError
from infra.embedded.serve import Plan, serve
from infra.settings import STACK_FILE, BadSettings, Settings, load


def main() -> int:
    """Exit code: 0 after a clean stop, 2 when the stack could not be started."""
    arguments = argparse.ArgumentParser(prog="python -m infra.embedded", description=__doc__)
    arguments.add_argument("--data", type=Path, default=None, help="folder of the stack")
    try:
        serve(load(data=arguments.parse_args().data, api_port=0), Plan(_say, _announce))
    except (StackError, BadSettings) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _say(part: str, line: str) -> None:
    sys.stderr.write(f"{part:>12}  {line}\n")


def _announce(settings: Settings) -> bool:
    sys.stdout.write(f"ready: {settings.data / STACK_FILE}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main())
