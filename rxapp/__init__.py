"""Confab: the workspace where a team talks."""

__version__ = "0.1.0"
