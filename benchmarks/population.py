"""Measure the population engine on the shipped household programs: growth, a sweep of the dibao standard, a slider.

    python benchmarks/population.py                  everything; some minutes and 8 GiB
    python benchmarks/population.py --persons 10000,100000

The population is invented, the figures are illustrative. Times are the best of several, warm; on a machine that does other
work too, compare the ratios.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import time
from collections.abc import Callable

from minzheng_rules import Rulebook
from minzheng_rules.population.population import Population
from minzheng_rules.population.simulation.sweeping import Trial, sweep

DAY = dt.date(2025, 6, 1)
PERSONS_IN_A_HOUSEHOLD = 2.478
"""In the invented county."""
SWEPT = ["dibao", "dibao_edge", "disability_subsidies.living"]
STANDARDS = [800 + 10 * step for step in range(41)]


def main() -> None:
    options = _options()
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print(f"{len(book.programs)} programs, best of {options.rounds}\n")
    print("| persons | s | persons/s | peak MiB |\n|---|---|---|---|")
    for persons in map(int, options.persons.split(",")):
        grow(book, persons, options.rounds)
    compare(book, options.swept, options.rounds)


def grow(book: Rulebook, persons: int, rounds: int) -> None:
    """All household programs for so many persons."""
    people = Population.synthesize(round(persons / PERSONS_IN_A_HOUSEHOLD), seed=1)
    people.decide(book, DAY)  # compiled for this population before it is timed
    seconds = best(lambda: people.decide(book, DAY), rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {people.persons:,} | {seconds:.3f} | {people.persons / seconds:,.0f} | {peak:,.0f} |", flush=True)


def compare(book: Rulebook, persons: int, rounds: int) -> None:
    """A sweep and a slider beside single runs of the same programs."""
    people = Population.synthesize(round(persons / PERSONS_IN_A_HOUSEHOLD), seed=1)

    def swept() -> object:
        return sweep(people, book, {"低保标准": STANDARDS}, as_of=DAY, programs=SWEPT)

    trial = Trial(people, book, ["低保标准"], DAY, SWEPT)
    people.decide(book, DAY, SWEPT), swept(), trial.at([1000])
    single, whole, moved = [], [], []
    for _ in range(rounds):  # interleaved, so that what else runs weighs on all alike
        single.append(best(lambda: people.decide(book, DAY, SWEPT), 2))
        whole.append(best(swept, 1))
        moved.append(best(lambda: trial.at([1010]), 2))
    print(f"\n{people.persons:,} persons, {len(SWEPT)} programs\n\n| | s | single runs |\n|---|---|---|")
    for name, times in (("a single run", single), (f"{len(STANDARDS)} standards", whole), ("a slider moved", moved)):
        print(f"| {name} | {min(times):.3f} | {min(times) / min(single):.1f} |")


def best(work: Callable[[], object], rounds: int) -> float:
    """The least time of several."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--persons", default="10000,100000,1000000,10000000")
    parser.add_argument("--swept", type=int, default=700_000, help="persons in the sweep")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
