"""Departments' records in numbers: records a second and memory, by engine; growth with the number of monitors; crashes.

    python benchmarks/monitor.py                    # a year of 200,000 records for 20,000 households, both engines
    python benchmarks/monitor.py --monitors         # how time grows with the number of monitors
    python benchmarks/monitor.py --memory           # memory over 100,000 households
    python benchmarks/monitor.py --crashes 100      # the worker is killed a hundred times

Everybody in it is made up, from a seed; the figures in use are illustrative.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import random
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minzheng_rules.language.reading import Reader
from minzheng_rules.monitor import engines
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.engines import EngineReport, Worker, match_all
from minzheng_rules.monitor.lowering import lower
from minzheng_rules.monitor.matcher import Matcher
from minzheng_rules.monitor.records import DepartmentRecord, Holdings
from minzheng_rules.monitor.values import NO_END
from minzheng_rules.monitor.watching import warnings_for, watch, watch_days

YEAR = dt.date(2025, 1, 1)
AS_OF = dt.date(2025, 12, 31)
PER_HOUSEHOLD = 10
ENGINES = ("durable_rules", "matcher")


def household(number: int) -> list[DepartmentRecord]:
    """Ten records of a made-up household over a year: mostly payments, now and then something that matters."""
    luck = random.Random(number)
    name = f"H{number:06d}"
    people = ["A", "B", "C"][: luck.randint(1, 3)]
    made: list[DepartmentRecord] = []

    def record(type_: str, day: dt.date, **fields: Any) -> None:
        held = {"date": day.toordinal(), **fields}
        made.append(DepartmentRecord(type_, f"{type_}-{len(made)}", name, held, day.toordinal(), ""))

    def some_day() -> dt.date:
        return YEAR + dt.timedelta(luck.randrange(365))

    if luck.random() < 0.7:
        kind = luck.choice(["dibao", "dibao", "dibao_edge", "tekun"])
        since = dt.date(2024, luck.randint(1, 12), luck.randint(1, 28))
        cycle = luck.choice(["yearly", "half_yearly"])
        record("recognition", since, kind=kind, until=NO_END.toordinal(), cycle=cycle)
    if luck.random() < 0.5:
        born = dt.date(luck.randint(1925, 2012), luck.randint(1, 12), luck.randint(1, 28)).toordinal()
        record("resident", dt.date(2020, 1, 1), person=luck.choice(people), birth_date=born)
    rare = (
        ("death", 0.03, {}),
        ("custody", 0.01, {"kind": "prison", "until": NO_END.toordinal()}),
        ("vehicle", 0.03, {"disability_aid": 0, "value": 3_000_000}),
        ("property", 0.02, {}),
        ("company", 0.02, {}),
        ("job_loss", 0.05, {}),
        ("employment", 0.06, {"monthly_pay": 300_000}),
        ("hardship_sign", 0.08, {"kind": luck.choice(["student", "serious_illness", "disaster"])}),
        ("benefit_elsewhere", 0.005, {"benefit": "dibao", "county": "X", "until": NO_END.toordinal()}),
        ("residence_endorsement", 0.05, {"until": (AS_OF + dt.timedelta(luck.randrange(-60, 200))).toordinal()}),
    )
    for type_, chance, fields in rare:
        if luck.random() < chance:
            record(type_, some_day(), person=luck.choice(people), **fields)
    if luck.random() < 0.1:
        for _ in range(luck.randint(1, 4)):
            record("medical_bill", some_day(), person=luck.choice(people), own_pay=luck.randrange(100_000, 1_500_000))
    if luck.random() < 0.04:
        for _ in range(3):
            result = luck.choice(["refused_without_reason", "refused_without_reason", "accepted"])
            record("job_offer", some_day(), person=people[0], result=result, suited=1)
    if luck.random() < 0.5:
        record("review", some_day())
    month = 1
    while len(made) < PER_HOUSEHOLD:
        day = dt.date(2025, min(month, 12), luck.randint(1, 28))
        benefit = "dibao" if luck.random() < 0.98 else "tekun"
        record("payment", day, person=luck.choice(people), benefit=benefit, amount=50_000)
        month += 1
    return made[:PER_HOUSEHOLD]


def holdings_of(households: int) -> Holdings:
    """The records of so many households, in no order."""
    records = [record for number in range(households) for record in household(number)]
    random.Random(1).shuffle(records)
    found = Holdings()
    for record in records:
        found.add(record)
    return found


def resident(process: int | str = "self") -> float:
    """Memory a process holds, in MiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def a_year(book: MonitorBook, households: int) -> None:
    """A year's records, by each engine: the whole way from records to warnings, and matching alone."""
    began = time.perf_counter()
    holdings = holdings_of(households)
    records = len(holdings)
    print(
        f"{records:,} records of {households:,} households made up and held in {time.perf_counter() - began:.1f} s, {resident():.0f} MiB"
    )
    lowered = lower(book, AS_OF)
    print(f"{len(lowered.plan)} monitors as of {AS_OF}")
    facts = [lowered.facts_of(h, holdings.known(h, AS_OF.toordinal()), AS_OF) for h in holdings.households]
    pairs = [(number, one.facts) for number, one in enumerate(facts)]
    known: dict[str, set[str]] = {}
    for engine in ENGINES:
        began = time.perf_counter()
        for _ in match_all(lowered.plan, pairs, engine):
            pass
        matching = time.perf_counter() - began
        gc.collect()
        before, began = resident(), time.perf_counter()
        watched = watch(book, holdings, AS_OF, engine=engine)
        whole = time.perf_counter() - began
        known[engine] = {warning.id for warning in watched.warnings}
        print(
            f"{engine:14} whole way {whole:6.2f} s = {records / whole:9,.0f} records/s; matching alone {matching:6.2f} s = "
            f"{records / matching:9,.0f} records/s; {len(watched.warnings):,} warnings; +{resident() - before:.0f} MiB; "
            f"{len(watched.engine.failures)} failures"
        )
    print("the same warnings:", known[ENGINES[0]] == known[ENGINES[1]])
    began = time.perf_counter()
    replayed = watch_days(book, holdings, YEAR, AS_OF, engine="matcher")
    print(f"matcher, replay of 365 days: {time.perf_counter() - began:.1f} s, {len(replayed.raised):,} warnings raised")
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def many_monitors(book: MonitorBook, households: int) -> None:
    """How time grows with the number of monitors: the shipped ones, copied under other names."""
    folder = Path(__file__).parents[1]
    holdings = holdings_of(households)
    records = len(holdings)
    for copies in (1, 2, 4, 8, 12):
        copied = _copied(book, folder, copies)
        lowered = lower(copied, AS_OF)
        times = []
        for engine in ENGINES:
            began = time.perf_counter()
            warnings = len(watch(copied, holdings, AS_OF, engine=engine).warnings)
            times.append(time.perf_counter() - began)
        said = "; ".join(f"{e} {t:.2f} s = {records / t:,.0f} records/s" for e, t in zip(ENGINES, times, strict=True))
        print(f"{len(lowered.plan):4} monitors, {warnings:,} warnings: {said}")


def _copied(book: MonitorBook, folder: Path, copies: int) -> MonitorBook:
    reader = Reader()
    trees = []
    for layer in ("national", "zhejiang"):
        for file in sorted((folder / "rules" / layer / "monitors").glob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            trees.append((layer, reader.read_text(text, file.name)))
            for number in range(1, copies):
                if file.name != "records.yaml":
                    trees.append((layer, reader.read_text(_renamed(text, number), file.name)))
    return MonitorBook.of([(layer, tree) for layer, tree in trees if tree is not None], book.rulebook, reader.problems)


def _renamed(text: str, number: int) -> str:
    import re

    names = re.findall(r"^  [a-z_]+:\n    term: (\S+)$", text, re.MULTILINE)
    text = re.sub(r"^  ([a-z_]+):$", rf"  \1_{number}:", text, flags=re.MULTILINE)
    for name in [*names, "大额自付医疗", "连续三次拒绝介绍工作"]:
        text = re.sub(rf"(term|record|replaces): {name}(?=[\s,}}])", rf"\1: {name}{number}", text)
    return text


def memory(book: MonitorBook, households: int) -> None:
    """Memory of both processes while so many households pass through, made up one by one."""
    workers: list[Worker] = []
    begin = Worker.__init__

    def beginning(self: Worker, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        workers.append(self)

    Worker.__init__ = beginning  # type: ignore[method-assign]  # to look at its process
    lowered, report, found = lower(book, AS_OF), EngineReport(), 0
    stream: Iterator[tuple[str, list[DepartmentRecord]]] = ((f"H{n:06d}", household(n)) for n in range(households))
    began = time.perf_counter()
    for number, warnings in enumerate(warnings_for(lowered, stream, AS_OF, "durable_rules", report), 1):
        found += len(warnings)
        if number in (1000, 10_000, 25_000, 50_000, 75_000) or number == households - 1:
            worker = resident(workers[-1].process.pid) if workers else 0
            print(f"{number:8,} households: this process {resident():6.1f} MiB, worker {worker:6.1f} MiB")
    print(f"{time.perf_counter() - began:.1f} s, {found:,} warnings, {len(report.failures)} failures")


def crashes(book: MonitorBook, wanted: int) -> None:
    """Kill the worker at random moments until it has been killed so often; compare with the matcher."""
    engines.MOST_FAILURES = 10**9  # type: ignore[misc]  # to go on killing
    lowered, luck = lower(book, AS_OF), random.Random(7)
    pairs = [(number, lowered.facts_of(f"H{number}", household(number), AS_OF).facts) for number in range(20_000)]
    matcher = Matcher(lowered.plan)
    expected = [(number, matcher.match(facts)) for number, facts in pairs]
    workers: list[Worker] = []
    begin = Worker.__init__

    def beginning(self: Worker, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        workers.append(self)

    Worker.__init__ = beginning  # type: ignore[method-assign]  # to know whom to kill
    killed, rounds, lost, doubled, by_matcher, by_worker = 0, 0, 0, 0, 0, 0
    while killed < wanted:
        report, done = EngineReport(), threading.Event()

        def kill(done: threading.Event = done) -> None:
            while not done.wait(luck.uniform(0.02, 0.3)):
                if workers and workers[-1].process.poll() is None:
                    workers[-1].process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        found = list(match_all(lowered.plan, pairs, "durable_rules", report))
        done.set()
        killer.join()
        rounds += 1
        killed += len(report.failures)
        by_matcher, by_worker = by_matcher + report.households_by_matcher, by_worker + report.households_by_worker
        wanted_firings = [(n, f) for n, firings in expected for f in firings]
        given = [(n, f) for n, firings in found for f in firings]
        lost += len(set(map(str, wanted_firings)) - set(map(str, given)))
        doubled += len(given) - len(set(map(str, given)))
    print(
        f"{killed} workers lost in {rounds} rounds of {len(pairs):,} households ({by_worker:,} by the worker, {by_matcher:,} by "
        f"the matcher): {lost} warnings lost, {doubled} doubled"
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--monitors", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--crashes", type=int, default=0)
    asked = parser.parse_args()
    book = MonitorBook.load(place="haining", overlays=["illustrative"])
    if asked.monitors:
        many_monitors(book, min(asked.households, 5_000))
    elif asked.memory:
        memory(book, 100_000)
    elif asked.crashes:
        crashes(book, asked.crashes)
    else:
        a_year(book, asked.households)


if __name__ == "__main__":
    main()
