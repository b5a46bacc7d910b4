"""Files as people's programs write them: Excel's encodings and dates, rows that break off, files that are not what they are called."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from minzheng_rules import Rulebook
from minzheng_rules.population.population import Population
from minzheng_rules.problems import Problem, ProblemsFound

HOUSEHOLDS = "家庭编号,乡镇\n一,落星镇\n二,云渡镇\n"
MEMBERS = "家庭编号,成员编号,关系,出生日期\n一,甲,本人,1952-03-01\n二,乙,本人,1970-10-11\n"


def _folder(tmp_path: Path, encoding: str = "utf-8", **changed: str) -> Path:
    for name, text in {"家庭": HOUSEHOLDS, "申报成员": MEMBERS, **changed}.items():
        (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
    return tmp_path


def _read(folder: Path, encoding: str | None = None) -> Population:
    return Population.read(folder, as_of="2025-06-01", unknown=["其余"], encoding=encoding)


def _refused(folder: Path, encoding: str | None = None) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        _read(folder, encoding)
    for problem in found.value.problems:
        assert problem.next_step is not None or problem.severity == "note", problem.say()
        assert problem.say("en") != problem.say("zh")
    return list(found.value.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_what_excel_writes_is_read_without_being_told_how(tmp_path: Path, encoding: str) -> None:
    people = _read(_folder(tmp_path, encoding))
    assert people.ids.to_list() == ["一", "二"]
    assert people.towns.to_list() == ["落星镇", "云渡镇"]


def test_an_encoding_that_is_named_is_the_one_that_is_used(tmp_path: Path) -> None:
    assert _read(_folder(tmp_path, "gb18030"), "gb18030").persons == 2
    assert [problem.code for problem in _refused(tmp_path, "utf-8")] == ["not-utf-8", "not-utf-8"]
    (nameless,) = _refused(tmp_path, "utf8-with-a-smile")
    assert (nameless.code, nameless.place.file) == ("table.encoding", "--encoding")


def test_damaged_utf_8_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    content = (folder / "申报成员.csv").read_bytes()
    (folder / "申报成员.csv").write_bytes(content[:-20] + b"\xff" + content[-19:])
    (problem,) = _refused(folder)
    assert problem.code == "not-utf-8"
    assert "3" in problem.what.zh


@pytest.mark.parametrize(
    "written",
    ["1952/3/1", "1952-3-1", "1952.03.01", "1952年3月1日", "1952-03-01 00:00:00", "１９５２/３/１", " 1952-03-01 "],
)
def test_days_with_the_year_first_are_days(tmp_path: Path, written: str) -> None:
    people = _read(_folder(tmp_path, 申报成员=MEMBERS.replace("1952-03-01", written)))
    assert str(people.case("一").root.members[0].birth_date) == "1952-03-01"


@pytest.mark.parametrize("written", ["3/1/1952", "52/3/1", "19018", "1952/3", "1952/13/1", "1952-3/1"])
def test_other_ways_to_write_a_day_are_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        _read(_folder(tmp_path, 申报成员=MEMBERS.replace("1952-03-01", written)))
    assert [(problem.code, problem.place.line) for problem in found.value.problems] == [("not-date", 2)]


def test_blanks_round_a_cell_and_wide_digits_say_nothing(tmp_path: Path) -> None:
    wages = "家庭编号,成员编号,月金额\n一,甲, 1820.10 \n二,乙,１８２０.１０\n"
    people = _read(_folder(tmp_path, 工资性收入=wages))
    assert [str(people.case(id).root.members[0].wages[0].amount) for id in ("一", "二")] == ["1820.10", "1820.10"]


def test_a_row_that_breaks_off_is_not_taken_for_one_of_which_much_is_unknown(tmp_path: Path) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.removesuffix(",1970-10-11\n")))
    assert (problem.code, problem.place.line) == ("table.uneven-row", 3)


def test_a_row_with_cells_too_many_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.replace("1952-03-01", "1952-03-01,又,及")))
    assert (problem.code, problem.place.line, problem.place.column) == ("table.uneven-row", 2, 5)
    assert "6" in problem.what.zh


def test_quotation_marks_that_do_not_pair_are_told_without_what_stands_in_the_file(tmp_path: Path) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.replace("乙,", '"乙,')))
    assert problem.code == "table.quotes"
    assert "3" in problem.what.zh
    assert "本人" not in problem.say()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_named(tmp_path: Path, separator: str) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.replace(",", separator)))
    assert problem.code == "table.separator"


def test_a_heading_that_is_there_twice_is_told_as_it_is_written(tmp_path: Path) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.replace("关系", "成员编号")))
    assert problem.code == "table.column-twice"
    assert "“成员编号”" in problem.what.zh
    assert "duplicated" not in problem.say("en")


def test_columns_and_rows_that_were_emptied_are_passed_over(tmp_path: Path) -> None:
    emptied = "".join(line + ",,\n" for line in MEMBERS.splitlines()) + ",,,,,\n" * 3
    assert _read(_folder(tmp_path, 申报成员=emptied)).persons == 2


def test_a_column_with_cells_and_no_heading_is_told_by_its_place(tmp_path: Path) -> None:
    (problem,) = _refused(
        _folder(tmp_path, 申报成员="".join(line + ",是\n" for line in MEMBERS.splitlines()).replace(",是\n", ",\n", 1))
    )
    assert problem.code == "table.unknown-column"
    assert "第 5 列" in problem.what.zh


@pytest.mark.parametrize("name", ["county.xlsx", "county.parquet"])
def test_a_file_that_is_not_what_it_is_called_is_told_in_our_words(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ProblemsFound) as found:
        Population.read(tmp_path / name)
    (problem,) = found.value.problems
    assert problem.code == "table.unreadable"
    assert "error" not in problem.say("en")


def test_a_file_that_is_not_there_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        Population.read(tmp_path / "county")
    (problem,) = found.value.problems
    assert (problem.code, problem.next_step is None) == ("unreadable-file", False)


def test_messages_call_tables_by_their_names_in_the_language_of_the_message(tmp_path: Path) -> None:
    (problem,) = _refused(_folder(tmp_path, 申报成员=MEMBERS.replace("出生日期", "出生日子")))
    assert "“申报成员”" in problem.what.zh
    assert "members" in problem.what.en
    assert problem.next_step is not None
    assert "--ignore" in problem.next_step.zh


def test_tables_with_headings_only_are_a_county_of_nobody(tmp_path: Path) -> None:
    households = "家庭编号,认定结论：assets_within_rule\n"
    people = _read(_folder(tmp_path, 家庭=households, 申报成员=MEMBERS.split("\n")[0]))
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    assert people.decide(book, programs=["dibao"]).households == 0


def test_a_workbook_with_real_dates_says_the_same_as_text(tmp_path: Path) -> None:
    from datetime import date

    frames = {
        "家庭": pl.DataFrame({"家庭编号": ["一"]}),
        "申报成员": pl.DataFrame({"家庭编号": ["一"], "关系": ["本人"], "出生日期": [date(1952, 3, 1)]}),
    }
    from xlsxwriter import Workbook

    with Workbook(str(tmp_path / "county.xlsx")) as book:
        for name, frame in frames.items():
            frame.write_excel(book, worksheet=name)
    people = _read(tmp_path / "county.xlsx")
    assert str(people.case("一").root.members[0].birth_date) == "1952-03-01"


def test_what_the_manifest_says_wrongly_is_told_in_its_own_words(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "population.yaml").write_text(
        "基准日: 2025-6-1\n未知: {其余: 是}\n备考: 无\n格式: 二\n", encoding="utf-8"
    )
    problems = _refused(folder)
    assert {problem.code for problem in problems} == {"table.manifest"}
    assert {problem.place.path for problem in problems} == {"", "基准日", "未知", "格式"}


def test_one_name_in_the_manifest_needs_no_brackets(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "population.yaml").write_text("基准日: 2025-06-01\n未知: 其余\n", encoding="utf-8")
    assert Population.read(folder).persons == 2
