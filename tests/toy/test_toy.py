"""The invented county: its worked cases come out as worked by hand, and it uses every feature of the language."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.cli import main
from minzheng_rules.language import ir
from minzheng_rules.language.reading import Listing, Mapping, Reader, Text, Tree
from minzheng_rules.language.resolving import FUNCTIONS
from minzheng_rules.language.rules import BODIES, LEVELS, LINKS, MODIFIERS, STATUSES, WORDINGS
from minzheng_rules.language.tables import Grid
from minzheng_rules.language.types import Row
from minzheng_rules.rulebook.checks import check_files
from minzheng_rules.rulebook.definitions import Clause, Conditions, Table, TableParameter
from minzheng_rules.rulebook.parameters import Band
from minzheng_rules.rulebook.resolution import RELATIONS
from minzheng_rules.rulebook.schema import KEYS
from minzheng_rules.testing.runner import CaseResult, run_paths

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(HERE)


@pytest.fixture(scope="module")
def results() -> list[CaseResult]:
    return run_paths([HERE / "cases"], HERE)


def test_the_worked_cases_come_out_as_worked_by_hand(results: list[CaseResult]) -> None:
    failed = [result.say("en") for result in results if not result.passed]
    assert not failed, "\n\n".join(failed)
    assert len(results) == 26


def test_it_is_small_enough_to_read_in_ten_minutes() -> None:
    files = [*HERE.glob("rules/**/*.*"), *HERE.glob("policies/**/*.*"), HERE / "models.py"]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) < 700


def test_every_stretch_of_days_has_rules(book: Rulebook) -> None:
    for day in book.boundaries:
        assert book.on(day).rules


def test_an_unlikely_number_of_nights_is_noticed_and_changes_nothing(book: Rulebook) -> None:
    person = {"守灯": True, "会唱号子": True, "宣誓日期": "2024-06-02", "任灯日期": "2024-06-02", "所守之灯": "小灯"}
    person |= {"敲钟夜数": 26, "航海等级": "一等", "救助记录": [], "现享待遇": [], "无故拒航": False}
    decision = decide(Case.parse({"船员名单": [person]}, book.model), book, as_of=dt.date(2025, 6, 1))
    assert [note.what.en for note in decision.findings] == [
        "does not hold: sober ringing (船员 members[0]) (LAMP#6.2)"
    ] or [note.code for note in decision.findings] == ["check.sober_ringing"]
    assert decision.outcome("lamps.ringing").amounts["amount"].value == 63


def _keeper(**facts: object) -> dict[str, object]:
    """Somebody who keeps a small lamp and has never pulled anybody out of the water."""
    person = {"守灯": True, "会唱号子": True, "宣誓日期": "2024-06-02", "任灯日期": "2024-06-02", "所守之灯": "小灯"}
    return person | {"敲钟夜数": 30, "救助记录": [], "现享待遇": [], "无故拒航": False} | facts


def test_what_a_table_waits_for_is_the_fact_it_asks_about(book: Rulebook) -> None:
    case = Case.parse({"船员名单": [_keeper()]}, book.model)
    ringing = decide(case, book, as_of=dt.date(2025, 6, 1)).outcome("lamps.ringing")
    assert [(missing.kind, missing.words.zh) for missing in ringing.missing] == [("fact", "航海等级")]


def test_a_cell_that_is_not_laid_down_is_said_to_be(book: Rulebook) -> None:
    case = Case.parse({"船员名单": [_keeper(航海等级="三等")]}, book.model)
    ringing = decide(case, book, as_of=dt.date(2025, 6, 1)).outcome("lamps.ringing")
    (missing,) = ringing.missing
    assert (missing.words.zh, missing.why.zh) == ("钟岗", "表中这一行有一格没有规定")


def test_the_line_in_a_cell_is_part_of_the_reasons(book: Rulebook) -> None:
    rescue = {"救助日期": "2025-05-01", "救起人数": 4}
    case = Case.parse({"船员名单": [_keeper(救助记录=[rescue], 航海等级="一等")]}, book.model)
    trail = decide(case, book, as_of=dt.date(2025, 6, 1)).outcome("lamps.oil").trail
    assert "功劳人数" in {node.label.zh for node in trail.walk() if node.decisive}


# -- every feature is used ---------------------------------------------------------------------------------------------


def _keys(tree: Tree) -> Iterator[str]:
    """Every key in a file, however deep."""
    if isinstance(tree, Mapping):
        for key, inner in tree.entries.items():
            yield key
            yield from _keys(inner)
    elif isinstance(tree, Listing):
        for item in tree.items:
            yield from _keys(item)


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for inner in tree.entries.values():
            yield from _texts(inner)
    elif isinstance(tree, Listing):
        for item in tree.items:
            yield from _texts(item)
    elif isinstance(tree, Text):
        yield tree.value


def _trees(pattern: str) -> list[Mapping]:
    reader = Reader()
    found = [reader.read(path) for path in sorted(HERE.glob(pattern))]
    assert not reader.problems
    return [tree for tree in found if tree is not None]


FILES_WITH = {
    **dict.fromkeys(("parameter", "figure", "index"), "policies/**/*.yaml"),
    **dict.fromkeys(("source", "edition"), "rules/sources.yaml"),
    **dict.fromkeys(("manifest", "layer"), "rules/rulebook.yaml"),
}
"""Where the parts of a file stand that are no parts of a rule file."""
OF_OVERLAYS = ("overlay", "overlay_en")
"""What heads an overlay's own rule file; the county's overlay has figures only."""


@pytest.mark.parametrize(("part", "key"), [(part, key) for part, keys in KEYS.items() for key in keys])
def test_every_key_the_readers_know_is_used(part: str, key: str) -> None:
    used = {key for tree in _trees(FILES_WITH.get(part, "rules/*/*.yaml")) for key in _keys(tree)}
    assert key in used or (part == "file" and key in OF_OVERLAYS)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_used(status: str) -> None:
    # What stands in the text needs no status; what is quoted from elsewhere is the same to every rule.
    said = {text for tree in [*_trees("rules/**/*.yaml"), *_trees("policies/**/*.yaml")] for text in _texts(tree)}
    assert status in said or status == "verbatim"


@pytest.mark.parametrize("word", sorted({operators[0] for operators in WORDINGS.values()}))
def test_every_operator_has_a_word_of_the_text_somewhere(word: str) -> None:
    words = {text for tree in _trees("rules/*/*.yaml") for text in _texts(tree)}
    assert any(word == operators[0] and name in words for name, operators in WORDINGS.items())


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_of_government_is_spoken_of(level: str) -> None:
    spoken = {text for tree in [*_trees("rules/**/*.yaml"), *_trees("policies/**/*.yaml")] for text in _texts(tree)}
    assert level in spoken | {key for tree in _trees("rules/*/*.yaml") for key in _keys(tree)}


def _expressions(book: Rulebook) -> Iterator[ir.Expression]:
    for versions in book.definitions.values():
        for definition in versions:
            for expression in definition.expressions():
                yield from expression.walk()
    for check in book.expected:
        yield from check.expression.walk()


@pytest.mark.parametrize(
    "node",
    [
        cls
        for cls in vars(ir).values()
        if isinstance(cls, type) and issubclass(cls, ir.Expression) and cls is not ir.Expression
    ],
    ids=lambda cls: cls.__name__,
)
def test_every_kind_of_expression_is_used(book: Rulebook, node: type[ir.Expression]) -> None:
    assert any(type(expression) is node for expression in _expressions(book))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_used(function: str) -> None:
    assert any(f"{function}(" in text for tree in _trees("rules/*/*.yaml") for text in _texts(tree))


@pytest.mark.parametrize("operator", ["<", "<=", "==", "!=", ">=", ">"])
def test_every_comparison_is_used(book: Rulebook, operator: str) -> None:
    assert any(isinstance(e, ir.Compare) and e.op == operator for e in _expressions(book))


@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
def test_every_operation_is_used(book: Rulebook, operator: str) -> None:
    assert any(isinstance(e, ir.Arithmetic) and e.op == operator for e in _expressions(book))


@pytest.mark.parametrize("relation", sorted(set(RELATIONS.values())))
def test_every_relation_between_benefits_is_used(book: Rulebook, relation: str) -> None:
    stacks = [stack for stacks in book.stacks.values() for stack in stacks]
    assert relation == "may_stack" or any(stack.relation == relation for stack in stacks)
    assert any(stack.drawn for stack in stacks)
    assert any(stack.amount for stack in stacks)
    assert any(stack.condition for stack in stacks)


def _tables(book: Rulebook) -> Iterator[Table]:
    for versions in book.definitions.values():
        for definition in versions:
            if isinstance(definition.body, Table):
                yield definition.body
            elif isinstance(definition.body, TableParameter):
                yield from (table for _, table in definition.body.tables)


def _clauses(clause: Clause) -> Iterator[Clause]:
    yield clause
    for inner in clause.clauses:
        yield from _clauses(inner)


def _any_rule(test: Callable[..., bool]) -> Callable[[Rulebook], bool]:
    return lambda book: any(test(d) for versions in book.definitions.values() for d in versions)


def _any_parameter(test: Callable[..., bool]) -> Callable[[Rulebook], bool]:
    return lambda book: any(test(parameter) for parameter in book.parameters.values())


def _any_cell(test: Callable[[str], bool]) -> Callable[[Rulebook], bool]:
    def cells(tree: Tree) -> Iterator[str]:
        for text in _texts(tree):
            if text.startswith("|"):
                yield from (cell.strip() for line in text.splitlines() for cell in line.strip("| ").split("|"))

    trees = [*_trees("rules/*/*.yaml"), *_trees("policies/**/*.yaml")]
    return lambda book: any(test(cell) for tree in trees for cell in cells(tree))  # noqa: ARG005


FEATURES: dict[str, Callable[[Rulebook], bool]] = {
    **{f"body {name}": _any_rule(lambda d, n=name: _says(d, n)) for name in BODIES},
    **{f"modifier {name}": _any_rule(lambda d, n=name: _says(d, n)) for name in MODIFIERS},
    **{f"link {name}": _any_rule(lambda d, n=name: d.declaration.link == n) for name in LINKS},
    "nested items with a citation and a wording": _any_rule(
        lambda d: (
            isinstance(d.body, Conditions)
            and any(
                inner.cites and inner.mode == "one" and getattr(inner.expression, "wording", "")
                for item in d.body.clause.clauses
                for inner in _clauses(item)
                if item.mode != "one"
            )
        )
    ),
    "an exception over another": _any_rule(lambda d: bool(d.over)),
    "a rule about every kind of person": _any_rule(lambda d: d.declaration.kind == "person"),
    "a rule that ends": _any_rule(lambda d: d.declaration.end is not None and d.declaration.link == "replaces"),
    "table: unique": lambda book: any(not table.first for table in _tables(book)),
    "table: first": lambda book: any(table.first for table in _tables(book)),
    "table: open output": lambda book: any(None in row.outputs for table in _tables(book) for row in table.rows),
    "table: several outputs": lambda book: any(len(table.columns) > 1 for table in _tables(book)),
    "cell: interval": _any_cell(lambda cell: ".." in cell.strip(".")),
    "cell: from": _any_cell(lambda cell: cell.endswith("..")),
    "cell: up to": _any_cell(lambda cell: cell.startswith("..")),
    "cell: comparison": _any_cell(lambda cell: cell.startswith("<")),
    "cell: list": _any_cell(lambda cell: ", " in cell),
    "cell: negation": _any_cell(lambda cell: cell.startswith("not ")),
    "cell: anything": _any_cell(lambda cell: cell == "-"),
    "cell: open": _any_cell(lambda cell: cell == "?"),
    "parameter: by a value": _any_parameter(lambda p: len(p.indexes) == 1 and not isinstance(p.indexes[0], Band)),
    "parameter: by two": _any_parameter(lambda p: len(p.indexes) == 2),
    "parameter: by bands": _any_parameter(lambda p: any(isinstance(index, Band) for index in p.indexes)),
    "parameter: a table with columns": _any_parameter(lambda p: p.is_table and isinstance(p.type, Row) and len(p.type.columns) == 2),
    "parameter: a table of one figure": _any_parameter(
        lambda p: p.is_table and any(isinstance(f.value, Grid) for f in p.figures[()])
    ),
    "parameter: entitlement that changes": _any_parameter(lambda p: len(p.setters) > 1),
    "parameter: unknown figure": _any_parameter(
        lambda p: any(f.status == "unknown" for figures in p.figures.values() for f in figures)
    ),
    "parameter: two layers": _any_parameter(lambda p: len({f.layer for fs in p.figures.values() for f in fs}) > 1),
    "several answers of one program": lambda book: {"lamps.oil", "lamps.ringing"} <= {p.id for p in book.programs},
    "a program about another kind": lambda book: any(p.subject == "bell" for p in book.programs),
    "a collection of its rows": lambda book: any(isinstance(e, ir.TableRows) for e in _expressions(book)),
    "a person by reference": lambda book: any(
        isinstance(e, ir.RuleOf) and isinstance(e.of, ir.FactOf) and e.of.fact.shape == "ref"
        for e in _expressions(book)
    ),
    "not encoded": lambda book: bool(book.not_encoded),
    "an edition cited": lambda book: any(
        cite.edition for versions in book.definitions.values() for d in versions for cite in d.declaration.cites
    ),
}  # fmt: skip


def _says(definition: object, name: str) -> bool:
    value = getattr(definition.declaration, "mode" if name in ("all", "any") else name)  # type: ignore[attr-defined]
    if name in ("all", "any"):
        return bool(value == name)
    return value == "first" if name == "hit" else value is not None and (name == "sum_of" or value != ())


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_used(book: Rulebook, feature: str) -> None:
    assert FEATURES[feature](book)


def test_one_person_may_appear_twice() -> None:
    assert "同一人" in (HERE / "cases" / "fog_support.yaml").read_text(encoding="utf-8")


# -- a rulebook of one's own is first-class ----------------------------------------------------------------------------


def test_the_manifest_and_the_caller_may_name_the_vocabulary(book: Rulebook) -> None:
    model = book.models[0]
    assert model.__name__ == "Household"
    given = Rulebook.load(HERE, vocabulary=[model])
    assert given.digest == book.digest
    assert Rulebook.load(HERE).models == book.models


def test_the_checks_find_nothing() -> None:
    assert check_files(HERE) == ()


CASE = """\
基准日: 2025-06-01
泊在本港: true
年泊位费: 120
岸上亲属名单: []
雾钟名单: []
船员名单:
  - {编号: 阿桨, 身份: 船长, 出生日期: 1980-02-03, 上岸夜数: 3, 守灯: false, 会唱号子: true, 独臂: false, 无故拒航: false,
     收入: [{来源: 卖鱼, 月金额: 200.53}]}
"""


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_decides_by_it_without_any_python(case: str) -> None:
    said = _run("decide", case, "--rulebook", str(HERE), "--program", "fog_support")
    assert "156.50" in said  # 347 − (200.53 − 10) = 156.47, up to the jiao


def test_the_command_checks_shows_and_describes_it(case: str) -> None:
    assert "没有问题" in _run("check", str(HERE))
    assert "雾季补助" in _run("show", "fog_support", "--rulebook", str(HERE))
    assert "年泊位费" in _run("template", "--rulebook", str(HERE))
    assert json.loads(_run("schema", "--rulebook", str(HERE)))["title"].startswith("船户")
    assert "雾季生活保障法" in _run("explain", case, "--rulebook", str(HERE), "--program", "fog_support")


def test_the_command_runs_its_worked_cases() -> None:
    assert "26" in _run("test", str(HERE / "cases"), "--rulebook", str(HERE))
