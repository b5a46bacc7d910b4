"""The answers as tables: in the language asked for throughout, numbers as numbers, days as days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from minzheng_rules import Rulebook, decide
from minzheng_rules.cli import main
from minzheng_rules.population.outputs.answers import answer_tables
from minzheng_rules.population.population import Population

PROGRAMS = ["dibao", "temporary_aid", "disability_subsidies.living", "children"]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.fixture(scope="module")
def people() -> Population:
    return Population.synthesize(40, seed=5)


def _tables(people: Population, book: Rulebook, lang: str) -> dict[str, pl.DataFrame]:
    return answer_tables(people, people.decide(book, programs=PROGRAMS), book, lang, explained=0)


def test_answers_in_chinese_call_values_by_their_terms(people: Population, book: Rulebook) -> None:
    tables = _tables(people, book, "zh")
    assert set(tables["家庭"]["最低生活保障.申请地"].drop_nulls()) <= {
        "户籍所在地",
        "户籍与居住一致成员的户籍地",
        "任一成员户籍地",
        "按省有关规定",
    }
    assert set(tables["家庭"]["临时救助.应先行救助"].drop_nulls()) <= {"是", "否"}
    assert not [
        (name, value)
        for frame in (tables["家庭"], tables["申报成员"])
        for name in frame.columns[3:]
        if frame[name].dtype == pl.String
        for value in frame[name].drop_nulls().unique()
        if value.isascii()
    ]


def test_what_bars_somebody_is_said_as_an_exclusion(book: Rulebook) -> None:
    """A household on dibao is not on the edge of it: that it meets the conditions of dibao is what excludes it."""
    people = Population.synthesize(300, seed=5)
    answers = people.decide(book, programs=["dibao_edge", "hardship_elder"])
    zh, en = (answer_tables(people, answers, book, lang, explained=0) for lang in ("zh", "en"))
    assert "除外情形：低保条件" in set(zh["家庭"]["最低生活保障边缘家庭.不符合的条件"])
    assert "excluded: dibao conditions" in set(en["households"]["dibao_edge.reason"])


def test_numbers_days_and_yes_and_no_have_types_of_their_own(people: Population, book: Rulebook) -> None:
    tables = _tables(people, book, "en")
    households = tables["households"]
    assert households["temporary_aid.help_first"].dtype == pl.Boolean
    assert isinstance(households["temporary_aid.temporary_highest"].dtype, pl.Decimal)
    assert tables["members"]["disability_subsidies.living.stops_if_it_ended_today"].dtype == pl.Date


def test_an_amount_nobody_knows_has_its_column_all_the_same(people: Population) -> None:
    """Without the figures of the place nothing is settled; who reads the table finds the same columns as with them."""
    program, amount = "service_voucher.status", "service_voucher.voucher_amount"
    bare = Rulebook.load(place="haining")
    members = answer_tables(people, people.decide(bare, programs=["service_voucher"]), bare, "en", explained=0)[
        "members"
    ]
    assert set(members[program].to_list()) == {"undetermined", "not_applicable"}
    assert members[amount].is_null().all()


def test_every_answer_stands_in_its_cell_as_decide_gives_it(people: Population, book: Rulebook) -> None:
    households = _tables(people, book, "en")["households"]
    for number in range(len(people)):
        decision = decide(people.case(number), book, programs=PROGRAMS)
        row = households.row(number, named=True)
        for id in ("dibao", "temporary_aid"):
            outcome = decision.outcome(id)
            assert row[f"{id}.status"] == outcome.status.value
            assert row.get(f"{id}.payable_from") == outcome.payable_from
            for result in outcome.results.values():
                found = row.get(f"{id}.{result.name.en.replace(' ', '_')}")
                if isinstance(found, dt.date):
                    found = found.isoformat()
                assert (None if found is None else str(found).removesuffix(".00")) == (
                    None if result.raw is None else str(result.raw).removesuffix(".00")
                )


def test_what_is_set_aside_is_called_in_the_language_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "家庭.csv").write_text("家庭编号\n一\n二\n", encoding="utf-8")
    (tmp_path / "申报成员.csv").write_text("家庭编号,关系\n一,本人\n二,户主\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = ["population", "check", ".", "--as-of", "2025-06-01", "--unknown", "rest"]
    for lang, names in (
        ("zh", ["搁置.原因.csv", "搁置.家庭.csv", "搁置.申报成员.csv"]),
        ("en", ["set_aside.households.csv", "set_aside.members.csv", "set_aside.reasons.csv"]),
    ):
        assert CliRunner().invoke(main, [*asked, "--set-aside", lang, "--lang", lang]).exit_code == 1
        assert sorted(path.name for path in Path(lang).iterdir()) == names
    rows = pl.read_csv(tmp_path / "zh" / "搁置.申报成员.csv", infer_schema=False).to_dicts()
    assert rows == [{"行": "3", "家庭编号": "二", "关系": "户主"}]


def test_long_work_says_how_far_it_is(people: Population, book: Rulebook) -> None:
    told: list[tuple[int, int]] = []
    tables = answer_tables(
        people, people.decide(book, programs=PROGRAMS), book, "zh", progress=lambda *at: told.append(at)
    )
    assert "尚缺" in "".join(tables["申报成员"].columns)
    assert told
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    looked_at: list[tuple[int, int]] = []
    people.from_tables(
        {"household_id": [1, 2]},
        {"household_id": [1, 2], "relation": ["applicant", "本人"], "birth_date": ["1952-03-01", "someday"]},
        as_of="2025-06-01",
        unknown=["rest"],
        set_aside=True,
        progress=lambda *at: looked_at.append(at),
    )
    assert looked_at == [(1, 1)]
