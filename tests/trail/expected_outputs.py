"""Whole outputs kept as files, one for each form, language and view.

``python -m tests.trail.expected_outputs`` writes them anew after a change that was meant; read the difference before
keeping it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from minzheng_rules.trail.summary import summary_text
from minzheng_rules.trail.trail import Trail
from tests.trail import hand_made_decisions as decisions
from tests.trail import hand_made_trails as trails

FOLDER = Path(__file__).parent / "expected"
MADE = {"refusal": trails.refusal, "undetermined": trails.undetermined, "eligible": trails.eligible}


def outputs() -> Iterator[tuple[str, Callable[[], str]]]:
    """The name of each file and what makes its content."""
    for lang in ("zh", "en"):
        for name, make in MADE.items():
            for full in (False, True):
                stem = f"{name}.{'full' if full else 'reasons'}.{lang}"
                yield f"{stem}.txt", lambda m=make, g=lang, f=full: Trail([m()]).text(g, f, 88, False) + "\n"
                yield f"{stem}.md", lambda m=make, g=lang, f=full: Trail([m()]).markdown(g, f)
        yield f"summary.{lang}.txt", lambda g=lang: summary_text(decisions.mixed(), g, 88, False) + "\n"


def expected(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in outputs():
        (FOLDER / name).write_text(make(), encoding="utf-8")
