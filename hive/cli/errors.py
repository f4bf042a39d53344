"""The one door that turns errors into words and exit codes."""

import json
import os
import signal
import sys
import traceback

from hive.errors import Exit, HiveError, UsageError
from hive.text import sanitize


def report(error: HiveError, *, as_json: bool) -> int:
    """Say on standard error (as JSON, on standard output) what went wrong and what to do; the exit code."""
    if as_json:
        said = {"error": error.message, "next": error.next_step, "exit": int(error.exit)}
        sys.stdout.write(json.dumps(said) + "\n")
    else:
        sys.stderr.write(f"hive: {sanitize(error.message)}\n")
        if error.next_step:
            sys.stderr.write(f"  next: {sanitize(error.next_step)}\n")
    return int(error.exit)


def main() -> int:
    """Run a command; whatever happens ends here."""
    as_json = "--json" in sys.argv
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # looking for some reads every installed package
    try:
        from hive.cli.app import app

        code = app(standalone_mode=False, prog_name="hive")
    except HiveError as error:
        return report(error, as_json=as_json)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(Exit.FAILED)
    except Exception as error:  # a defect: the trace is for us, the sentence for whoever met it
        return _unexpected(error, as_json=as_json)
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception, *, as_json: bool) -> int:
    import typer

    if isinstance(error, typer.Abort):
        return int(Exit.INTERRUPTED)
    if hasattr(error, "format_message"):  # the parser's own errors: their class is private to typer
        return report(UsageError(error.format_message(), next_step="hive --help"), as_json=as_json)
    if isinstance(error, OSError):
        named = HiveError(
            f"{error.filename or 'the system'}: {error.strerror or error}",
            next_step="mend that, then try again",
        )
        return report(named, as_json=as_json)
    sys.stderr.write(traceback.format_exc())
    named = HiveError(
        f"this is a defect of hive: {type(error).__name__}: {error}",
        next_step="nothing that was recorded is lost; please report the lines above",
    )
    return report(named, as_json=as_json)
