"""The answers about a population as tables: one row per household, one per member, with amounts in yuan and reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Status
from minzheng_rules.language.types import Named
from minzheng_rules.population.answers import (
    ELIGIBLE,
    STATUSES,
    UNDETERMINED,
    Amounts,
    Answers,
    ProgramAnswers,
    Results,
)
from minzheng_rules.population.intake.layout import TOWN, WEIGHT, layouts
from minzheng_rules.population.outputs.stated import decimals
from minzheng_rules.population.population import Population
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.rulebook import Program, Rulebook

STATUS_WORDS: Mapping[Status, Words] = {
    Status.ELIGIBLE: Words("符合", "eligible"),
    Status.INELIGIBLE: Words("不符合", "ineligible"),
    Status.UNDETERMINED: Words("待定", "undetermined"),
    Status.NOT_APPLICABLE: Words("不适用", "not_applicable"),
}
MOST_EXPLAINED = 500
"""Of how many undetermined households it is said what is missing, unless another number is asked for."""
_STATUS, _FROM, _REASON = Words("结论", "status"), Words("起发日", "payable_from"), Words("不符合的条件", "reason")
_MISSING, _LEAST, _MOST = Words("尚缺", "missing"), Words("至少", "at_least"), Words("至多", "at_most")
_NO_YES = ("否", "是")
_NOT_LISTED = Words("（未逐户列出）", "(not listed)")


def answer_tables(
    population: Population,
    answers: Answers,
    rulebook: Rulebook,
    lang: str = "zh",
    *,
    explained: int = MOST_EXPLAINED,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """The answers by table: ``households``, ``members`` and any other kind a program is about, and ``about``.

    For each program there are columns ``<program>.status``, one for each amount in yuan (with ``at_least`` and ``at_most``
    where it is open for somebody), its results, the day it is payable from, the first condition that fails, and what is
    missing where it is undetermined. What is missing is worked out household by household, for the first ``explained`` of them.

    >>> from minzheng_rules import Rulebook
    >>> people, book = Population.synthesize(5, seed=2), Rulebook.load(overlays=["illustrative"])
    >>> answer_tables(people, people.decide(book, programs=["dibao"]), book, "en")["households"].columns[:3]
    ['household_id', 'town', 'dibao.status']
    """
    missing = _missing(population, answers, rulebook, lang, explained, progress)
    frames: dict[str, list[pl.Series]] = {}
    for id, given in answers.programs.items():
        program = rulebook.program(id)
        for which, path in enumerate(given.tables):
            at = np.arange(len(given.status)) if given.which is None else np.flatnonzero(given.which == which)
            if given.which is None and which:
                continue
            rows = at if given.rows is None else given.rows[at]
            count = population.columns.tables[path].count if path in population.columns.tables else 0
            if path not in frames:
                frames[path] = _keys(population, path, lang)
            place = np.full(count, -1, np.int64)
            place[rows] = at
            frames[path] += _program(rulebook, program, given, place, missing.get((id, path), {}), lang)
    root = layouts(population.model)
    named = {
        (root[path].name if lang == "en" or not path else root[path].term): pl.DataFrame(columns)
        for path, columns in frames.items()
    }
    if lang == "zh" and root[""].name in named:
        named = {(root[""].term if name == root[""].name else name): frame for name, frame in named.items()}
    named[Words("说明", "about").say(lang)] = about(population, answers, rulebook, lang)
    return named


def about(population: Population, answers: Answers, rulebook: Rulebook, lang: str) -> pl.DataFrame:
    """What the tables rest on, so that they can be made again: rulebook, place, day, overlays, how many, whether invented."""
    said = [
        (Words("基准日", "as_of"), answers.as_of.isoformat()),
        (Words("规则手册", "rulebook"), rulebook.name.say(lang)),
        (Words("手册摘要", "digest"), rulebook.digest),
        (Words("地点", "place"), rulebook.place),
        (Words("补充值", "overlays"), ", ".join(rulebook.overlays) or Words("无", "none").say(lang)),
        (Words("户数", "households"), str(len(population))),
        (Words("人数", "persons"), str(population.persons)),
        (
            Words("权重", "weights"),
            Words("无，一行一户", "none: each row is one household").say(lang)
            if population.weights is None
            else Words(
                f"有，合计 {weight_total(population)} 户", f"given, {weight_total(population)} households in all"
            ).say(lang),
        ),
        (Words("搁置的户数", "set_aside"), str(len(population.set_aside))),
    ]
    if "illustrative" in rulebook.overlays or rulebook.overlays:
        said.append(
            (
                Words("注意", "note"),
                Words("含有示例数字，不是现行标准", "holds illustrative figures, not standards in force").say(lang),
            )
        )
    if population.invented is not None:
        said.append((Words("虚构", "invented"), population.invented.say(lang)))
    heading = [Words("项目", "item").say(lang), Words("内容", "content").say(lang)]
    return pl.DataFrame({heading[0]: [name.say(lang) for name, _ in said], heading[1]: [text for _, text in said]})


def weight_total(population: Population) -> Decimal:
    """For how many households the population stands, exactly."""
    if population.weights is None:
        return Decimal(len(population))
    return Decimal(int(population.weights.sum())).scaleb(-population.weight_places)


def _keys(population: Population, path: str, lang: str) -> list[pl.Series]:
    """Whose row it is: ids, the town and the weight."""
    known = layouts(population.model)
    household = population.columns.household_of(path)
    said = 0 if lang == "en" else 1
    columns = [population.ids.gather(household).alias(known[""].key[said])]
    if path:
        columns.append(_own_ids(population, path).alias(known[path].key[said]))
    if population.towns.null_count() < len(population.towns):
        columns.append(population.towns.gather(household).alias(TOWN[said]))
    if population.weights is not None:
        weights = population.weights[household]
        columns.append(decimals(WEIGHT[said], weights, np.ones(len(weights), bool), population.weight_places))
    return columns


def _own_ids(population: Population, path: str) -> pl.Series:
    """The ids of a table's rows; where one has none, its place in the household."""
    parent = population.columns.starts(path)
    table = population.columns.tables[path]
    owner = np.asarray(table.parent)
    place = np.arange(table.count) - parent[owner] + 1
    numbers = pl.Series(place).cast(pl.String)
    ids = population.row_ids(path)
    return numbers if ids is None else ids.zip_with(ids.is_not_null(), numbers)


def _program(
    rulebook: Rulebook,
    program: Program,
    given: ProgramAnswers,
    place: NDArray[np.int64],
    missing: Mapping[int, str],
    lang: str,
) -> list[pl.Series]:
    """A program's columns; ``place`` gives for each row of the table its place among the answers, -1 for none."""
    name = program.id if lang == "en" else program.term.zh

    def heading(*words: Words) -> str:
        return ".".join([name, *(word.say(lang).replace(" ", "_") for word in words)])

    there = place >= 0
    words = pl.Series([*(STATUS_WORDS[status].say(lang) for status in STATUSES), None], dtype=pl.String)
    status = np.where(there, given.status[place] if len(given.status) else 0, len(STATUSES))
    columns = [words.gather(status.astype(np.int64)).alias(heading(_STATUS))]
    for amounts in given.amounts.values():
        columns += _amount_columns(amounts, place, lambda *more, a=amounts: heading(a.name, *more))
    for name_, results in given.results.items():
        terms = _terms(rulebook, dict(program.results).get(name_), lang)
        columns.append(_result_column(results, place, terms, lang).alias(heading(results.name)))
    if given.payable_from is not None and len(given.payable_from):
        days = np.where(there, np.asarray(given.payable_from)[place], 0).astype(np.int64)
        known = pl.Series((np.where(days > 0, days, 719163) - 719163).astype(np.int32)).cast(pl.Date)
        columns.append(known.set(pl.Series(days <= 0), None).alias(heading(_FROM)))
    if given.reasons is not None and len(given.reasons) and given.labels:
        labels = pl.Series([*(label.say(lang) for label in given.labels), None], dtype=pl.String)
        codes = np.where(there, np.asarray(given.reasons)[place], -1)
        columns.append(
            labels.gather(np.where(codes < 0, len(labels) - 1, codes).astype(np.int64)).alias(heading(_REASON))
        )
    if missing:
        not_listed = _NOT_LISTED.say(lang)
        open_ = set(np.flatnonzero(there & (given.status[place] == UNDETERMINED)).tolist())
        texts = [missing.get(row, not_listed) if row in open_ else None for row in range(len(place))]
        columns.append(pl.Series(heading(_MISSING), texts, dtype=pl.String))
    # An amount that nobody's facts settle is still what a program that is open for somebody pays.
    open_for_somebody = bool(np.isin(status, (ELIGIBLE, UNDETERMINED)).any())
    always = {heading(_STATUS), *(heading(amounts.name) for amounts in given.amounts.values() if open_for_somebody)}
    return [column for column in columns if column.name in always or column.null_count() < len(column)]


def _amount_columns(amounts: Amounts, place: NDArray[np.int64], heading: Callable[..., str]) -> list[pl.Series]:
    known = amounts.known
    columns = [_yuan(amounts.low, amounts.low_scale, amounts, known, place, heading())]
    if not known.all():
        low = ~known if amounts.no_low is None else ~known & ~amounts.no_low
        high = ~known if amounts.no_high is None else ~known & ~amounts.no_high
        columns.append(_yuan(amounts.low, amounts.low_scale, amounts, low, place, heading(_LEAST)))
        columns.append(_yuan(amounts.high, amounts.high_scale, amounts, high, place, heading(_MOST)))
    return columns


def _yuan(
    numbers: NDArray[np.integer],
    scale: int | NDArray[np.integer],
    amounts: Amounts,
    known: NDArray[np.bool_],
    place: NDArray[np.int64],
    heading: str,
) -> pl.Series:
    """Amounts as decimals in the written unit, exactly where they end; bounds that do not end to six decimals."""
    if not len(numbers):
        return pl.Series(heading, [None] * len(place), dtype=pl.Decimal(38, 2))
    there = (place >= 0) & known[place]
    money = amounts.unit is not None and amounts.unit.is_money
    if isinstance(scale, int) and scale == 1:
        return decimals(heading, np.where(there, numbers[place], 0).astype(np.int64), there, 2 if money else 0)
    by = 100 if money else 1
    scales = np.full(len(numbers), scale, np.int64) if isinstance(scale, int) else np.asarray(scale, np.int64)
    exact = [
        (Decimal(int(numbers[at])) / (Decimal(int(scales[at])) * by)).quantize(Decimal("0.000001")) if yes else None
        for at, yes in zip(place.tolist(), there.tolist(), strict=True)
    ]
    column = pl.Series(heading, exact, dtype=pl.Decimal(38, 6))
    fen = column.cast(pl.Decimal(38, 2))
    return fen if (fen == column).all() else column


def _terms(rulebook: Rulebook, key: str | None, lang: str) -> Mapping[str, str]:
    """The Chinese words of an answer's named values."""
    type_ = None if key is None or lang == "en" else rulebook.names.type_of(key)
    return dict(type_.enumeration.values) if isinstance(type_, Named) else {}


def _result_column(results: Results, place: NDArray[np.int64], terms: Mapping[str, str], lang: str) -> pl.Series:
    if not len(results.values):
        return pl.Series([None] * len(place), dtype=pl.String)
    there = (place >= 0) & results.known[place]
    if results.shape in ("enum", "text"):
        labels = pl.Series([*(terms.get(label, label) for label in results.labels), None], dtype=pl.String)
        values = np.asarray(results.values, np.int64)[place]
        return labels.gather(np.where(there, values, len(labels) - 1))
    values = np.where(there, np.asarray(results.values)[place], 0)
    if results.shape == "bool" and lang == "en":
        return pl.Series(values.astype(bool)).set(pl.Series(~there), None)
    if results.shape == "bool":
        words = pl.Series([*_NO_YES, None], dtype=pl.String)
        return words.gather(np.where(there, values.astype(np.int64), 2))
    if results.shape == "date":
        days = pl.Series((np.where(there, values, 719163) - 719163).astype(np.int32)).cast(pl.Date)
        return days.set(pl.Series(~there), None)
    if isinstance(results.scale, int) and results.scale == 1 and values.dtype != object:
        money = results.unit is not None and results.unit.is_money
        return decimals("", values.astype(np.int64), there, 2 if money else 0)
    raw = [results.raw(at) if yes else None for at, yes in zip(place.tolist(), there.tolist(), strict=True)]
    return pl.Series([None if value is None else str(value) for value in raw], dtype=pl.String)


def _missing(
    population: Population,
    answers: Answers,
    rulebook: Rulebook,
    lang: str,
    explained: int,
    progress: Callable[[int, int], None] | None,
) -> dict[tuple[str, str], dict[int, str]]:
    """By program and table: what is missing of each row, of the first households that are undetermined."""
    open_ = np.unique(
        np.concatenate(
            [np.zeros(0, np.int64)]
            + [given.household[given.status == UNDETERMINED] for given in answers.programs.values()]
        )
    )
    found: dict[tuple[str, str], dict[int, str]] = {}
    chosen = open_[:explained].tolist()
    for done, household in enumerate(chosen):
        decision = decide(population.case(household), rulebook, as_of=answers.as_of, programs=list(answers.programs))
        for id, given in answers.programs.items():
            first, last = np.searchsorted(given.household, [household, household + 1]).tolist()
            outcomes = [outcome for outcome in decision.outcomes if outcome.program == id]
            for at, outcome in zip(range(first, last), outcomes, strict=True):
                if given.status[at] != UNDETERMINED:
                    continue
                path = given.tables[0 if given.which is None else int(given.which[at])]
                words = dict.fromkeys(_said(entry.words, entry.who, lang) for entry in outcome.missing)
                row = at if given.rows is None else int(given.rows[at])
                found.setdefault((id, path), {})[row] = "；".join(words) if lang == "zh" else "; ".join(words)
        if progress is not None:
            progress(done + 1, len(chosen))
    return found


def _said(words: Words, who: tuple[str, ...], lang: str) -> str:
    by = "、".join(who)
    if lang == "en":
        return f"{words.en} ({by})" if by else words.en
    return f"{words.zh}（{by}）" if by else words.zh
