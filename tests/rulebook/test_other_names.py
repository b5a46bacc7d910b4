"""People say 低保; the rulebook's own term is 最低生活保障. A program is found by either, and decided the same."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from minzheng_rules import Case, RequestProblems, Rulebook, RulebookProblems, decide

TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(TOY)


def _copied(folder: Path, file: str, pattern: str, instead: str) -> Path:
    """The toy county with one line of one file changed."""
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    path = folder / file
    text, changed = re.subn(pattern, instead, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_program_is_found_by_its_id_its_term_and_its_other_names(book: Rulebook) -> None:
    assert {book.program(name).id for name in ("fog_support", "雾季补助", "雾补")} == {"fog_support"}
    assert book.program("灯油票").id == "lamps.oil"
    assert Rulebook.load(place="haining").program("低保").id == "dibao"


def test_a_name_nobody_uses_is_answered_with_the_nearest(book: Rulebook) -> None:
    with pytest.raises(RequestProblems) as refused:
        book.program("雾贴")
    assert refused.value.problems[0].next_step == ("您是否想写“雾补”？", "did you mean `雾补`?")


def test_a_decision_is_asked_by_the_same_names(book: Rulebook) -> None:
    decision = decide(Case.parse({"船员名单": []}, book.model), book, as_of=dt.date(2025, 6, 1), programs=["雾补"])
    assert decision.outcome("雾补") is decision.outcome("fog_support")
    assert decision.explain("雾补").roots == decision.explain("fog_support").roots


def test_other_names_leave_no_mark_on_the_digest(book: Rulebook, tmp_path: Path) -> None:
    renamed = _copied(tmp_path, "rules/realm/fog_support.yaml", r"^also: .*$", "also: [别的叫法]")
    assert Rulebook.load(renamed).digest == book.digest


@pytest.mark.parametrize("taken", ["lamps.oil", "灯与钟·灯油", "灯油票"])
def test_two_programs_cannot_go_by_one_name(tmp_path: Path, taken: str) -> None:
    folder = _copied(tmp_path, "rules/realm/fog_support.yaml", r"^also: .*$", f"also: [{taken}]")
    with pytest.raises(RulebookProblems) as refused:
        Rulebook.load(folder)
    (problem,) = refused.value.problems
    assert problem.code == "rule-file.also"
    assert taken in problem.what.zh


def test_the_other_names_of_a_program_of_several_answers_name_each(tmp_path: Path) -> None:
    folder = _copied(tmp_path, "rules/realm/lamps.yaml", r"^term: 灯与钟$", "term: 灯与钟\nalso: 灯钟")
    assert Rulebook.load(folder).program("灯钟·敲钟").id == "lamps.ringing"
