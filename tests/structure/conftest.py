"""The cast on stage."""

from stagehands import *  # noqa: F403 - fixtures
