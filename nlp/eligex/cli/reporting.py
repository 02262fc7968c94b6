"""What a command says on standard error, and its exit code."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import typer

from eligex import errors
from eligex.errors import EligexError, OutputError
from eligex.schema import Failure

SOME_FAILED, UNUSABLE, DEFECT, INTERRUPTED, BROKEN_PIPE, TERMINATED = 1, 2, 3, 130, 141, 143
_SHOWN_FAILURES = 20


def say(message: str) -> None:
    """Print a message on standard error."""
    print(f"eligex: {message}", file=sys.stderr)


def leave(message: str, code: int) -> NoReturn:
    """Print a message and end the command."""
    if os.environ.get("ELIGEX_DEBUG"):
        traceback.print_exc()
    say(message)
    raise typer.Exit(code)


def reported(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an exception of a command into one line on standard error and an exit code."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        _end_on_sigterm()
        try:
            command(*args, **options)
            sys.stdout.flush()
        except EligexError as error:
            leave(f"[{error.code}] {error}", UNUSABLE)
        except KeyboardInterrupt:
            leave("interrupted", INTERRUPTED)
        except BrokenPipeError:
            _close_stdout()
            raise typer.Exit(BROKEN_PIPE) from None
        except OSError as error:  # readers raise InputError instead, so this comes from the output
            _close_stdout()
            leave(f"[{OutputError.code}] {_unwritable(error)}", UNUSABLE)
        except Exception as error:
            if isinstance(error, typer.Exit):
                raise
            if unfit := errors.unfit_packages(error):
                leave(f"[{unfit.code}] {unfit}", UNUSABLE)
            _defect(error)

    return run


def _defect(error: Exception) -> NoReturn:
    hint = "This is a defect of eligex; ELIGEX_DEBUG=1 shows where."
    leave(f"[{errors.DEFECT}] internal error: {type(error).__name__}: {error}. {hint}", DEFECT)


def _end_on_sigterm() -> None:
    """Leave on SIGTERM as on an exception, so that temporary files are removed."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


def _close_stdout() -> None:
    """Discard what is left for standard output, which Python flushes once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _unwritable(error: OSError) -> OutputError:
    what = f"the output cannot be written: {(error.strerror or str(error)).lower()}"
    return OutputError(what, where=error.filename, remedy="Choose another place with -o.")


class Failures:
    """Prints the first failures of a run, and counts them all."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, trial_id: str, failure: Failure) -> None:
        """Take note of a record that failed."""
        self.count += 1
        if self.count <= _SHOWN_FAILURES:
            described, where = _described(failure), f"{trial_id}: "
            message = described if described.startswith(where) else where + described
            say(f"[{failure.code}] {message}")

    def close(self, failed: int, trials: int) -> None:
        """Say how many of the trials failed, and leave with the code for that."""
        if not failed:
            return
        if self.count > _SHOWN_FAILURES:
            say(f"… and {self.count - _SHOWN_FAILURES} more failures, each in the output")
        say(f"{failed} of {trials} records failed")
        raise typer.Exit(SOME_FAILED)


def _described(failure: Failure) -> str:
    """Return the message of a failure, with its class if it is a defect of eligex."""
    return f"{failure.type}: {failure.message}" if failure.code == errors.DEFECT else failure.message
