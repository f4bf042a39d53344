"""What confines commands on this machine, and an honest nothing where nothing does."""

from hive.workspaces.sandbox.bubblewrap import Bubblewrap
from hive.workspaces.sandbox.finding import find_sandbox, probe
from hive.workspaces.sandbox.limits import Limits
from hive.workspaces.sandbox.nothing import NoSandbox
from hive.workspaces.sandbox.seatbelt import Seatbelt

__all__ = ["Bubblewrap", "Limits", "NoSandbox", "Seatbelt", "find_sandbox", "probe"]
