"""Layers: replaced rules after higher-ranking law has changed, fillings by a level that may not, terms nobody fills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Findings, Survey, dated, levels_named
from minzheng_rules.rulebook.definitions import Definition, Delegated

RANKS = (
    "constitution",
    "law",
    "judicial_interpretation",
    "administrative_regulation",
    "local_regulation",
    "departmental_rule",
    "local_government_rule",
    "normative_document",
    "plan",
    "illustrative",
)
"""The ranks of instruments, highest first (立法法第九十八条至第一百零二条)."""


# -- replaced rules ------------------------------------------------------------------------------------------------


def _replaced(survey: Survey) -> Iterator[Problem]:
    """A lower layer's rule that goes on replacing another after a higher-ranking instrument has changed that one."""
    for definition in survey.definitions:
        declaration = definition.declaration
        if declaration.link != "replaces" or definition.target is None:
            continue
        own = survey.in_force(definition)
        for version in survey.rulebook.definitions.get(definition.target, ()):
            if version.declaration.layer == declaration.layer:
                continue
            begins = survey.in_force(version)
            if not begins or begins[0] not in own or own[0] >= begins[0]:
                continue
            if _rank(version, begins[0], survey) < _rank(definition, begins[0], survey):
                yield _not_reaffirmed(definition, version, survey.stretches[begins[0]].first, survey)


def _rank(definition: Definition, index: int, survey: Survey) -> int:
    """The place in :data:`RANKS` of the highest instrument that a definition rests on, on a stretch."""
    rules = survey.stretches[index].rules
    ranks = [
        _place_of(source.rank)
        for cite in rules.citations(definition.declaration.cites)
        if (source := rules.sources.by_id.get(cite.instrument)) is not None
    ]
    return min(ranks, default=len(RANKS))


def _place_of(rank: str) -> int:
    return RANKS.index(rank) if rank in RANKS else len(RANKS)


def _not_reaffirmed(definition: Definition, version: Definition, day: date, survey: Survey) -> Problem:
    name, target = survey.rule(definition.key), survey.rule(version.key)
    where = f"{version.declaration.place.file}:{version.declaration.place.line}"
    return Problem(
        "rule.not-reaffirmed",
        Words(
            f"{name.zh}还在取代{target.zh}，但效力更高的文件自 {day} 起对后者另有规定（{where}）",
            f"{name.en} still replaces {target.en}, though a higher-ranking instrument lays it down anew from {day} ({where})",
        ),
        definition.declaration.place,
        Words(
            f"若地方规定随之失效，请写 until: {day - timedelta(days=1)}；若仍然有效，请写一个自 {day} 起的版本并注明依据",
            f"if the local rule lapses with it, write `until: {day - timedelta(days=1)}`; if it still holds, write a version from {day} with what it rests on",
        ),
    )


# -- fillings ------------------------------------------------------------------------------------------------------


def _fillings(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for index, stretch in enumerate(survey.stretches):
        for key, effective in stretch.rules.rules.items():
            for definition in effective.unentitled:
                levels = tuple(level for level, _ in effective.original.declaration.delegated_to)
                findings.add((key, definition.key), index, partial(_not_entitled, key, definition, levels, survey))
    yield from findings.problems()


def _not_entitled(key: str, definition: Definition, levels: tuple[str, ...], survey: Survey, dates: Words) -> Problem:
    target, level = survey.rule(key), survey.level(definition.declaration.layer)
    if levels:
        may = levels_named(levels)
        why = Words(f"有权的是{may.zh}", f"{may.en} may")
    else:
        why = Words("那条规则没有授权任何一级（delegated_to）", "that rule is left to no level (delegated_to)")
    return Problem(
        "rule.filling-not-entitled",
        dated(
            Words(
                f"{level.zh}无权填补{target.zh}，这条规则不起作用；{why.zh}",
                f"{level.en} may not fill {target.en}, so this rule has no effect; {why.en}",
            ),
            dates,
        ),
        definition.declaration.place,
        Words(
            "若有条文授权，请写进 delegated_to；授权已移到别级的，请写 until",
            "if a provision entitles this level, add it to `delegated_to`; if another level decides by now, write `until`",
        ),
        "warning",
    )


# -- terms nobody fills ----------------------------------------------------------------------------------------------


def _unfilled(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for index, stretch in enumerate(survey.stretches):
        for key, effective in stretch.rules.rules.items():
            definition = effective.definition
            if isinstance(definition.body, Delegated) and definition.target is None:
                findings.add((key, id(definition)), index, partial(_not_filled, key, definition, survey))
    yield from findings.problems()


def _not_filled(key: str, definition: Definition, survey: Survey, dates: Words) -> Problem:
    name, levels = survey.rule(key), levels_named(level for level, _ in definition.declaration.delegated_to)
    return Problem(
        "rule.unfilled",
        dated(
            Words(
                f"{name.zh}由{levels.zh}规定，本手册里还没有：凡取决于它的都是待定，除非个案里有认定",
                f"{name.en} is left to {levels.en} and not laid down in this rulebook: what turns on it is undetermined, unless a finding is entered in the case",
            ),
            dates,
        ),
        definition.declaration.place,
        Words("得到规定后，用 fills 写一条规则", "once the text is at hand, write a rule that `fills` it"),
        "note",
    )


CHECKS = (
    Check(
        "replaced rules",
        Words(
            "上位法改变后，下级的替代规则有没有重新确认",
            "replaced rules that are not re-affirmed after higher law has changed",
        ),
        _replaced,
        whole=True,
    ),
    Check("fillings", Words("填补留白的一级有没有权", "fillings by a level that may not fill"), _fillings, whole=True),
)
UNFILLED = Check(
    "unfilled",
    Words("留给别处规定、还没有人填补的", "terms left to another authority that nobody has filled"),
    _unfilled,
    whole=True,
)
