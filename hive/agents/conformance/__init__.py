"""What every agent adapter must do, as cases to run: an adapter is done when it passes them all."""

from hive.agents.conformance.cases import CASES, Case
from hive.agents.conformance.site import Site
from hive.agents.conformance.stand import (
    Behaviour,
    NonconformityError,
    NotApplicableError,
    Prepared,
    Rig,
    Stand,
)
from hive.agents.conformance.toolbox import Toolbox

__all__ = [
    "CASES",
    "Behaviour",
    "Case",
    "NonconformityError",
    "NotApplicableError",
    "Prepared",
    "Rig",
    "Site",
    "Stand",
    "Toolbox",
]
