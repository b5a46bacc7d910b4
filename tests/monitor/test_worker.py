"""The process in which the C engine runs may die at any moment: nothing is lost, nothing comes twice, and the report says so.

A few deaths here; ``benchmarks/monitor.py --crashes 100`` has a hundred.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from minzheng_rules.monitor import engines
from minzheng_rules.monitor.engines import EngineReport, Worker, WorkerLost, match_all
from minzheng_rules.monitor.matcher import Matcher
from minzheng_rules.monitor.plan import Fact, FieldTest, Pattern, Plan, PlanError, PlannedMonitor
from tests.monitor.conftest import needs_durable_rules
from tests.monitor.test_engines_agree import random_facts, random_plan

PLAN = random_plan(random.Random(5))


def _households(count: int) -> list[tuple[int, list[Fact]]]:
    luck = random.Random(count)
    return [(number, random_facts(luck)) for number in range(count)]


def _expected(plan: Plan, households: list[tuple[int, list[Fact]]]) -> list[object]:
    matcher = Matcher(plan)
    return [(who, matcher.match(facts)) for who, facts in households]


def test_without_the_c_engine_the_matcher_does_it_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "installed", lambda: False)
    households, report = _households(50), EngineReport()
    assert list(match_all(PLAN, households, report=report)) == _expected(PLAN, households)
    assert (report.wanted, report.households_by_matcher) == ("matcher", 50)
    assert "not installed" in report.why


@needs_durable_rules
def test_the_worker_does_it_all_where_nothing_happens() -> None:
    households, report = _households(450), EngineReport()
    assert list(match_all(PLAN, households, report=report)) == _expected(PLAN, households)
    assert (report.households_by_worker, report.households_by_matcher, report.failures) == (450, 0, [])


@needs_durable_rules
@pytest.mark.parametrize("when", ["before the batch", "within the batch", "between batches"])
def test_a_batch_whose_worker_died_is_done_by_the_matcher(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    households, report = _households(1000), EngineReport()
    deaths = 0
    send, receive = Worker.send, Worker.receive

    def sending(self: Worker, batch: list[list[Fact]]) -> None:
        nonlocal deaths
        if when == "before the batch" and deaths < 2:
            deaths += 1
            os.kill(self.process.pid, signal.SIGKILL)
        send(self, batch)
        if when == "within the batch" and deaths < 2:
            deaths += 1
            os.kill(self.process.pid, signal.SIGSEGV)

    def receiving(self: Worker) -> list[list[engines.Firing]]:
        nonlocal deaths
        answer = receive(self)
        if when == "between batches" and deaths < 2:
            deaths += 1
            os.kill(self.process.pid, signal.SIGKILL)
        return answer

    monkeypatch.setattr(Worker, "send", sending)
    monkeypatch.setattr(Worker, "receive", receiving)
    assert list(match_all(PLAN, households, report=report)) == _expected(PLAN, households)
    assert len(report.failures) == 2
    assert "signal" in report.failures[0]
    assert report.households_by_matcher == 400
    assert report.households_by_worker == 600


@needs_durable_rules
def test_killed_at_random_moments_nothing_is_lost_and_nothing_comes_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[Worker] = []
    begin = Worker.__init__

    def beginning(self: Worker, plan: Plan, patience: float = engines.PATIENCE) -> None:
        begin(self, plan, patience)
        alive.append(self)

    monkeypatch.setattr(Worker, "__init__", beginning)
    monkeypatch.setattr(engines, "MOST_FAILURES", 1000)
    households, report = _households(6000), EngineReport()
    done = threading.Event()

    def kill() -> None:
        luck = random.Random(1)
        while not done.wait(luck.uniform(0.01, 0.12)):
            if alive and alive[-1].process.poll() is None:
                alive[-1].process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = list(match_all(PLAN, households, report=report))
    finally:
        done.set()
        killer.join()
    assert found == _expected(PLAN, households)
    assert report.failures
    assert report.households_by_matcher + report.households_by_worker == 6000


@needs_durable_rules
def test_after_several_failures_in_a_row_the_matcher_does_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def sending(self: Worker, batch: list[list[Fact]]) -> None:  # noqa: ARG001  # in place of Worker.send
        raise WorkerLost("it always fails")

    monkeypatch.setattr(Worker, "send", sending)
    households, report = _households(1200), EngineReport()
    assert list(match_all(PLAN, households, report=report)) == _expected(PLAN, households)
    assert len(report.failures) == engines.MOST_FAILURES
    assert report.households_by_worker == 0


@needs_durable_rules
def test_a_worker_that_hangs_is_given_up() -> None:
    worker = Worker(PLAN)
    try:
        worker._patience = 0.2
        os.kill(worker.process.pid, signal.SIGSTOP)
        worker.send([[]])
        began = time.monotonic()
        with pytest.raises(WorkerLost, match="no answer"):
            worker.receive()
        assert time.monotonic() - began < 5
    finally:
        worker.close()
    assert worker.process.poll() is not None


@needs_durable_rules
def test_a_worker_says_what_it_cannot_do() -> None:
    """G4: a number that the engine would hold wrongly is refused, and the matcher takes over."""
    plan = (PlannedMonitor((Pattern("a", (FieldTest("x", ">", 0),)),), None, ((0, ""),), "d"),)
    report = EngineReport()
    households: list[tuple[int, list[Fact]]] = [(1, [("n", "a", {"x": 2**63})]), (2, [("n", "a", {"x": 1})])]
    assert [firings for _, firings in match_all(plan, households, report=report)] == [[(0, ("n",))], [(0, ("n",))]]
    assert "whole number" in report.failures[0]


@needs_durable_rules
def test_the_worker_is_ended_when_nobody_reads_on() -> None:
    report = EngineReport()

    def endless() -> Iterator[tuple[int, list[Fact]]]:
        number = 0
        while True:
            yield number, []
            number += 1

    matching = match_all(PLAN, endless(), report=report)
    next(matching)
    matching.close()  # type: ignore[attr-defined]  # it is a generator


_OK = Pattern("a")


@pytest.mark.parametrize(
    "plan",
    [
        (PlannedMonitor((), None, (), "d"),),
        (PlannedMonitor((_OK,) * 17, None, (), "d"),),
        (PlannedMonitor((_OK,), _OK, (), "d"),),
        (PlannedMonitor((_OK,), None, ((1, ""),), "d"),),
        (PlannedMonitor((Pattern("a", (FieldTest("x", "matches", 1),)),), None, (), "d"),),
        (PlannedMonitor((Pattern("a", (FieldTest("x", "==", 2**63),)),), None, (), "d"),),
        (PlannedMonitor((Pattern("d"),), None, (), "d"),),
        (PlannedMonitor((_OK,), None, (), "d"),) * 401,
    ],
)
def test_a_plan_beyond_both_engines_is_refused(plan: Plan) -> None:
    """G5, G10, G12: what would crash the engine, or answer wrongly, never reaches it."""
    with pytest.raises(PlanError):
        Matcher(plan)
