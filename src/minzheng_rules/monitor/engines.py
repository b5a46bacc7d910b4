"""Matching many households: by the C engine in a process of its own where it can be had, by the matcher where not.

A batch of households is answered as a whole or not at all. When the worker dies, hangs or fails, what it was asked is
answered by the matcher, and another worker is started for what follows; after several failures in a row the matcher does the rest.
So nothing is lost and nothing comes twice, and the report says what happened.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from minzheng_rules.monitor.matcher import Matcher
from minzheng_rules.monitor.plan import Fact, Firing, Plan
from minzheng_rules.monitor.rete import VERSION, installed
from minzheng_rules.monitor.worker import plan_to_plain, read_frame, write_frame

BATCH: Final = 200
"""Households sent to the worker at a time: what a crash costs is matching so many again."""
MOST_FAILURES: Final = 3
"""Failures in a row after which the matcher does all the rest."""
PATIENCE: Final = 120.0
"""Seconds after which a worker that does not answer is taken to hang."""

Who = TypeVar("Who")


@dataclass
class EngineReport:
    """What did the matching, and what went wrong on the way."""

    wanted: str = "matcher"
    """``durable_rules`` or ``matcher``."""
    why: str = ""
    """Why it is not durable_rules, where it is not."""
    households_by_worker: int = 0
    households_by_matcher: int = 0
    failures: list[str] = field(default_factory=list)
    """Each time a worker was lost: what it said, or how it ended."""

    def to_json(self) -> dict[str, Any]:
        """The report in plain types."""
        return {
            "engine": self.wanted,
            "why": self.why or None,
            "households_by_worker": self.households_by_worker,
            "households_by_matcher": self.households_by_matcher,
            "worker_failures": list(self.failures),
        }


class WorkerLost(RuntimeError):
    """The worker died, hung, or said that it failed."""


class Worker:
    """One process with the C engine in it. Raises :class:`WorkerLost` where it does not do what it should."""

    def __init__(self, plan: Plan, patience: float = PATIENCE) -> None:
        self._patience = patience
        # The child finds this very package, and nothing in the folder somebody happens to work in.
        package = str(Path(__file__).resolve().parents[2])
        paths = [package, os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "minzheng_rules.monitor.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        try:
            self._send(plan_to_plain(plan))
            self._answer("ready")
        except WorkerLost:
            self.close()
            raise

    def send(self, batch: list[list[Fact]]) -> None:
        """Ask about a batch of households."""
        self._send(batch)

    def receive(self) -> list[list[Firing]]:
        """The firings of the batch that was sent last."""
        return [[(place, tuple(ids)) for place, ids in firings] for firings in self._answer("matched")[1]]

    def close(self) -> None:
        """End the process, whatever state it is in."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            # What was never sent to a process that is gone cannot be sent now.
            with contextlib.suppress(OSError):
                assert stream is not None
                stream.close()

    def _send(self, message: Any) -> None:
        assert self.process.stdin is not None
        sink: BinaryIO = self.process.stdin  # type: ignore[assignment]  # a pipe opened for bytes
        try:
            write_frame(sink, message)
        except OSError:
            raise WorkerLost(self._ending()) from None

    def _answer(self, wanted: str) -> Any:
        assert self.process.stdout is not None
        source: BinaryIO = self.process.stdout  # type: ignore[assignment]  # a pipe opened for bytes
        if not select.select([source], [], [], self._patience)[0]:
            raise WorkerLost(f"no answer within {self._patience:g} s")
        try:
            answer = read_frame(source)
        except (EOFError, ValueError, TypeError):
            raise WorkerLost(self._ending()) from None
        if answer[0] != wanted:
            raise WorkerLost(answer[1])
        return answer

    def _ending(self) -> str:
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        return f"ended by signal {-code}" if code < 0 else f"ended with code {code}"


def match_all(
    plan: Plan, households: Iterable[tuple[Who, list[Fact]]], engine: str = "auto", report: EngineReport | None = None
) -> Iterator[tuple[Who, list[Firing]]]:
    """The firings of each household, in the order the households come.

    ``engine`` is ``"auto"`` (durable_rules where it is installed), ``"durable_rules"`` or ``"matcher"``. Households may be
    endless: never more than two batches are held.
    """
    report = report if report is not None else EngineReport()
    if engine != "matcher" and installed():
        report.wanted = "durable_rules"
        yield from _Crew(plan, report).match(iter(households))
        return
    if engine == "matcher":
        report.why = "asked for"
    else:
        report.why = f"durable_rules {VERSION} is not installed"
    matcher = Matcher(plan)
    for who, facts in households:
        report.households_by_matcher += 1
        yield who, matcher.match(facts)


class _Crew:
    """A worker, another when it is lost, and the matcher for what a lost one left."""

    def __init__(self, plan: Plan, report: EngineReport) -> None:
        self._plan, self._report = plan, report
        self._worker: Worker | None = None
        self._in_a_row = 0
        self._matcher = Matcher(plan)

    def match(self, households: Iterator[tuple[Who, list[Fact]]]) -> Iterator[tuple[Who, list[Firing]]]:
        """The firings of each household; while the worker is at one batch, the next is made ready and the last is used."""
        try:
            batch = list(islice(households, BATCH))
            sent = self._send([facts for _, facts in batch])
            while batch:
                following = list(islice(households, BATCH))
                answers = self._receive(sent, [facts for _, facts in batch])
                sent = self._send([facts for _, facts in following])
                yield from zip((who for who, _ in batch), answers, strict=True)
                batch = following
        finally:
            if self._worker is not None:
                self._worker.close()

    def _send(self, batch: list[list[Fact]]) -> bool:
        """Whether a worker has been asked."""
        if not batch:
            return False
        try:
            if self._worker is None and self._in_a_row < MOST_FAILURES:
                self._worker = Worker(self._plan)
            if self._worker is None:
                return False
            self._worker.send(batch)
            return True
        except WorkerLost as lost:
            self._lose(lost)
            return False

    def _receive(self, sent: bool, batch: list[list[Fact]]) -> list[list[Firing]]:
        if sent and self._worker is not None:
            try:
                answers = self._worker.receive()
                if len(answers) != len(batch):
                    raise WorkerLost("it answered for another number of households")
                self._in_a_row = 0
                self._report.households_by_worker += len(batch)
                return answers
            except WorkerLost as lost:
                self._lose(lost)
        self._report.households_by_matcher += len(batch)
        return [self._matcher.match(facts) for facts in batch]

    def _lose(self, lost: WorkerLost) -> None:
        self._report.failures.append(str(lost))
        self._in_a_row += 1
        if self._worker is not None:
            self._worker.close()
            self._worker = None
