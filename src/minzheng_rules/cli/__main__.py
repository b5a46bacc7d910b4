"""`python -m minzheng_rules.cli` is the `minzheng` command."""

from __future__ import annotations

from minzheng_rules.cli.application import main

main()
