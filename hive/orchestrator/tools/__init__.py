"""What an agent's session may ask of hive while it works."""

from hive.orchestrator.tools.session import SessionTools

__all__ = ["SessionTools"]
