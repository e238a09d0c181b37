"""`python -m cpomdocs`."""

from cpomdocs.cli import principal

principal()
