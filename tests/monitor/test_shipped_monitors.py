"""Every monitor that ships: cases that fire, cases that just do not, and the articles it rests on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.intake import Intake
from minzheng_rules.monitor.lowering import lower
from minzheng_rules.monitor.rete import installed
from minzheng_rules.monitor.warnings import str_of
from minzheng_rules.monitor.watching import watch

CASES = Path(__file__).with_name("cases")
DAYS = ("2025-06-30", "2026-08-01")


def _cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(file.read_text(encoding="utf-8"))["cases"], 1):
            found.append(pytest.param(file.stem, case, id=f"{file.stem}-{number}"))
    return found


@pytest.mark.parametrize(("monitor", "case"), _cases())
def test_a_monitor_warns_as_its_case_says(monitor: str, case: dict[str, Any], shipped: MonitorBook) -> None:
    intake = Intake(shipped)
    intake.table([{"household": "H", "person": "甲", **record} for record in case["records"]], monitor)
    assert not intake.set_aside, [problem.say("en") for problem in intake.set_aside]
    as_of = dt.date.fromisoformat(str(case["as_of"]))
    found = [w for w in watch(shipped, intake.holdings, as_of, engine="matcher").warnings if w.monitor.id == monitor]
    wanted = case["warns"]
    assert len(found) == (wanted if isinstance(wanted, int) else len(wanted)), case["about"]
    for warning, expected in zip(found, wanted if isinstance(wanted, list) else [], strict=False):
        said = {
            "person": warning.person,
            "since": warning.since.isoformat(),
            "due": warning.due.isoformat() if warning.due else None,
            "evidence": [f"{record.type}/{record.id}" for record in warning.evidence],
            "overdue": warning.overdue,
        }
        assert {key: str(said[key]) if key in ("since", "due") else said[key] for key in expected} == {
            key: str(value) if key in ("since", "due") else value for key, value in expected.items()
        }


@pytest.mark.skipif(not installed(), reason="durable_rules 2.0.28 is not installed")
def test_the_c_engine_says_the_same_of_every_case(shipped: MonitorBook) -> None:
    intakes: dict[str, Intake] = {}
    for number, (monitor, case) in enumerate(param.values for param in _cases()):
        intake = intakes.setdefault(str(case["as_of"]), Intake(shipped))
        rows = [{"person": "甲", **record, "household": f"{monitor}-{number}"} for record in case["records"]]
        intake.table(rows, monitor)
    for day, intake in intakes.items():
        as_of = dt.date.fromisoformat(day)
        by_matcher, by_rete = (watch(shipped, intake.holdings, as_of, engine=e) for e in ("matcher", "durable_rules"))
        assert by_rete.warnings == by_matcher.warnings
        assert not by_rete.engine.failures


def test_every_monitor_has_cases_that_fire_and_cases_that_do_not(shipped: MonitorBook) -> None:
    fires: Counter[str] = Counter()
    quiet: Counter[str] = Counter()
    for param in _cases():
        monitor, case = param.values
        (fires if case["warns"] else quiet)[monitor] += 1
    warning = {monitor.id for monitor in shipped.monitors if monitor.text.level}
    # The State's three refusals are the province's in Zhejiang, and are tried in a place of their own below.
    assert warning - {"three_refusals"} == set(fires) == set(quiet)


@pytest.mark.parametrize("day", DAYS)
def test_what_a_monitor_cites_is_registered_and_in_force(shipped: MonitorBook, day: str) -> None:
    as_of = dt.date.fromisoformat(day)
    lowered = lower(shipped, as_of)
    sources = shipped.rulebook.sources
    assert [idle.monitor.id for idle in lowered.idle] == []
    for monitor in lowered.monitors:
        assert any(sources.in_force(cite, as_of) for cite in monitor.text.cites), monitor.id
        for cite in monitor.text.cites:
            articles = sources.by_id[cite.instrument].articles
            number = cite.article.split(".")[0].split("(")[0]
            if isinstance(articles, int):
                assert int(number) <= articles, f"{monitor.id}: {str_of(cite)}"


def test_every_warning_says_what_to_do_in_both_languages(shipped: MonitorBook) -> None:
    for monitor in shipped.monitors:
        if monitor.text.level:
            assert monitor.text.steps, monitor.id
            assert all(step.words.zh != step.words.en for step in monitor.text.steps), monitor.id
            assert monitor.text.term_en.isascii()


def test_no_monitor_acts_on_a_figure_nobody_published() -> None:
    """Without made-up figures: the line for hospital bills and the term of the disregard are the county's to set."""
    bare = MonitorBook.load(place="haining")
    idle = {idle.monitor.id: idle.why.en for idle in lower(bare, dt.date(2025, 6, 30)).idle}
    assert set(idle) == {
        "large_medical_spending",
        "impoverished_by_illness",
        "illness_unassisted",
        "disregard_about_to_end",
    }
    assert "illness_warning_line" in idle["large_medical_spending"]
    assert "does not act" in idle["illness_unassisted"]


def test_three_refusals_have_no_window_outside_zhejiang(shipped: MonitorBook) -> None:
    """R649#45 and M57#34 count refusals in a row, however long apart; ZJ14#36 within six months."""
    national = MonitorBook.load(place="national")
    refusal = {"household": "H", "person": "甲", "type": "job_offer", "result": "无正当理由拒绝", "suited": True}
    rows = [{**refusal, "id": day, "date": day} for day in ("2024-06-01", "2024-12-01", "2025-06-01")]
    rows.append({"household": "H", "type": "recognition", "id": "r", "date": "2024-01-01", "kind": "dibao"})
    for book, expected in ((national, {"three_refusals"}), (shipped, set())):
        intake = Intake(book)
        intake.table(rows, "rows")
        warnings = watch(book, intake.holdings, dt.date(2025, 6, 30), engine="matcher").warnings
        assert {w.monitor.id for w in warnings} & {"three_refusals", "three_refusals_within_window"} == expected


def test_the_table_of_exclusive_benefits_says_what_the_stacking_tables_say(shipped: MonitorBook) -> None:
    """The rows may not be more certain than the rules they repeat, and cite what those cite."""
    cited = {
        (cite.instrument, cite.article)
        for stacks in shipped.rulebook.stacks.values()
        for stack in stacks
        for cite in stack.cites
    }
    for row in shipped.types["exclusive_benefits"].rows or ():
        assert row.cites
        assert any((cite.instrument, cite.article) in cited for cite in row.cites)
