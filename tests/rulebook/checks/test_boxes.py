"""Boxes against counting every combination, and whole tables against trying every case."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules.problems import Problem
from minzheng_rules.rulebook.checks import check_files
from minzheng_rules.rulebook.checks.boxes import Box, common, uncovered


@st.composite
def spaces(draw: st.DrawFn) -> tuple[Box, list[Box]]:
    """A few small axes, and boxes over them."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    box = st.tuples(*(st.frozensets(st.integers(0, size - 1), min_size=1) for size in sizes))
    return tuple(frozenset(range(size)) for size in sizes), draw(st.lists(box, max_size=6))


def combinations(box: Box) -> set[tuple[int, ...]]:
    """Every combination in a box."""
    return set(product(*box))


@given(spaces())
def test_uncovered_is_exactly_what_no_box_holds(space: tuple[Box, list[Box]]) -> None:
    within, boxes = space
    held = set().union(*(combinations(box) for box in boxes)) if boxes else set()
    left = [combinations(box) for box in uncovered(boxes, within)]
    assert set().union(*left) == combinations(within) - held
    assert sum(map(len, left)) == len(set().union(*left)), "the boxes left over overlap"


@given(spaces())
def test_common_is_what_both_hold(space: tuple[Box, list[Box]]) -> None:
    _, boxes = space
    for one, other in product(boxes, repeat=2):
        shared = common(one, other)
        assert (set() if shared is None else combinations(shared)) == combinations(one) & combinations(other)


# -- whole tables ----------------------------------------------------------------------------------------------------

GRADES = ("一级", "二级", "三级")
AGES = range(151)
Row = tuple[str, str, str, str]


class Cells(NamedTuple):
    """A random table: rows of cells for a named value, a truth, a whole number, and an output."""

    rows: list[Row]
    first: bool

    @property
    def text(self) -> str:
        lines = [" | ".join(("      ", *row, "")) for row in [("级别", "重残", "年龄", "="), *self.rows]]
        return "\n".join(line.rstrip() for line in lines)


def _limits() -> st.SearchStrategy[str]:
    return st.sampled_from(["幼年", "壮年", "老年", "0"])


@st.composite
def tables(draw: st.DrawFn) -> Cells:
    """Tables whose limits are parameters, as in rules."""
    grade = st.one_of(
        st.just("-"),
        st.lists(st.sampled_from(GRADES), min_size=1, max_size=2, unique=True).map(", ".join),
        st.sampled_from(GRADES).map(lambda value: f"not {value}"),
    )
    age = st.one_of(
        st.just("-"),
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), _limits()).map(" ".join),
        st.tuples(_limits(), _limits()).map("..".join),
        _limits().map(lambda low: f"{low}.."),
        _limits(),
    )
    row = st.tuples(grade, st.sampled_from(["-", "是", "否"]), age, st.sampled_from(["工资", "0"]))
    return Cells(draw(st.lists(row, min_size=1, max_size=5)), draw(st.booleans()))


LINES = {"幼年": 6, "壮年": 18, "老年": 60, "0": 0}


def fits(row: Row, case: tuple[str, bool, int]) -> bool:
    """Whether a row speaks of a case, read as the language describes cells."""
    grade, severe, age = case
    named = row[0].removeprefix("not ").split(", ")
    if row[0] != "-" and (grade in named) == row[0].startswith("not "):
        return False
    if row[1] != "-" and (row[1] == "是") != severe:
        return False
    return _number_fits(row[2], age)


def _number_fits(cell: str, age: int) -> bool:
    if cell == "-":
        return True
    if ".." in cell:
        low, high = cell.split("..")
        return LINES[low] <= age and (not high or age <= LINES[high])
    sign, _, name = cell.rpartition(" ")
    limit = LINES[name]
    return {"<": age < limit, "<=": age <= limit, ">": age > limit, ">=": age >= limit, "": age == limit}[sign]


def expected(cells: Cells) -> tuple[bool, set[tuple[int, int]], set[int]]:
    """By trying every case: whether there is a gap, the pairs of rows that contradict each other, the rows never reached."""
    gap, overlaps = False, set()
    reached: set[int] = set()
    for case in product(GRADES, (True, False), AGES):
        fitting = [i for i, row in enumerate(cells.rows) if fits(row, case)]
        gap = gap or not fitting
        reached |= {i for i in fitting if not _taken(cells, fitting, i)}
        if not cells.first:
            pairs = product(fitting, repeat=2)
            overlaps |= {(i, j) for i, j in pairs if i < j and cells.rows[i][3] != cells.rows[j][3]}
    return gap, overlaps, set(range(len(cells.rows))) - reached


def _taken(cells: Cells, fitting: list[int], row: int) -> bool:
    """Whether an earlier row takes the case: any in a first-hit table, else one with the same result."""
    return any(i < row and (cells.first or cells.rows[i][3] == cells.rows[row][3]) for i in fitting)


def _found(cells: Cells, small: Any) -> list[Problem]:
    head = "program: trial\nlayer: realm\nperson:\n  pay:\n    term: 津贴\n    cite: LAW#1\n    unit: yuan/month\n"
    hit = "    hit: first\n" if cells.first else ""
    rules = (
        f"{head}{hit}    table: |\n{cells.text}\nhousehold:\n"
        "  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}\n"
        "decides: {amount: 金额}\n"
    )
    values = "\n".join(
        f"age_{value}: {{term: {name}, unit: year, range: [0, 150], values: {{2020-01-01: {{value: {value}, source: LAW#1}}}}}}"
        for name, value in LINES.items()
        if name != "0"
    )
    with tempfile.TemporaryDirectory() as folder:
        files = {"rules/realm/rules.yaml": rules, "policies/realm/figures.yaml": values}
        return [p for p in check_files(small(Path(folder), files)) if p.code.startswith("table.")]


@settings(max_examples=150)
@given(tables())
def test_tables_against_every_case(small_rulebook: Any, cells: Cells) -> None:
    gap, overlaps, unreached = expected(cells)
    found = _found(cells, small_rulebook)
    first_line = next(p.place.line for p in found) if found else 0
    by_code = {code: [p for p in found if p.code == f"table.{code}"] for code in ("gap", "overlap", "unreachable")}
    assert first_line >= 0
    assert bool(by_code["gap"]) == gap
    assert {p.place.line for p in by_code["unreachable"]} == {_line(cells, row) for row in unreached}
    assert {_pair(p) for p in by_code["overlap"]} == {(_line(cells, i), _line(cells, j)) for i, j in overlaps}


def _line(cells: Cells, row: int) -> int:
    """The line of the rule file on which a row stands."""
    return 8 + (1 if cells.first else 0) + 2 + row


def _pair(problem: Problem) -> tuple[int, int]:
    return int(problem.what.zh.split("与第 ")[1].split(" 行")[0]), problem.place.line


def test_lines_that_are_not_known_are_not_guessed(checked: Any) -> None:
    """Two unknown limits: what holds whichever is greater is found, what depends on it is not."""
    rules = """
person:
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 年龄         | =    |
      | < 甲         | 0    |
      | 甲..         | 工资 |
  other:
    term: 另一津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 年龄         | =    |
      | < 甲         | 0    |
      | > 乙         | 工资 |
  third:
    term: 第三津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 年龄         | =    |
      | < 甲         | 0    |
      | > 甲         | 工资 |
household:
  total: {term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 + p.另一津贴 + p.第三津贴 for p in 家人)}
decides: {amount: 金额}
"""
    policies = """
one: {term: 甲, unit: year, range: [0, 100], values: {2020-01-01: {status: unknown, source: LAW#1}}}
two: {term: 乙, unit: year, range: [0, 100], values: {2020-01-01: {status: unknown, source: LAW#1}}}
"""
    found = checked(rules, policies)
    assert [(p.code, p.place.line) for p in found] == [("table.gap", 27)]
    assert "年龄 等于 甲" in found[0].what.zh


@pytest.mark.parametrize(
    ("heads", "rows", "codes"),
    [
        pytest.param("重残 | 重病", ["是 | - | 0", "否 | - | 工资"], [], id="covered"),
        pytest.param("残病 | 重残", ["是 | - | 0", "否 | 否 | 工资"], [], id="what contradicts itself is no gap"),
        pytest.param("年龄 | 老人", ["< 老年 | 否 | 0", ">= 老年 | 是 | 工资"], [], id="a rule that says the same"),
        pytest.param("年龄", ["< 老年 | 0", "60..150 | 工资"], ["expression.literal"], id="a number in a cell"),
        pytest.param("老幼", ["是 | 0", "否 | 工资"], [], id="a chained comparison"),
    ],
)
def test_columns_that_hang_together(heads: str, rows: list[str], codes: list[str], checked: Any) -> None:
    table = "\n".join(f"      | {row} |" for row in [f"{heads} | =", *rows])
    found = checked(
        f"""
person:
  both: {{term: 残病, cite: LAW#1, any: [重残, 重病]}}
  old: {{term: 老人, cite: LAW#1, when: 年龄 >= 老年, wording: 以上}}
  young_or_old: {{term: 老幼, cite: LAW#1, when: 0 < 年龄 < 老年, wording: 不满}}
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    table: |
{table}
household:
  total: {{term: 金额, cite: LAW#1, unit: yuan/month, value: sum(p.津贴 for p in 家人)}}
  any_of_them: {{term: 有人, cite: LAW#1, when: any(p.残病 or p.老人 or p.老幼 for p in 家人)}}
decides: {{amount: 金额, eligible: 有人}}
""",
        "age: {term: 老年, unit: year, range: [50, 70], values: {2020-01-01: {value: 60, source: LAW#1}}}\n",
    )
    assert [p.code for p in found] == codes
