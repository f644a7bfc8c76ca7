"""Starts a program that cannot outlive the process that asked for it: ``python child.py PPID ARGV…``.

A launcher instead of ``preexec_fn``: the call between fork and exec would run Python in a forked copy of a
program with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to SIGKILL this process when ``parent`` dies; exit at once when it is dead already.

    Linux ties this to the parent's *thread*: the parent must start children from a thread that lives as long as it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    """Become the program named by the arguments, in a session of its own so that Ctrl-C does not reach it."""
    parent, argv = int(sys.argv[1]), sys.argv[2:]
    os.setsid()
    die_with_parent(parent)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        sys.exit(f"cannot start {argv[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
