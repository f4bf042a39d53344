"""What a confined command can and cannot do, found by trying it: `hive doctor --sandbox`."""

from hive.workspaces.sandbox.probes import inside
from hive.workspaces.sandbox.probes.table import MODES, Mode, Probe, Row, probes, table_text
from hive.workspaces.sandbox.probes.trying import lay_key, try_all

__all__ = ["MODES", "Mode", "Probe", "Row", "inside", "lay_key", "probes", "table_text", "try_all"]
