"""Taking records in: what is read, what is set aside and why, and that no ID number stays anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.intake import STRANGER, Intake, Roster, read_roster
from minzheng_rules.monitor.outputs import set_aside_csv, warnings_json
from minzheng_rules.monitor.watching import watch
from minzheng_rules.problems import RequestProblems

DEATH = {"type": "death", "id": "d", "household": "H", "person": "A", "date": "2025-03-06"}
NUMBER = "990000195203010017"  # of no region there is
OTHER = "990000199001010025"


def _taken(book: MonitorBook, *rows: dict[str, Any]) -> Intake:
    intake = Intake(book)
    intake.table(rows, "rows")
    return intake


@pytest.mark.parametrize(
    "row",
    [
        DEATH,
        {"记录类型": "死亡登记", "编号": "d", "户": "H", "人员": "A", "日期": "2025/3/6"},
        {**DEATH, "date": "20250306", "来源": "公安"},
    ],
)
def test_a_record_may_be_written_in_either_language(row: dict[str, Any], shipped: MonitorBook) -> None:
    intake = _taken(shipped, row)
    (record,) = intake.holdings
    assert (record.type, record.id, record.household, record.fields["person"]) == ("death", "d", "H", "A")
    assert record.to_json(shipped.types["death"])["date"] == "2025-03-06"
    assert not intake.set_aside


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ({**DEATH, "date": "2025-02-30"}, "record.value", "expected a date"),
        ({**DEATH, "date": ""}, "record.missing", "`date` is missing"),
        ({**DEATH, "type": "deth"}, "record.type", "no such type"),
        ({key: value for key, value in DEATH.items() if key != "household"}, "record.household", "which household"),
        ({key: value for key, value in DEATH.items() if key != "person"}, "record.person", "`person` is missing"),
        ({**DEATH, "type": "payment", "benefit": "低保"}, "record.value", "expected one of"),
        ({**DEATH, "type": "payment", "benefit": "dibao", "amount": "12.345"}, "record.value", "two decimals"),
        ({**DEATH, "type": "payment", "benefit": "dibao", "amount": "1,200"}, "record.value", "without separators"),
        ({**DEATH, "person": NUMBER}, "record.value", "ID number"),
        ({**DEATH, "household": f"户{NUMBER}"}, "record.value", "ID number"),
        ({**DEATH, "id": NUMBER}, "record.value", "ID number"),
        ({**DEATH, "type": "company", "role": f"经营者 {NUMBER}"}, "record.value", "ID number"),
        ({**DEATH, "id_number": "990000195203010018"}, "record.value", "valid ID number"),
    ],
)
def test_a_bad_record_is_set_aside_with_its_reason_and_the_rest_goes_on(
    row: dict[str, Any], code: str, said: str, shipped: MonitorBook
) -> None:
    intake = _taken(shipped, row, {**DEATH, "id": "good"})
    (problem,) = intake.set_aside
    assert problem.code == code
    assert said in problem.what.en
    assert str(problem.place) == "rows:1:1"
    assert [record.id for record in intake.holdings] == ["good"]


def test_files_are_read_as_departments_write_them(tmp_path: Path, shipped: MonitorBook) -> None:
    lines = [json.dumps(DEATH), "", '{"type": "death"', "[1]", json.dumps({**DEATH, "id": "e"})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table = "编号,户,人员,日期,待遇,金额\np,H,A,2025-04-10,低保金,0.10\n"
    (tmp_path / "待遇发放-2025.csv").write_bytes(table.encode("gb18030"))
    (tmp_path / "notes.txt").write_text("not a record", encoding="utf-8")
    intake = Intake(shipped)
    intake.read(tmp_path)
    assert dict(intake.counts) == {"death": 2, "payment": 1}
    assert [(p.code, p.place.line) for p in intake.set_aside] == [("record.json", 3), ("record.json", 4)]
    assert next(r.fields["amount"] for r in intake.holdings if r.type == "payment") == 10


def test_a_json_number_is_taken_as_it_is_written(tmp_path: Path, shipped: MonitorBook) -> None:
    file = tmp_path / "bills.jsonl"
    file.write_text(
        '{"type": "medical_bill", "household": "H", "person": "A", "date": "2025-01-01", "own_pay": 4503599627.37}\n',
        encoding="utf-8",
    )
    intake = Intake(shipped)
    intake.read(file)
    assert [record.fields["own_pay"] for record in intake.holdings] == [450359962737]


def test_an_unknown_column_is_remarked_on_once(shipped: MonitorBook) -> None:
    intake = _taken(shipped, {**DEATH, "adress": "x"}, {**DEATH, "id": "e", "adress": "y"})
    assert [problem.code for problem in intake.remarks] == ["record.column"]
    assert len(intake.holdings) == 2


def test_nothing_to_read_is_told(tmp_path: Path, shipped: MonitorBook) -> None:
    with pytest.raises(RequestProblems):
        Intake(shipped).read(tmp_path)


def test_a_record_that_comes_twice_is_held_once(shipped: MonitorBook) -> None:
    intake = _taken(shipped, DEATH, {**DEATH}, {key: value for key, value in DEATH.items() if key != "id"})
    assert intake.holdings.duplicates == 1
    assert len(intake.holdings) == 2  # one without a number is known by its content
    again = {key: value for key, value in DEATH.items() if key != "id"}
    intake.table([again], "more")
    assert intake.holdings.duplicates == 2


def test_a_later_record_under_the_same_number_is_a_correction(shipped: MonitorBook) -> None:
    corrected = {**DEATH, "date": "2025-02-06", "received": "2025-05-01"}
    for rows in ([DEATH, corrected], [corrected, DEATH]):
        holdings = _taken(shipped, *rows).holdings
        days = []
        for as_of in ("2025-04-30", "2025-05-01"):
            (record,) = holdings.known("H", _day(as_of))
            days.append(record.to_json(shipped.types["death"])["date"])
        assert days == ["2025-03-06", "2025-02-06"]


def test_two_records_that_contradict_each_other_are_both_left_out(shipped: MonitorBook) -> None:
    holdings = _taken(shipped, DEATH, {**DEATH, "person": "B"}).holdings
    assert holdings.known("H", _day("2025-12-31")) == []
    assert [problem.code for problem in holdings.contradictions()] == ["record.contradiction"]


def _day(text: str) -> int:
    import datetime as dt

    return dt.date.fromisoformat(text).toordinal()


# -- ID numbers --------------------------------------------------------------------------------------------------------


def test_an_id_number_finds_the_household_and_is_dropped(
    tmp_path: Path, shipped: MonitorBook, capfd: pytest.CaptureFixture[str]
) -> None:
    roster = Roster(b"salt")
    file = tmp_path / "roster.csv"
    file.write_text(f"证件号码,户,人员\n{NUMBER},H-1,老伴\n990000195203010018,H-2,无\n", encoding="utf-8")
    problems = read_roster(file, roster)
    assert [p.code for p in problems] == ["roster.value"]
    intake = Intake(shipped, roster)
    common = {"date": "2025-03-06", "id_number": NUMBER}
    intake.table([{"type": "death", "id": "d", **common}], "rows")
    intake.table([{"type": "payment", "id": "p", **common, "date": "2025-05-06", "benefit": "dibao"}], "rows")
    watched = watch(shipped, intake.holdings, _date("2025-06-30"))
    (warning,) = [w for w in watched.warnings if w.monitor.id == "paid_after_death"]
    assert (warning.household, warning.person) == ("H-1", "老伴")
    everything = "".join(
        [
            warnings_json(watched.warnings, shipped),
            set_aside_csv([*intake.set_aside, *problems]),
            repr(list(intake.holdings)),
            repr(roster._people),
            *capfd.readouterr(),
        ]
    )
    assert NUMBER not in everything
    assert NUMBER[:17] not in everything


def test_somebody_in_two_households_is_looked_at_in_both_and_a_stranger_alone(shipped: MonitorBook) -> None:
    roster = Roster(b"salt")
    roster.add(NUMBER, "H-1", "女儿")
    roster.add(NUMBER, "H-2", "本人")
    intake = Intake(shipped, roster)
    intake.table(
        [
            {"type": "death", "id": "d", "date": "2025-03-06", "id_number": NUMBER},
            {"type": "death", "id": "e", "date": "2025-03-06", "id_number": OTHER},
        ],
        "rows",
    )
    assert not intake.set_aside, intake.set_aside[0].say("en")
    households = intake.holdings.households
    assert households[:2] == ["H-1", "H-2"]
    assert households[2].startswith(STRANGER)
    assert OTHER not in households[2]


def _date(text: str) -> Any:
    import datetime as dt

    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow"])
def test_tables_of_other_libraries_go_in(kind: str, shipped: MonitorBook) -> None:
    data = {"household": ["H", "H"], "person": ["A", None], "date": ["2025-03-06", "2025-03-07"], "id": ["d", "e"]}
    table: Any
    if kind == "polars":
        table = pytest.importorskip("polars").DataFrame(data)
    elif kind == "pandas":
        table = pytest.importorskip("pandas").DataFrame(data)
    else:
        table = pytest.importorskip("pyarrow").table(data)
    intake = Intake(shipped)
    intake.table(table, kind, "death")
    assert [record.id for record in intake.holdings] == ["d"]
    assert [problem.code for problem in intake.set_aside] == ["record.person"]


def test_a_sheet_of_excel_is_read_below_its_header(tmp_path: Path, shipped: MonitorBook) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    for name in ("fastexcel", "xlsxwriter"):
        pytest.importorskip(name, reason=f"{name} is not installed")
    sheet = polars.DataFrame(
        {"编号": ["a", "b"], "户": ["H", "H"], "人员": ["A", "A"], "日期": [_date("2025-04-10"), _date("2025-05-10")],
         "待遇": ["低保金", "没有的"], "金额": [500.5, 1.0]}
    )  # fmt: skip
    sheet.write_excel(tmp_path / "待遇发放.xlsx")
    intake = Intake(shipped)
    intake.read(tmp_path)
    assert [(r.id, r.fields["amount"]) for r in intake.holdings] == [("a", 50050)]
    assert [(p.place.file, p.place.line) for p in intake.set_aside] == [("待遇发放.xlsx", 3)]


def test_a_file_that_is_no_workbook_is_set_aside(tmp_path: Path, shipped: MonitorBook) -> None:
    (tmp_path / "待遇发放.xlsx").write_text("no workbook", encoding="utf-8")
    intake = Intake(shipped)
    intake.read(tmp_path)
    assert [problem.code for problem in intake.set_aside] == ["record.table"]
