"""The other end of a push: what it has, what it says, and moving its branch to the tested commit."""

from hive.workspaces.remote.answers import Refusal, TroubleError
from hive.workspaces.remote.remote import Remote, land_at

__all__ = ["Refusal", "Remote", "TroubleError", "land_at"]
