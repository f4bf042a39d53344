"""The language that most of a service's code is written in."""

from collections import Counter
from collections.abc import Sequence

from hive.discovery.sources import Sources, inside, language_of
from hive.discovery.unit import Unit

_OF_ECOSYSTEM = {
    "node": ("typescript", "javascript"),
    "maven": ("java", "kotlin", "scala", "groovy"),
    "gradle": ("java", "kotlin", "groovy", "scala"),
    "go": ("go",),
    "python": ("python",),
    "dotnet": ("csharp", "fsharp"),
    "rust": ("rust",),
    "php": ("php",),
    "ruby": ("ruby",),
    "elixir": ("elixir",),
}


def languages(sources: Sources, units: Sequence[Unit]) -> dict[str, str]:
    """The language of each service, by name; its build files decide before the number of files does."""
    found = {}
    for unit in units:
        below = tuple(
            other.folder + "/"
            for other in units
            if other is not unit and inside(other.folder, unit.folder) and other.folder != "."
        )
        own = (
            [path for path in sources.below(unit.folder) if not path.startswith(below)]
            if below
            else sources.below(unit.folder)
        )
        counted = Counter(language for path in own if (language := language_of(path)))
        found[unit.name] = _language(unit, counted, any(path.endswith(".html") for path in own))
    return found


def _language(unit: Unit, counted: Counter[str], pages: bool) -> str:
    likely = {language for manifest in unit.manifests for language in _OF_ECOSYSTEM[manifest.ecosystem]}
    ranked = sorted(counted, key=lambda language: (language not in likely, -counted[language], language))
    if ranked and (
        ranked[0] in likely or not unit.dockerfiles or not any(f.web_server for f in unit.dockerfiles)
    ):
        return ranked[0]
    return "html" if pages else ranked[0] if ranked else "other"
