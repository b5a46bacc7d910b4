"""The `minzheng` command: deciding, explaining and checking from a terminal.

Everything here is a thin layer over the public library: it reads files, chooses a language and a form, prints, and says by its exit
code what happened. What is heavy is imported by the command that needs it, so that `minzheng --help` answers at once.
"""

from __future__ import annotations

from minzheng_rules.cli.application import main

__all__ = ["main"]
