"""Templates: plain values in, text out; nothing in them can call, compute or grow without bounds."""

import traceback
from importlib.resources import files
from typing import NoReturn

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from hive.errors import UsageError
from hive.ports import Tree
from hive.prompts.block import block
from hive.text import one_line, plural, sanitize

OVERRIDES = ".hive/prompts"
LARGEST_TEMPLATE = 64_000
"""Bytes."""
LARGEST_PROMPT = 256_000
"""Characters."""
_FILTERS = (
    "default",
    "first",
    "groupby",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "selectattr",
    "sort",
    "trim",
)


class _Environment(ImmutableSandboxedEnvironment):
    """Values are read and looped over, and that is all: a template may come with a repository."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def call_binop(self, context: object, operator: str, left: object, right: object) -> NoReturn:
        raise TypeError(f"templates cannot compute with {operator!r}")

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        readable = isinstance(obj, BaseModel) and attr in type(obj).model_fields
        return readable or (type(obj).__name__ == "LoopContext" and not attr.startswith("_"))

    def is_safe_callable(self, obj: object) -> bool:
        return isinstance(obj, Macro)


def _environment() -> _Environment:
    made = _Environment(
        undefined=StrictUndefined,
        autoescape=False,  # markdown for models; nothing of it becomes HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.filters |= {"data": block, "line": one_line, "plural": plural}
    return made


def render(name: str, overrides: Tree | None, **values: object) -> str:
    """The template `name` filled in; the project's own `.hive/prompts/NAME.md` goes before hive's.

    Raises UsageError with file and line where the template is wrong, too large, or grows too large.
    """
    path, source = _source(name, overrides)
    try:
        env = _environment()
        template = env.template_class.from_code(env, env.compile(source, name, path), env.make_globals(None))
        parts, size = [], 0
        for part in template.generate(**values):
            size += len(part)
            if size > LARGEST_PROMPT:
                raise UsageError(
                    f"{path}: the prompt grows beyond {LARGEST_PROMPT} characters", next_step=_next(path)
                )
            parts.append(part)
    except (TemplateError, TypeError, ValueError, RecursionError, LookupError) as error:
        where = f"{path}:{_line(error, path)}"
        raise UsageError(f"{where}: {one_line(str(error))}", next_step=_next(where)) from error
    return sanitize("".join(parts))


def _source(name: str, overrides: Tree | None) -> tuple[str, str]:
    path = f"{OVERRIDES}/{name}.md"
    try:
        raw = overrides.read(path) if overrides else None
    except KeyError:
        raw = None
    if raw is None:
        return f"hive/prompts/templates/{name}.md", (
            files("hive.prompts") / "templates" / f"{name}.md"
        ).read_text("utf-8")
    if len(raw) > LARGEST_TEMPLATE:
        raise UsageError(f"{path}: larger than {LARGEST_TEMPLATE} bytes", next_step=_next(path))
    try:
        return path, raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8", next_step=_next(path)) from error


def _line(error: Exception, path: str) -> int:
    """The template's line: syntax errors know it, others show it in their traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return (lines[-1] if lines else None) or 1


def _next(where: str) -> str:
    return f"correct {where}, or remove it to use hive's own template"
