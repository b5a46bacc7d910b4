"""Figures: days without a value, rows and bands that are missing, values nobody was entitled to give, ranges not stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise, product

from minzheng_rules.language.tables import band
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import (
    NOTHING,
    Findings,
    Survey,
    current,
    dated,
    levels_named,
    listed,
    parameter_called,
    period,
)
from minzheng_rules.rulebook.definitions import Definition
from minzheng_rules.rulebook.parameters import Band, Figure, Key, Parameter

MOST_ROWS = 3
"""How many rows of a parameter one message names."""


# -- days without a value ------------------------------------------------------------------------------------------


def _values(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for index, _ in enumerate(survey.stretches):
        readers: dict[str, Definition] = {}
        for definition in survey.acting[index]:
            for name in sorted(survey.parameters_read(definition)):
                readers.setdefault(name, definition)
        for name, reader in readers.items():
            parameter = survey.rulebook.parameters[name]
            empty = _without_value(parameter, index, survey)
            if empty:
                findings.add(
                    (name, tuple(empty)), index, partial(_not_covered, parameter, tuple(empty), reader, survey)
                )
    yield from findings.problems()
    for parameter in survey.rulebook.parameters.values():
        for key in parameter.figures:
            yield from _holes(parameter, key, survey)


def _without_value(parameter: Parameter, index: int, survey: Survey) -> list[Key]:
    """The keys of a parameter without any figure on a stretch, except in holes, which are reported as such."""
    keys = list(parameter.figures) or [()]
    return [
        key
        for key in keys
        if index not in survey.covered(parameter, key) and not _in_hole(parameter, key, index, survey)
    ]


def _in_hole(parameter: Parameter, key: Key, index: int, survey: Survey) -> bool:
    covered = survey.covered(parameter, key)
    return bool(covered) and covered[0] < index < covered[-1]


def _not_covered(
    parameter: Parameter, keys: tuple[Key, ...], reader: Definition, survey: Survey, dates: Words
) -> Problem:
    name, rule = parameter_called(parameter), survey.rule(reader.key)
    place = survey.level(survey.rulebook.place)
    if not any(parameter.figures.values()):
        return Problem(
            "parameter.no-value",
            Words(
                f"参数{name.zh}在{place.zh}一个值也没有，而规则{rule.zh}要用它",
                f"the parameter {name.en} has no value at all in {place.en}, and the rule {rule.en} reads it",
            ),
            parameter.place,
            _say_unknown(),
            "warning",
        )
    rows = _rows(parameter, keys)
    return Problem(
        "parameter.no-value-yet",
        dated(
            Words(
                f"参数{name.zh}{rows.zh}没有值，而规则{rule.zh}那时要用它",
                f"the parameter {name.en}{rows.en} has no value when the rule {rule.en} reads it",
            ),
            dates,
        ),
        parameter.place,
        _say_unknown(),
        "warning",
    )


def _say_unknown() -> Words:
    return Words(
        "请补上那时的值；不知道的写 status: unknown，并注明由谁公布",
        "add the value of that time; if it is not known, write `status: unknown` and say who publishes it",
    )


def _rows(parameter: Parameter, keys: tuple[Key, ...]) -> Words:
    """Which rows are meant, unless it is all of them."""
    if len(keys) == len(parameter.figures) or keys == ((),):
        return NOTHING
    return _keys(parameter, keys)


def _keys(parameter: Parameter, keys: Iterable[Key]) -> Words:
    """Rows of a parameter in words: the values of their indexes."""
    every = list(keys)
    said = [
        Words(
            "、".join(index.say(part, "zh") for index, part in zip(parameter.indexes, key, strict=True)),
            ", ".join(index.say(part, "en") for index, part in zip(parameter.indexes, key, strict=True)),
        )
        for key in every[:MOST_ROWS]
    ]
    more = len(every) - MOST_ROWS
    zh = "；".join(words.zh for words in said) + (f"；另 {more} 行" if more > 0 else "")
    en = "; ".join(words.en for words in said) + (f"; {more} more" if more > 0 else "")
    return Words(f"（{zh}）", f" ({en})")


def _holes(parameter: Parameter, key: Key, survey: Survey) -> Iterator[Problem]:
    for before, after in pairwise(survey.covered(parameter, key)):
        if after == before + 1:
            continue
        following = survey.stretches[after]
        span = period(survey.stretches[before + 1].first, following.first - timedelta(days=1))
        name, rows = parameter_called(parameter), _rows(parameter, (key,))
        figure = next(f for f in parameter.figures[key] if current(f, following.first))
        yield Problem(
            "parameter.gap",
            Words(
                f"参数{name.zh}{rows.zh}的两个值之间有空档：{span.zh} 没有值",
                f"between two values of the parameter {name.en}{rows.en} there is a hole: it has none {span.en}",
            ),
            figure.place,
            Words(
                "请把前一个值的 until 与后一个值的日期接上；那时的值不知道的，写 status: unknown",
                "let the `until` of the earlier value meet the date of the later; if the value of that time is not known, write `status: unknown`",
            ),
        )


# -- rows and bands ------------------------------------------------------------------------------------------------


def _rows_missing(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for parameter in survey.rulebook.parameters.values():
        if not parameter.indexes or parameter.is_table:
            continue
        for index, _ in enumerate(survey.stretches):
            keys = [key for key in parameter.figures if index in survey.covered(parameter, key)]
            if not keys:
                continue
            missing = _missing(parameter, keys)
            if missing:
                findings.add(("missing", parameter.id, missing), index, partial(_missing_rows, parameter, missing))
            for one, other in _overlapping(parameter, keys):
                findings.add(("overlap", parameter.id, one, other), index, partial(_overlap, parameter, one, other))
            for below, above in _between(parameter, keys):
                findings.add(
                    ("between", parameter.id, below, above), index, partial(_band_gap, parameter, below, above)
                )
        yield from _dropped(parameter)
    yield from findings.problems()


def _missing(parameter: Parameter, keys: list[Key]) -> tuple[Key, ...]:
    """Combinations of named values without a row (bands are looked at on their own)."""
    named = [i for i, index in enumerate(parameter.indexes) if not isinstance(index, Band)]
    present = {tuple(key[i] for i in named) for key in keys}
    values = [
        [id for id, _ in index.values] for i, index in enumerate(parameter.indexes) if not isinstance(index, Band)
    ]
    return tuple(key for key in product(*values) if key not in present)


def _missing_rows(parameter: Parameter, missing: tuple[Key, ...], dates: Words) -> Problem:
    name = parameter_called(parameter)
    named = [index for index in parameter.indexes if not isinstance(index, Band)]
    said = [
        Words(
            "、".join(index.say(part, "zh") for index, part in zip(named, key, strict=True)),
            ", ".join(index.say(part, "en") for index, part in zip(named, key, strict=True)),
        )
        for key in missing
    ]
    more = len(said) - MOST_ROWS
    every = Words(
        "；".join(w.zh for w in said[:MOST_ROWS]) + (f"；另 {more} 行" if more > 0 else ""),
        "; ".join(w.en for w in said[:MOST_ROWS]) + (f"; {more} more" if more > 0 else ""),
    )
    return Problem(
        "parameter.rows-missing",
        dated(
            Words(f"参数{name.zh}缺少这些行：{every.zh}", f"the parameter {name.en} has no row for {every.en}"), dates
        ),
        parameter.place,
        Words(
            "请补上；条文没有规定或数值不知道的，值写“?”",
            "add them; where nothing is laid down or the figure is not known, write `?`",
        ),
        "warning",
    )


def _overlapping(parameter: Parameter, keys: list[Key]) -> Iterator[tuple[Key, Key]]:
    """Rows that a number can fall into both of."""
    if any(isinstance(index, Band) for index in parameter.indexes):
        for one, other in combinations(keys, 2):
            if all(
                _meet(a, b) if isinstance(index, Band) else a == b
                for index, a, b in zip(parameter.indexes, one, other, strict=True)
            ):
                yield one, other


def _meet(a: str, b: str) -> bool:
    (low, high), (lower, higher) = _ends(a), _ends(b)
    return (low is None or higher is None or low <= higher) and (lower is None or high is None or lower <= high)


def _ends(text: str) -> tuple[int | None, int | None]:
    return band(text) or (None, None)


def _overlap(parameter: Parameter, one: Key, other: Key, dates: Words) -> Problem:
    name, a, b = parameter_called(parameter), _keys(parameter, (one,)), _keys(parameter, (other,))
    return Problem(
        "parameter.bands-overlap",
        dated(
            Words(
                f"参数{name.zh}的两行相交：{a.zh}与{b.zh}",
                f"two rows of the parameter {name.en} overlap:{a.en} and{b.en}",
            ),
            dates,
        ),
        parameter.figures[other][0].place,
        Words(
            "请让一行的止端小于下一行的起端，例如 0..59 与 60..",
            "let one end before the next begins, as in 0..59 and 60..",
        ),
    )


def _between(parameter: Parameter, keys: list[Key]) -> Iterator[tuple[str, str]]:
    """Bands that do not join, of a parameter with a single band."""
    bands = [i for i, index in enumerate(parameter.indexes) if isinstance(index, Band)]
    if len(bands) != 1:
        return
    spans = sorted({key[bands[0]] for key in keys}, key=lambda text: _ends(text)[0] or -1)
    for below, above in pairwise(spans):
        high, low = _ends(below)[1], _ends(above)[0]
        if high is not None and low is not None and low > high + 1:
            yield below, above


def _band_gap(parameter: Parameter, below: str, above: str, dates: Words) -> Problem:
    name = parameter_called(parameter)
    return Problem(
        "parameter.bands-gap",
        dated(
            Words(
                f"参数{name.zh}的 {below} 与 {above} 之间没有行",
                f"the parameter {name.en} has no row between {below} and {above}",
            ),
            dates,
        ),
        parameter.place,
        Words(
            "落在中间的都是待定；请补上一行，或接上两端",
            "whatever falls in between is undetermined; add a row, or join the two",
        ),
        "warning",
    )


def _dropped(parameter: Parameter) -> Iterator[Problem]:
    """Rows of an earlier table that a later table leaves out without a word."""
    lost: dict[tuple[str, object], list[tuple[Key, Figure]]] = {}
    for key, figures in parameter.figures.items():
        for figure in figures:
            said = figure.sources or figure.source_text or figure.note
            if (
                figure.value is None
                and figure.status == "unknown"
                and not said
                and not figure.place.text.strip().startswith("|")
            ):
                lost.setdefault((figure.layer, figure.since), []).append((key, figure))
    for rows in lost.values():
        figure, name = rows[0][1], parameter_called(parameter)
        if any(other.since < figure.since for other in parameter.figures[rows[0][0]]):
            keys = _keys(parameter, (key for key, _ in rows))
            yield Problem(
                "parameter.rows-dropped",
                Words(
                    f"参数{name.zh}{figure.since} 的表里没有以前有过的行{keys.zh}：从那天起按待定处理",
                    f"the table of the parameter {name.en} of {figure.since} leaves out rows there were before{keys.en}: undetermined from that day",
                ),
                figure.place,
                Words(
                    "只改几行的，请写在 changes: 下面；这些行不再有的，写“?”并注明原因",
                    "to change some rows only, put them under `changes:`; if these are gone, write `?` with a note that says so",
                ),
                "warning",
            )


# -- who may set -----------------------------------------------------------------------------------------------------


def _setters(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    used: set[int] = set()
    for index, stretch in enumerate(survey.stretches):
        for parameter in survey.rulebook.parameters.values():
            setters = parameter.setters_on(stretch.first)
            for figure in (f for figures in parameter.figures.values() for f in _acting(figures, stretch.first)):
                if figure.overlay or figure.layer not in survey.layers:
                    continue
                if figure.layer == parameter.layer or survey.layers[figure.layer].level in setters:
                    used.add(id(figure))
                else:
                    key = (parameter.id, figure.layer, figure.since, figure.place.line)
                    make = partial(_not_entitled, parameter, figure, setters, survey, used)
                    findings.add(key, index, make)
    yield from findings.problems()


def _acting(figures: list[Figure], day: date) -> list[Figure]:
    """The figure of each layer that stands on a day."""
    return list({figure.layer: figure for figure in figures if current(figure, day)}.values())


def _not_entitled(
    parameter: Parameter, figure: Figure, setters: tuple[str, ...], survey: Survey, used: set[int], dates: Words
) -> Problem:
    name, level = parameter_called(parameter), survey.level(figure.layer)
    declaring = survey.layers.get(parameter.layer)
    levels = [*([declaring.level] if declaring is not None else []), *setters]
    may = levels_named(dict.fromkeys(levels))
    return Problem(
        "parameter.setter",
        dated(
            Words(
                f"{level.zh}无权设定参数{name.zh}，这个值不会被采用；有权的是{may.zh}",
                f"{level.en} may not set the parameter {name.en}, so this value is not used; {may.en} may",
            ),
            dates,
        ),
        figure.place,
        Words(
            "若有条文授权，请把这一级写进 set_by（可按日期写）；否则请删去，或给这个值写 until",
            "if a provision entitles this level, add it to `set_by` (which can be dated); else remove the value, or give it an `until`",
        ),
        "error" if figure.value is not None and id(figure) not in used else "warning",
    )


# -- ranges and origins ----------------------------------------------------------------------------------------------


def _ranges(survey: Survey) -> Iterator[Problem]:
    for parameter in survey.rulebook.parameters.values():
        bounded = isinstance(parameter.high, int | Fraction)
        if isinstance(parameter.type, Quantity) and not bounded and not parameter.is_table:
            name = parameter_called(parameter)
            yield Problem(
                "parameter.range-missing",
                Words(f"参数{name.zh}没有写 range", f"the parameter {name.en} states no range"),
                parameter.place,
                Words(
                    "请写上可能的最小值和最大值，例如 range: [0, 10000]：写错的数才能被发现，未知的数才有界",
                    "state the least and the greatest it can be, as in `range: [0, 10000]`: a slip is then caught, and an unknown value has bounds",
                ),
                "warning",
            )


def _origins(survey: Survey) -> Iterator[Problem]:
    """Figures said to have been read somewhere, that do not say where."""
    for parameter in survey.rulebook.parameters.values():
        silent = [
            figure
            for figures in parameter.figures.values()
            for figure in figures
            if figure.status in ("verbatim", "secondary") and not figure.sources and not figure.source_text
        ]
        if silent:
            name, first = parameter_called(parameter), min(silent, key=lambda figure: figure.place.line)
            dates = listed(Words(str(d), str(d)) for d in sorted({figure.since for figure in silent}))
            yield Problem(
                "figure.source-missing",
                Words(
                    f"参数{name.zh}的值（{dates.zh}）没有写出处",
                    f"the parameter {name.en} has values ({dates.en}) that state no source",
                ),
                first.place,
                Words(
                    "请写 source（如 M57#13）；没有见过原文的，status 写 recalled 或 position",
                    "give a `source` (such as M57#13); if you have not seen the text, let `status` be recalled or position",
                ),
                "warning",
            )


CHECKS = (
    Check(
        "values",
        Words("参数在用到它的日子里有没有值", "parameters without a value on days on which they are read"),
        _values,
        whole=True,
    ),
    Check(
        "rows",
        Words("参数的行与区间有没有缺漏、相交", "rows and bands of parameters that are missing or overlap"),
        _rows_missing,
    ),
    Check("setters", Words("参数的值是不是有权的一级给的", "values given by a level that may not set them"), _setters),
    Check("ranges", Words("数量参数有没有写取值范围", "quantities among the parameters that state no range"), _ranges),
    Check("origins", Words("数字有没有写出处", "figures that do not say where they were read"), _origins),
)
