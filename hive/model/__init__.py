"""The frozen values that the whole of hive speaks in."""

from hive.model.assignment import Assignment, Feedback
from hive.model.contract import Change, ContractField, Direction, Entity, Operation, Replacement, Severity
from hive.model.digest import digest
from hive.model.evidence import CASES, Case, CheckOutcome, Evidence, FileStat, Violation
from hive.model.intent import AddField, Intent, RemoveField, RenameField, RetypeField
from hive.model.message import Answer, Interrupt, Message, Words
from hive.model.plan import LandingMode, Patch, Plan, Planning, Policy, QueuePolicy, TaskPlan
from hive.model.project import Contract, ContractKind, Edge, Graph, Service
from hive.model.registries import REGISTRIES
from hive.model.remark import Remark
from hive.model.report import (
    Answered,
    Asked,
    Delayed,
    Ended,
    FileEdited,
    Planned,
    Ran,
    Report,
    Said,
    Spent,
    Step,
    Thought,
    ToolCalled,
    ToolReturned,
    Unplaced,
    Unrecognised,
)
from hive.model.review import Ownership, ReviewPolicy, ReviewRule, ServiceRule, Team
from hive.model.value import Fact, Value

__all__ = [
    "CASES",
    "REGISTRIES",
    "AddField",
    "Answer",
    "Answered",
    "Asked",
    "Assignment",
    "Case",
    "Change",
    "CheckOutcome",
    "Contract",
    "ContractField",
    "ContractKind",
    "Delayed",
    "Direction",
    "Edge",
    "Ended",
    "Entity",
    "Evidence",
    "Fact",
    "Feedback",
    "FileEdited",
    "FileStat",
    "Graph",
    "Intent",
    "Interrupt",
    "LandingMode",
    "Message",
    "Operation",
    "Ownership",
    "Patch",
    "Plan",
    "Planned",
    "Planning",
    "Policy",
    "QueuePolicy",
    "Ran",
    "Remark",
    "RemoveField",
    "RenameField",
    "Replacement",
    "Report",
    "RetypeField",
    "ReviewPolicy",
    "ReviewRule",
    "Said",
    "Service",
    "ServiceRule",
    "Severity",
    "Spent",
    "Step",
    "TaskPlan",
    "Team",
    "Thought",
    "ToolCalled",
    "ToolReturned",
    "Unplaced",
    "Unrecognised",
    "Value",
    "Violation",
    "Words",
    "digest",
]
