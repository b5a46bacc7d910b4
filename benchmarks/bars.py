"""Our own times against the bars set for them: `make bars`. Needs only this repository.

The household is the benchmark's: three persons, two incomes, one disabled; its rules are those in ``rulebook/``. The shipped
rulebook decides the first of the example cases, and a family of five with supporters elsewhere by all its programs.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAMILY = HERE / "five_people_with_supporters.yaml"
EXAMPLE = next(iter(sorted((HERE.parent / "examples" / "cases").glob("*.yaml"))), None)

HOUSEHOLD = {
    "assets": 21_300,
    "cars": 0,
    "persons": [
        {"id": "A", "wage": 1_820, "business": 0, "property_income": "120.50", "transfer": 0, "disregard": 364}
        | {"disability_grade": "none", "disability_type": "none", "care_grade": "none"},
        {"id": "B", "wage": 0, "business": "310.25", "property_income": 0, "transfer": 205, "disregard": 0}
        | {"disability_grade": "second", "disability_type": "limbs", "care_grade": "second"},
        {"id": "C", "wage": 0, "business": 0, "property_income": 0, "transfer": 90, "disregard": 0}
        | {"disability_grade": "third", "disability_type": "intellectual", "care_grade": "none"},
    ],
}
DAY = dt.date(2024, 7, 1)
TOTAL = "2354"


def main() -> int:
    if sys.argv[1:2] == ["first"]:
        first_answer(sys.argv[2])
        return 0
    rows = [
        ("process start to first answer, benchmark's rules", 0.25, "s", from_start("benchmark")),
        ("process start to first answer, shipped rulebook", 0.6, "s", from_start("shipped")),
        *warm(),
        *warm_family(),
        ("`minzheng check` of the shipped rulebook, every place and overlay", 3.0, "s", from_start("check", 5)),
        ("loading the shipped rulebook, per thousand lines", 0.15, "s", load_per_thousand_lines()),
    ]
    print("| measured | bar | ours | |\n|---|---|---|---|")
    for what, bar, unit, took in rows:
        print(f"| {what} | {bar:g} {unit} | {took:.3f} {unit} | {'within' if took <= bar else 'over'} |")
    return 0


def warm() -> list[tuple[str, float, str, float]]:
    """A household decided again and again in one process."""
    from minzheng_rules import Case, decide

    book, household = benchmark()
    case = Case.parse(HOUSEHOLD, household)
    if str(decide(case, book, as_of=DAY).outcome("assistance").amounts["total"].value) not in (TOTAL, TOTAL + ".00"):
        raise SystemExit(f"the answer is not {TOTAL}: nothing is measured before it is right")

    def with_trail() -> None:
        for outcome in decide(case, book, as_of=DAY).outcomes:
            for _ in outcome.trail.walk():
                pass

    return [
        ("warm household, decide() alone", 0.3, "ms", _median_ms(lambda: decide(case, book, as_of=DAY))),
        ("warm household, with its full trail built", 2.0, "ms", _median_ms(with_trail)),
    ]


def warm_family() -> list[tuple[str, float, str, float]]:
    """A family of five, three generations, with supporters elsewhere, by every program of the shipped rulebook."""
    from minzheng_rules import Case, Rulebook, decide

    book = Rulebook.load(place="haining", overlays=["illustrative"])
    case = Case.read(FAMILY)
    if decide(case, book).outcome("dibao").status.value != "eligible":
        raise SystemExit("the family is not found entitled: nothing is measured before it is right")

    def with_reasons() -> None:
        for outcome in decide(case, book).outcomes:
            _ = outcome.trail

    def with_every_step() -> None:
        opened: set[object] = set()
        waiting = [outcome.trail for outcome in decide(case, book).outcomes]
        while waiting:
            node = waiting.pop()
            if node not in opened:
                opened.add(node)
                waiting += node.children

    return [
        ("warm family of five, all programs, decide() alone", 10.0, "ms", _least_ms(lambda: decide(case, book))),
        ("warm family of five, with what settles every answer", 10.0, "ms", _least_ms(with_reasons)),
        ("warm family of five, with every step of every trail", 10.0, "ms", _least_ms(with_every_step)),
    ]


def load_per_thousand_lines() -> float:
    """Seconds to load the shipped rulebook for its last place, for each thousand lines of its rules and figures."""
    from minzheng_rules import Rulebook
    from minzheng_rules.language.reading import Shelf
    from minzheng_rules.rulebook.loading import read_through

    shelf: Shelf = {}
    read_through(None, place="haining", shelf=shelf)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in shelf)
    best = min(_once_ms(lambda: Rulebook.load(place="haining")) for _ in range(9)) / 1e3
    return best / lines * 1000


def benchmark():  # type: ignore[no-untyped-def]  # the model is made by a module outside the package
    """The benchmark's rulebook and its household model."""
    sys.path.insert(0, str(HERE))
    from models import Household

    from minzheng_rules import Rulebook

    return Rulebook.load(HERE / "rulebook", vocabulary=[Household]), Household


def first_answer(which: str) -> None:
    """What the timed process does: import, load, decide once."""
    from minzheng_rules import Case, Rulebook, decide

    if which == "benchmark":
        book, household = benchmark()
        decide(Case.parse(HOUSEHOLD, household), book, as_of=DAY)
    else:
        book = Rulebook.load(place="haining", overlays=["illustrative"])
        plain = {"members": [{"relation": "本人", "declared_none": ["income"]}]}
        decide(Case.read(EXAMPLE) if EXAMPLE else Case.parse(plain), book, as_of=dt.date(2025, 6, 1))


def from_start(which: str, times: int = 11) -> float:
    """Seconds from starting Python to its end, with the first answer or `minzheng check` done: the best of several."""
    # Compiled modules are kept from the first run on, as they are for anybody who installed the package.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    arguments = ["-m", "minzheng_rules.cli", "check"] if which == "check" else [__file__, "first", which]
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - started)
    return best


def _median_ms(work: Callable[[], object], rounds: int = 9, times: int = 60) -> float:
    """The median of each round, and of those the best: a busy neighbour slows some rounds, never speeds one up."""
    return min(statistics.median(_once_ms(work) for _ in range(times)) for _ in range(rounds))


def _least_ms(work: Callable[[], object], times: int = 40) -> float:
    """The least time on the processor: what neighbours do does not count, and nothing makes it shorter."""
    return min(_once_ms(work, time.process_time) for _ in range(times))


def _once_ms(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    work()
    return (clock() - started) * 1e3


if __name__ == "__main__":
    sys.exit(main())
