"""How households are grouped in results: by town, size, kind of household, income per head, or whatever the caller has.

Size, ages and income come from the rules themselves, as decided: a group is never worked out from the raw entries a second way.
What is not known of a household puts it into a group that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from minzheng_rules.population.answers import ProgramAnswers, Results
from minzheng_rules.population.simulation.exact import Codes, Weights, sums
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.rulebook import Program, Rulebook

if TYPE_CHECKING:
    from minzheng_rules.population.answers import Answers
    from minzheng_rules.population.population import Population

UNKNOWN: Final = Words("不明", "not known")
ALL: Final = Words("合计", "all")
MEASURED: Final = "population:households"
"""The id of a program of no document, by which the rules are asked for size and income of households."""
MEASURED_PERSONS: Final = "population:persons"
SIZE, INCOME, AGE = ("家庭人口", "household_size"), ("家庭月收入", "household_income"), ("年龄", "age")
"""The rules asked, by term or id."""
OLD, ADULT = "old_age", "adult_age"
_MANY = 6
"""Households of so many and more are one group."""
DECILES = 10


@dataclass(frozen=True, eq=False)
class Dimension:
    """One way of grouping: for each household the place of its group in ``labels``."""

    id: str
    words: Words
    labels: tuple[Words, ...]
    codes: Codes


def everybody(households: int) -> Dimension:
    """One group of all."""
    return Dimension("all", ALL, (ALL,), np.zeros(households, np.int64))


def measuring(rulebook: Rulebook) -> Rulebook:
    """The rulebook with two more programs, of no document, that answer with size and income of households and ages of persons."""
    root = rulebook.vocabulary.root
    asked = [
        (name, key) for name, names in (("size", SIZE), ("income", INCOME)) if (key := _key(rulebook, root, names))
    ]
    programs: list[Program] = []
    if asked:
        programs.append(_program(MEASURED, root, asked))
    people = next((f.kind for f in _facts(rulebook, root) if f.shape == "list" and f.id == "members"), None)
    if people is not None and (age := _key(rulebook, people, AGE)):
        programs.append(_program(MEASURED_PERSONS, people, [("age", age)]))
    return rulebook.with_programs(programs)


def _facts(rulebook: Rulebook, kind: str) -> Iterable[Any]:
    return rulebook.vocabulary.kinds[kind].facts.values()


def _key(rulebook: Rulebook, kind: str, names: Iterable[str]) -> str | None:
    found = (rulebook.names.rule(kind, name) for name in names)
    return next((rule[0] for rule in found if rule is not None), None)


def _program(id: str, subject: str, results: Sequence[tuple[str, str]]) -> Program:
    return Program(
        id=id,
        term=Words(id, id),
        subject=subject,
        eligible=None,
        applies=None,
        amounts=(),
        results=tuple(results),
        other_amounts=(),
        payable_from=None,
    )


def dimensions(
    population: Population,
    rulebook: Rulebook,
    as_of: dt.date,
    measures: Answers | None,
    weights: Weights,
    by: Mapping[str, Sequence[object]] | None = None,
) -> dict[str, Dimension]:
    """Every way in which these households can be grouped, by id.

    ``by`` adds groupings of the caller's: a name, and one label for each household.
    """
    count = len(population)
    found = [everybody(count)]
    towns = population.towns.to_list()
    if any(town is not None for town in towns):
        found.append(_labelled("town", Words("乡镇（街道）", "town"), towns))
    if measures is not None:
        found += _measured(rulebook, as_of, measures, weights)
    for name, labels in (by or {}).items():
        if len(labels) != count:
            what = Words(
                f"“{name}”应每户一个标签：共 {count} 户，给了 {len(labels)} 个",
                f"`{name}` needs one label for each household: there are {count}, {len(labels)} were given",
            )
            step = Words("请按各户在数据中的次序，每户给一个", "give one for each, in the order of the households")
            raise RequestProblems([Problem("simulation.by", what, Place(), step)])
        found.append(_labelled(name, Words(name, name), labels))
    return {dimension.id: dimension for dimension in found}


def dimension_called(name: str, known: Mapping[str, Dimension]) -> Dimension:
    """The grouping of an id or a word for it. Raises :class:`RequestProblems` naming the nearest."""
    for dimension in known.values():
        if name in (dimension.id, *dimension.words, dimension.words.zh.partition("（")[0]):
            return dimension
    names = [dimension.id for dimension in known.values()]
    near = nearest(name, names)
    step = (
        Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
        if near
        else Words("可用：" + "、".join(names), "possible: " + ", ".join(names))
    )
    what = Words(f"这份数据不能按“{name}”分组", f"these households cannot be grouped by `{name}`")
    raise RequestProblems([Problem("simulation.by", what, Place(), step)])


def _measured(rulebook: Rulebook, as_of: dt.date, measures: Answers, weights: Weights) -> Iterator[Dimension]:
    households = measures.programs.get(MEASURED)
    persons = measures.programs.get(MEASURED_PERSONS)
    if households is not None:
        sizes = _result(households, "size")
        incomes = _result(households, "income")
        if sizes is not None:
            yield _sizes(sizes)
        if persons is not None and sizes is not None:
            ages = _result(persons, "age")
            old, adult = (_parameter(rulebook, as_of, name) for name in (OLD, ADULT))
            if ages is not None and old is not None and adult is not None:
                yield _kinds(ages, persons.household, measures.households, int(old), int(adult))
        if sizes is not None and incomes is not None:
            yield _deciles(incomes, sizes, weights)


def _result(answers: ProgramAnswers, name: str) -> Results | None:
    return answers.results.get(name)


def _parameter(rulebook: Rulebook, day: dt.date, name: str) -> int | Fraction | None:
    if name not in rulebook.parameters:
        return None
    value = rulebook.on(day).reading(name).value
    return value if isinstance(value, int | Fraction) else None


def _labelled(id: str, words: Words, labels: Sequence[object]) -> Dimension:
    """Groups in the order in which they first appear; those without a label come last."""
    order: dict[str, int] = {}
    codes = np.zeros(len(labels), np.int64)
    for at, label in enumerate(labels):
        codes[at] = -1 if label is None else order.setdefault(str(label), len(order))
    shown = [Words(label, label) for label in order]
    if bool((codes < 0).any()):
        codes[codes < 0] = len(shown)
        shown.append(UNKNOWN)
    return Dimension(id, words, tuple(shown), codes)


def _sizes(sizes: Results) -> Dimension:
    whole = _whole(sizes)
    shown = np.where(sizes.known, np.minimum(whole, _MANY), _MANY + 1)
    labels = [Words(f"{n} 人", "1 person" if n == 1 else f"{n} persons") for n in range(_MANY)]
    labels += [Words(f"{_MANY} 人以上", f"{_MANY} and more"), UNKNOWN]
    return _only_used("size", Words("家庭人口", "household size"), labels, shown)


def _kinds(ages: Results, household: Codes, households: int, old: int, adult: int) -> Dimension:
    """By who lives in it: the rules' own lines for who is old and who a child."""
    years = _whole(ages)
    known = np.asarray(ages.known, bool)
    people = np.bincount(household, minlength=households)
    elders = np.bincount(household[known & (years >= old)], minlength=households)
    children = np.bincount(household[known & (years < adult)], minlength=households)
    unknown = np.bincount(household[~known], minlength=households)
    codes = np.select(
        [
            (unknown > 0) | (people == 0),
            (people == 1) & (elders == 1),
            people == 1,
            elders == people,
            (children > 0) & (people - children == 1),
            children > 0,
        ],
        [6, 0, 1, 2, 3, 4],
        5,
    ).astype(np.int64)
    labels = [
        Words("独居老人", "an elder alone"),
        Words("其他一人户", "another person alone"),
        Words("都是老人", "elders only"),
        Words("一个大人带未成年人", "one adult with children"),
        Words("其他有未成年人的", "others with children"),
        Words("没有未成年人的", "without children"),
        UNKNOWN,
    ]
    return _only_used("type", Words("家庭类型", "kind of household"), labels, codes)


def _deciles(incomes: Results, sizes: Results, weights: Weights) -> Dimension:
    """Tenths of the households by income per head, the poorest first; equal incomes are in one tenth."""
    known = np.asarray(incomes.known & sizes.known, bool) & (_whole(sizes) > 0)
    codes = np.full(len(known), DECILES, np.int64)
    rows = np.flatnonzero(known)
    heads = _per_head(incomes, sizes, rows)
    incomes_there_are, which = np.unique(heads, return_inverse=True)
    counted = sums(weights.values[rows], which, len(incomes_there_are))
    total, below, tenths = sum(counted), 0, []
    for here in counted:
        tenths.append(min(below * DECILES // total, DECILES - 1) if total else 0)
        below += here
    codes[rows] = np.array(tenths, np.int64)[which]
    labels = [
        Words(
            f"第 {n} 组" + ("（最低）" if n == 1 else "（最高）" if n == DECILES else ""),
            f"tenth {n}" + (" (lowest)" if n == 1 else " (highest)" if n == DECILES else ""),
        )
        for n in range(1, DECILES + 1)
    ]
    return _only_used("decile", Words("人均收入十等分", "tenth of income per head"), [*labels, UNKNOWN], codes)


def _per_head(incomes: Results, sizes: Results, rows: Any) -> Any:
    """Incomes per head that compare exactly: over a common denominator where that fits, else as fractions."""
    size = _whole(sizes)[rows]
    common = int(np.lcm.reduce(np.unique(size))) if len(rows) else 1
    if isinstance(incomes.scale, int) and len(rows):
        income = incomes.values[rows]
        if int(np.abs(income).max()) * common < 2**62:
            return income.astype(np.int64) * (common // size)
    return np.array([_exact(incomes, int(row)) / int(n) for row, n in zip(rows, size, strict=True)], dtype=object)


def _exact(results: Results, row: int) -> Fraction:
    scale = results.scale if isinstance(results.scale, int) else int(results.scale[row])
    return Fraction(int(results.values[row]), scale)


def _whole(results: Results) -> Any:
    """Numbers that are whole wherever they are known, as heads and years are."""
    scale = results.scale
    return results.values.astype(np.int64) if isinstance(scale, int) and scale == 1 else results.values // scale


def _only_used(id: str, words: Words, labels: Sequence[Words], codes: Any) -> Dimension:
    """A grouping without the groups nobody is in."""
    used, packed = np.unique(codes, return_inverse=True)
    return Dimension(id, words, tuple(labels[int(code)] for code in used), packed.astype(np.int64))
