"""The standard streams of a command: UTF-8 whatever the terminal says, no traceback when nobody takes the output."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

NOT_WRITTEN = 1


def run(main: Callable[[], int]) -> int:
    """What `main` returns; NOT_WRITTEN when its output could not be written. `main` handles its own input's faults."""
    _open_both()
    try:
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        # The reader has seen enough.
        _let_go()
        return 0
    except OSError as fault:
        with suppress(OSError):
            sys.stderr.write(f"The output cannot be written: {fault.strerror or 'unknown fault'}.\n")
            sys.stderr.flush()
        _let_go()
        return NOT_WRITTEN
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return code


def _open_both() -> None:
    """A stream that the caller has closed takes everything and keeps nothing: print would send errors to the output."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        getattr(sys, name).reconfigure(encoding="utf-8", errors="replace")


def _let_go() -> None:
    """What is still buffered goes nowhere, so that closing the streams at exit does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
