"""The text's own word for a comparison against the operator the rule uses, and its direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import WORDINGS, Item
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Place, Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.conditions import MIRRORED
from minzheng_rules.rulebook.checks.speaking import said
from minzheng_rules.rulebook.checks.survey import Survey
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Definition,
    Formula,
    Group,
    Sum,
    Table,
    TableParameter,
)

_ORDERS = ("<", "<=", ">=", ">")


class Site(Record):
    """Where an expression stands, and the word written beside it."""

    expression: ir.Expression
    word: str
    place: Place


class Comparison(Record):
    """An order comparison of two quantities; ``op`` is that of the quantity against the line."""

    node: ir.Compare
    op: str
    against_line: bool
    """Whether exactly one side is a legal line: a parameter, or something worked out from parameters."""


def _find(survey: Survey) -> Iterator[Problem]:
    lines = _Lines(survey)
    for definition in survey.definitions:
        yield from _of_definition(definition, lines, survey)


def _of_definition(definition: Definition, lines: _Lines, survey: Survey) -> Iterator[Problem]:
    waiting: list[Comparison] = []
    for site in _sites(definition):
        found = lines.comparisons(site.expression)
        if site.word:
            if found and found[0].node is site.expression:
                # The condition is one comparison, and the word is its word, whatever is compared inside it.
                waiting += [comparison for comparison in found[1:] if comparison.against_line]
                found = found[:1]
            yield from _worded(site.word, site.place, found, survey)
        else:
            waiting += [comparison for comparison in found if comparison.against_line]
    word = definition.declaration.wording
    if word and not _passed_down(definition):
        every = waiting or [c for site in _sites(definition) for c in lines.comparisons(site.expression)]
        yield from _worded(word, definition.declaration.place, every, survey)
        waiting = []
    yield from (_no_word(comparison, survey) for comparison in waiting)


def _passed_down(definition: Definition) -> bool:
    """Whether the word of the whole rule is that of its ``when``."""
    when = definition.declaration.when
    return when is not None and not when.wording


def _worded(word: str, place: Place, found: Sequence[Comparison], survey: Survey) -> Iterator[Problem]:
    """The word set against the one comparison it can be about."""
    candidates = [comparison for comparison in found if comparison.against_line] or list(found)
    if len(candidates) != 1:
        yield _unplaced(word, place, len(candidates))
    elif candidates[0].op not in WORDINGS.get(word, _ORDERS):
        yield _contrary(word, candidates[0], survey)


# -- where words and comparisons stand -----------------------------------------------------------------------------


def _sites(definition: Definition) -> Iterator[Site]:
    """Every expression of a rule with the word written beside it; cells of tables say their own limits."""
    declaration, body = definition.declaration, definition.body
    if declaration.when is not None:
        clause = definition.when if definition.when is not None else getattr(body, "clause", None)
        yield from _paired((declaration.when,), (clause,), declaration.wording)
    elif isinstance(body, Conditions):
        yield from _paired(declaration.items, body.clause.clauses)
    yield from _paired(declaration.unless, definition.unless)
    if isinstance(body, Choice):
        whens = [case.when for case in declaration.cases]
        yield from _paired(whens, [branch.clause for branch in body.branches])
    for expression in (*_bare(definition), *((definition.given,) if definition.given is not None else ())):
        yield Site(expression, "", expression.place)


def _paired(items: Sequence[Item | None], clauses: Sequence[Clause | None], word: str = "") -> Iterator[Site]:
    for item, clause in zip(items, clauses, strict=False):
        if item is None or clause is None:
            continue
        if clause.expression is not None:
            yield Site(clause.expression, item.wording or word, item.place)
        yield from _paired(item.items, clause.clauses)


def _bare(definition: Definition) -> Iterator[ir.Expression]:
    """Expressions beside which no word can be written: formulas, groups, the headings of tables."""
    body = definition.body
    match body:
        case Formula(expression=expression):
            yield expression
        case Choice(branches=branches):
            yield from (branch.expression for branch in branches)
        case Sum(parts=parts):
            yield from parts
        case Group(subset=subset):
            yield subset
        case Table() | TableParameter():
            tables = [body] if isinstance(body, Table) else [table for _, table in body.tables]
            for table in tables:
                yield from table.inputs
                yield from (output for row in table.rows for output in row.outputs if output is not None)


class _Lines:
    """Which comparisons are against a legal line."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._rules: dict[str, bool] = {}

    def comparisons(self, expression: ir.Expression) -> list[Comparison]:
        """The order comparisons of quantities in an expression."""
        found = []
        for node in expression.walk():
            if isinstance(node, ir.Compare) and node.op in _ORDERS and isinstance(node.left.type, Quantity):
                left, right = self._line(node.left), self._line(node.right)
                op = MIRRORED[node.op] if left and not right else node.op
                number = isinstance(node.left, ir.Literal) or isinstance(node.right, ir.Literal)
                found.append(Comparison(node, op, left != right and not number))
        return found

    def _line(self, node: ir.Expression) -> bool:
        match node:
            case ir.ParameterAt():
                return isinstance(node.type, Quantity)
            case ir.RuleOf(key=key):
                return self._rule(key)
            case ir.Arithmetic() | ir.Extreme() | ir.Scaled():
                return any(self._line(part) for part in node.parts())
        return False

    def _rule(self, key: str) -> bool:
        """Whether a rule is worked out from parameters alone, in every version."""
        found = self._rules.get(key)
        if found is None:
            self._rules[key] = False
            versions = self._survey.rulebook.definitions.get(key, ())
            found = self._rules[key] = bool(versions) and all(self._from_parameters(version) for version in versions)
        return found

    def _from_parameters(self, definition: Definition) -> bool:
        parts = [part for expression in definition.expressions() for part in expression.walk()]
        parameters = any(isinstance(part, ir.ParameterAt) for part in parts)
        rules = [part.key for part in parts if isinstance(part, ir.RuleOf)]
        seen = any(isinstance(part, ir.FactOf | ir.Aggregate | ir.AsOf) for part in parts)
        return not seen and all(self._rule(key) for key in rules) and (parameters or bool(rules))


# -- messages --------------------------------------------------------------------------------------------------------


def _contrary(word: str, comparison: Comparison, survey: Survey) -> Problem:
    node = comparison.node
    wanted = WORDINGS[word][0]
    mirrored = comparison.op != node.op
    right = said(
        ir.Compare(node.type, node.place, MIRRORED[wanted] if mirrored else wanted, node.left, node.right), survey.names
    )
    here = said(node, survey.names)
    return Problem(
        "wording.operator",
        Words(
            f"条文的用语是“{word}”，即 {wanted}，而这里的比较是 {here.zh}",
            f"the text says {word}, which is `{wanted}`, but the comparison here is `{here.en}`",
        ),
        node.place,
        Words(
            f"请写成 {right.zh}；若用语抄错了，请改 wording",
            f"write `{right.en}`; if the word was copied wrongly, correct `wording`",
        ),
    )


def _unplaced(word: str, place: Place, count: int) -> Problem:
    if count:
        what = Words(
            f"用语“{word}”不知说的是哪一个：这里有 {count} 个比较",
            f"the wording {word} could be about any of the {count} comparisons here",
        )
        step = Words(
            "请把每个比较写成单独一项 {when: …, wording: …}",
            "make each comparison an item of its own: {when: …, wording: …}",
        )
    else:
        what = Words(
            f"写了用语“{word}”，这里却没有大小比较",
            f"the wording {word} stands here, but there is no comparison of quantities",
        )
        step = Words(
            "请把 wording 写到比较所在的那一条或那一项上", "put `wording` on the rule or item that holds the comparison"
        )
    return Problem("wording.unplaced", what, place, step, "warning")


def _no_word(comparison: Comparison, survey: Survey) -> Problem:
    here = said(comparison.node, survey.names)
    fitting = [word for word, ops in WORDINGS.items() if comparison.op in ops]
    return Problem(
        "wording.missing",
        Words(
            f"{here.zh} 是与法定标准的比较，没有写条文的用语",
            f"`{here.en}` compares with a legal line, but the text's word is not stated",
        ),
        comparison.node.place,
        Words(
            f"请对照条文写 wording（与 {comparison.op} 相合的有：{'、'.join(fitting)}）；与别的条件并在一起的，先写成单独一项或一条规则",
            f"state it from the text as `wording` (those that go with `{comparison.op}`: {', '.join(fitting)}); where it stands among other conditions, make it an item or a rule of its own first",
        ),
        "warning",
    )


CHECK = Check(
    "wordings",
    Words("条文的用语与比较的方向是否一致", "the text's word for a comparison against the operator and its direction"),
    _find,
)
