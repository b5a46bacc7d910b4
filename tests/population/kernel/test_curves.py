"""Whatever a plan does with a figure, following it along the figure's values comes to the same as running it at each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import gcd

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from minzheng_rules.population.columns import Column, Columns, Table
from minzheng_rules.population.kernel.compiled import Compiled, compiled
from minzheng_rules.population.kernel.curves import curve as curves
from minzheng_rules.population.kernel.curves.tallying import summed
from minzheng_rules.population.kernel.curves.values import Values, added, binned
from minzheng_rules.population.kernel.printing import Printer
from minzheng_rules.population.kernel.running import run, run_varied
from minzheng_rules.population.lowering.plan import Node, Plan
from minzheng_rules.population.lowering.profile import ColumnShape, Figures

FIGURE = ("standard", ())
HIGHEST = 400
HOUSEHOLDS, MEMBERS = "", "members"
COLUMNS = {
    (HOUSEHOLDS, "income"): (-500, 500),
    (HOUSEHOLDS, "size"): (1, 6),
    (HOUSEHOLDS, "kind"): (0, 2),
    (HOUSEHOLDS, "listed"): (0, 1),
    (MEMBERS, "wage"): (0, 300),
    (MEMBERS, "age"): (0, 3),
    (MEMBERS, "ill"): (0, 1),
}
TRUTHS = ("listed", "ill")
MOST = 2**44


@dataclass(frozen=True)
class Operands:
    """What a step may take: two numbers and two truths about the rows of one table."""

    path: str
    one: Node
    other: Node
    yes: Node
    also: Node


@dataclass
class Drawn:
    """A plan that is being made up, and the nodes there are of each level: numbers, and truths."""

    plan: Plan = field(default_factory=Plan)
    numbers: dict[str, list[Node]] = field(default_factory=dict)
    truths: dict[str, list[Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.plan
        figure = plan.input(("figure", *FIGURE), None, 0, HIGHEST)
        self.scalars = [
            figure,
            plan.multiply(figure, plan.const(3)),
            plan.least(figure, plan.const(170)),
            plan.greatest(plan.multiply(figure, plan.const(2)), plan.const(90)),
            plan.subtract(plan.const(210), figure),
            plan.divide(plan.multiply(figure, plan.const(7)), plan.const(5)),
        ]
        for path in (HOUSEHOLDS, MEMBERS):
            self.numbers[path] = [plan.const(number) for number in (0, 1, 7)]
            self.truths[path] = [plan.less(plan.const(120), figure)]
        for (path, name), (low, high) in COLUMNS.items():
            node = plan.input(("column", path, name), plan.table(path), low, high, name in TRUTHS)
            (self.truths if name in TRUTHS else self.numbers)[path].append(node)
        self.parent = plan.parent(MEMBERS, 2**62)
        self.of_friend = plan.input(("column", MEMBERS, "friend"), plan.table(MEMBERS), 0, 2**62)
        """The household of somebody referred to."""
        self.pairs = plan.pairs(plan.table(MEMBERS), self.of_friend, MEMBERS)

    def step(self, draw: st.DrawFn) -> None:
        """One more node, from those there are."""
        path = draw(st.sampled_from([HOUSEHOLDS, MEMBERS]))
        kind = draw(st.sampled_from(sorted(_STEPS)))
        one, other = (draw(st.sampled_from([*self.numbers[path], *self.scalars])) for _ in range(2))
        yes, also = (draw(st.sampled_from(self.truths[path])) for _ in range(2))
        made = _STEPS[kind](self, Operands(path, one, other, yes, also))
        if made.high <= MOST and made.low >= -MOST:
            where = path if made.level is None else made.level.path
            (self.truths if made.truth else self.numbers)[where].append(made)

    def up(self, path: str, node: Node, how: str) -> Node:
        """What a household's members come to; what is not about members stays as it is."""
        if path != MEMBERS or (node.level is None and not node.truth):
            return node
        level = self.plan.table(MEMBERS)
        if how == "total":
            return self.plan.total(node, level, 8)
        return self.plan.count(node, level, 8) if how == "count" else self.plan.any(node, level)

    def down(self, path: str, node: Node, index: Node) -> Node:
        """What is so of a household, for members."""
        return self.plan.gather(node, index) if path == HOUSEHOLDS else node

    def friends(self, path: str, node: Node, how: str) -> Node:
        """What the members of the household of somebody referred to come to."""
        if path != MEMBERS or node.level is None:
            return node
        item = self.plan.gather(node, self.plan.item(self.pairs))
        return self.plan.any(item, self.pairs) if how == "any" else self.plan.total(item, self.pairs, 8)


Step = Callable[[Drawn, Operands], Node]
_STEPS: dict[str, Step] = {
    "add": lambda d, o: d.plan.add(o.one, o.other),
    "subtract": lambda d, o: d.plan.subtract(o.one, o.other),
    "multiply": lambda d, o: d.plan.multiply(o.one, o.other),
    "only": lambda d, o: d.plan.multiply(o.yes, o.one),
    "divide": lambda d, o: d.plan.divide(o.one, d.plan.const(6)),
    "divide by size": lambda d, o: d.plan.divide(o.one, d.plan.add(d.plan.one, d.numbers[o.path][4])),
    "divide by another": lambda d, o: d.plan.divide(o.one, d.plan.greatest(d.plan.absolute(o.other), d.plan.one)),
    "least": lambda d, o: d.plan.least(o.one, o.other),
    "greatest": lambda d, o: d.plan.greatest(o.one, o.other),
    "above zero": lambda d, o: d.plan.greatest(d.plan.subtract(o.one, o.other), d.plan.zero),
    "absolute": lambda d, o: d.plan.absolute(o.one),
    "where": lambda d, o: d.plan.where(o.yes, o.one, o.other),
    "number": lambda d, o: d.plan.number(o.yes),
    "bits": lambda d, o: d.plan.common(d.plan.absolute(o.one), d.plan.union(d.plan.absolute(o.other), d.plan.const(5))),
    "looked up": lambda d, o: d.plan.lookup(
        (d.scalars[0], d.plan.const(40), d.scalars[1], d.plan.const(2)),
        d.numbers[o.path][5 if o.path == HOUSEHOLDS else 4],
    ),
    "less": lambda d, o: d.plan.less(o.one, o.other),
    "at most": lambda d, o: d.plan.at_most(o.one, o.other),
    "equal": lambda d, o: d.plan.equal(o.one, o.other),
    "odd": lambda d, o: d.plan.equal(d.plan.common(d.plan.absolute(o.one), d.plan.one), d.plan.one),
    "both": lambda d, o: d.plan.both(o.yes, o.also),
    "either": lambda d, o: d.plan.either(o.yes, o.also),
    "no": lambda d, o: d.plan.no(o.yes),
    "any": lambda d, o: d.up(o.path, o.yes, "any"),
    "count": lambda d, o: d.up(o.path, o.yes, "count"),
    "total": lambda d, o: d.up(o.path, o.one, "total"),
    "of household": lambda d, o: d.down(o.path, o.one, d.parent),
    "of household, truth": lambda d, o: d.down(o.path, o.yes, d.parent),
    "of friend": lambda d, o: d.down(o.path, o.one, d.of_friend),
    "of friend, truth": lambda d, o: d.down(o.path, o.yes, d.of_friend),
    "friends": lambda d, o: d.friends(o.path, o.one, "total"),
    "some friend": lambda d, o: d.friends(o.path, o.yes, "any"),
}


@st.composite
def plans(draw: st.DrawFn) -> Drawn:
    drawn = Drawn()
    for _ in range(draw(st.integers(1, 24))):
        drawn.step(draw)
    return drawn


@st.composite
def populations(draw: st.DrawFn) -> Columns:
    sizes = draw(st.lists(st.integers(0, 4), min_size=1, max_size=12)) * draw(st.sampled_from([1, 1, 20]))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    parent = np.repeat(np.arange(len(sizes)), sizes)
    tables = {}
    for path, kind, count in ((HOUSEHOLDS, "household", len(sizes)), (MEMBERS, "member", len(parent))):
        columns = {
            name: Column(random.integers(low, high + 1, count).astype(bool if name in TRUTHS else np.int64))
            for (where, name), (low, high) in COLUMNS.items()
            if where == path
        }
        if path == MEMBERS:
            columns["friend"] = Column(parent.copy(), tables=(HOUSEHOLDS,))
        tables[path] = Table(path, kind, count, parent if path else None, columns)
    return Columns(tables)


def _compiled(plan: Plan, nodes: Sequence[Node]) -> Compiled:
    stored = {at: ColumnShape(True, stored="bool" if at[1] in TRUTHS else "int64") for at in COLUMNS}
    stored[MEMBERS, "friend"] = ColumnShape(True, tables=(HOUSEHOLDS,))
    printed = Printer(plan, nodes, stored, frozenset({FIGURE})).printed()
    return compiled(printed, (), Figures(()), (), "a plan that was made up")


def _prepared(made: Compiled, value: int) -> Sequence[object]:
    prepared: Sequence[object] = made.prepare([value for _ in made.printed.scalars])
    return prepared


def _followed(
    made: Compiled,
    columns: Columns,
    asked: Sequence[tuple[Node, str]],
    tried: Sequence[int],
    weights: Sequence[int] | None,
) -> list[dict[tuple[int, str], int]]:
    """What is asked for at each value, followed along them."""
    step = gcd(*(value - tried[0] for value in tried)) or 1
    values = Values([(value - tried[0]) // step for value in tried])
    given = None if weights is None else np.array(weights, np.int64)
    runs = [(values, [_prepared(made, value) for value in tried])]
    (found,) = summed(made, columns, asked, runs, given, 1)
    return [{key: numbers[at] for key, numbers in found.items()} for at in range(len(tried))]


def _at_each(
    made: Compiled,
    columns: Columns,
    asked: Sequence[tuple[Node, str]],
    tried: Sequence[int],
    weights: Sequence[int] | None,
) -> list[dict[tuple[int, str], int]]:
    """The same, worked out at each value by itself."""
    found = []
    fixed, held = run(made, columns, _prepared(made, tried[0]), 1)
    for value in tried:
        outputs = [*fixed, *run_varied(made, columns, held, _prepared(made, value), 1)]
        sums = {}
        for node, path in asked:
            output = node.constant if node.constant is not None else outputs[made.place[node.number]]
            rows = np.broadcast_to(np.asarray(output), (columns.tables[path].count,)).tolist()
            counts = columns.household_of(path).tolist()
            sums[node.number, path] = sum(
                int(number) * (1 if weights is None else weights[household])
                for number, household in zip(rows, counts, strict=True)
            )
        found.append(sums)
    return found


@given(
    plans(),
    populations(),
    st.lists(st.integers(0, HIGHEST), min_size=1, max_size=64, unique=True).map(sorted),
    st.data(),
)
def test_a_plan_followed_along_a_figure_comes_to_the_same_as_at_each_value(
    drawn: Drawn, columns: Columns, tried: list[int], data: st.DataObject
) -> None:
    weights = data.draw(
        st.none() | st.lists(st.integers(0, 5), min_size=columns.households, max_size=columns.households)
    )
    asked = [(node, path) for pool in (drawn.truths, drawn.numbers) for path, nodes in pool.items() for node in nodes]
    made = _compiled(drawn.plan, [node for node, _ in asked])
    try:
        found = _followed(made, columns, asked, tried, weights)
    except curves.NotStraight:
        reject()  # bounds that have grown too great; if that were so of many plans, this test would fail
    assert found == _at_each(made, columns, asked, tried, weights)


def test_what_takes_more_than_a_machines_numbers_is_not_followed() -> None:
    drawn = Drawn()
    households = Table(HOUSEHOLDS, "household", 1, columns={"income": Column(np.array([300]))})
    large = drawn.plan.multiply(drawn.scalars[0], drawn.numbers[HOUSEHOLDS][3])
    for _ in range(4):
        large = drawn.plan.multiply(large, drawn.plan.const(10**6))
    made = _compiled(drawn.plan, [large])
    with pytest.raises(curves.NotStraight):
        _followed(made, Columns({HOUSEHOLDS: households}), [(large, HOUSEHOLDS)], [1, 2, 3], None)


def test_of_too_many_rows_apart_nothing_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "_MOST_APART", 1)
    drawn = Drawn()
    households = Table(HOUSEHOLDS, "household", 2, columns={"income": Column(np.array([300, 301]))})
    rounded = drawn.plan.divide(drawn.plan.add(drawn.scalars[0], drawn.numbers[HOUSEHOLDS][3]), drawn.plan.const(6))
    made = _compiled(drawn.plan, [rounded])
    with pytest.raises(curves.NotStraight):
        _followed(made, Columns({HOUSEHOLDS: households}), [(rounded, HOUSEHOLDS)], [1, 2, 5], None)
    in_sixes = _followed(made, Columns({HOUSEHOLDS: households}), [(rounded, HOUSEHOLDS)], [1, 7, 19], None)
    assert [sums[rounded.number, HOUSEHOLDS] for sums in in_sixes] == [50 + 50, 51 + 51, 53 + 53]


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=30), st.integers(1, 5))
def test_sums_by_place_are_exact(numbers: list[int], count: int) -> None:
    places = [at % count for at in range(len(numbers))]
    expected = [
        sum(number for number, at in zip(numbers, places, strict=True) if at == place) for place in range(count)
    ]
    assert binned(np.array(places), np.array(numbers, np.int64), count) == expected
    assert added(np.array(numbers, np.int64)) == sum(numbers)
