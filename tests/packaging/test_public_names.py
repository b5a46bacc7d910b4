"""What a program sees that imports the library."""

from __future__ import annotations

import minzheng_rules


def test_every_public_name_can_be_found_by_looking() -> None:
    seen = dir(minzheng_rules)
    assert {"Population", "Reform", "Rulebook", "decide", "goal_seek", "simulate", "sweep"} <= set(seen)
    for name in seen:
        assert getattr(minzheng_rules, name) is not None or name.startswith("__")


def test_every_public_class_and_function_says_what_it_is_for() -> None:
    public = [name for name in dir(minzheng_rules) if not name.startswith("_")]
    assert not [name for name in public if not (getattr(minzheng_rules, name).__doc__ or "").strip()]
