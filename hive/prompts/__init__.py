"""What agents are told: templates with strict values, overridable by the project."""

from hive.prompts.block import block
from hive.prompts.guides import guide, page
from hive.prompts.template import render

__all__ = ["block", "guide", "page", "render"]
