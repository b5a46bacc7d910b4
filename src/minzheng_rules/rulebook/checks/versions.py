"""Versions of one rule: days with two of them, or with none between two; links and readings that reach nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise

from minzheng_rules.problems import Place, Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Findings, Survey, dated, period
from minzheng_rules.rulebook.definitions import Definition


def _find(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for key, versions in survey.rulebook.definitions.items():
        _overlaps(key, tuple(versions), survey, findings)
    yield from findings.problems()
    for key in survey.rulebook.definitions:
        yield from _holes(key, survey)


def _overlaps(key: str, versions: tuple[Definition, ...], survey: Survey, findings: Findings) -> None:
    for index, stretch in enumerate(survey.stretches):
        current = [version for version in versions if stretch.rules.in_force(version)]
        for first, second in pairwise(current):
            findings.add((id(first), id(second)), index, partial(_overlap, key, first, second, survey))


def _overlap(key: str, first: Definition, second: Definition, survey: Survey, dates: Words) -> Problem:
    name, other = survey.rule(key), first.declaration.place
    where = f"{other.file}:{other.line}"
    return Problem(
        "rule.overlap",
        dated(
            Words(
                f"规则{name.zh}有两个版本同时有效：另一个在 {where}",
                f"two versions of the rule {name.en} are in force at once: the other is at {where}",
            ),
            dates,
        ),
        second.declaration.place,
        Words(
            "请写明前一个版本的 until；若是下级对上级规则的改动，请用 replaces",
            "give the earlier version an `until`; if a lower level changes a higher level's rule, use `replaces`",
        ),
    )


def _holes(key: str, survey: Survey) -> Iterator[Problem]:
    """Days between two versions on which the rule is not in force, in any form."""
    present = [index for index, stretch in enumerate(survey.stretches) if key in stretch.rules.rules]
    for before, after in pairwise(present):
        if after == before + 1:
            continue
        following = survey.stretches[after].rules.rules[key].definition
        last = survey.stretches[after].first - timedelta(days=1)
        span, name = period(survey.stretches[before + 1].first, last), survey.rule(key)
        yield Problem(
            "rule.gap",
            Words(
                f"规则{name.zh}在两个版本之间有空档：{span.zh} 没有一个版本有效",
                f"between two versions of the rule {name.en} there is a hole: none is in force {span.en}",
            ),
            following.declaration.place,
            Words(
                "空档里凡用到它的结论都是待定；请接上日期，或补上这段时间的版本",
                "whatever needs it is undetermined in between; join the dates, or add the version of that time",
            ),
            "warning",
        )


def _readings(survey: Survey) -> Iterator[Problem]:
    """Rules read on days on which they are not in force."""
    findings = Findings(survey)
    for index, stretch in enumerate(survey.stretches):
        for definition in survey.acting[index]:
            for part in survey.rules_read(definition):
                if part.key not in stretch.rules.rules:
                    make = partial(_not_in_force, definition, part.key, part.place, survey)
                    findings.add((definition.key, part.key), index, make)
    yield from findings.problems()


def _not_in_force(definition: Definition, key: str, place: Place, survey: Survey, dates: Words) -> Problem:
    name, reader = survey.rule(key), survey.rule(definition.key)
    return Problem(
        "rule.not-in-force",
        dated(
            Words(
                f"{reader.zh}用到规则{name.zh}，而后者那时不在有效期内",
                f"{reader.en} reads the rule {name.en} when that rule is not in force",
            ),
            dates,
        ),
        place,
        Words(
            "那些日子里凡取决于它的都是待定；请核对两条规则的日期，或分版本写",
            "what turns on it is undetermined on those days; compare the dates of the two rules, or write versions",
        ),
        "warning",
    )


def _links(survey: Survey) -> Iterator[Problem]:
    """Links that never take effect, because the two rules are never in force on one day."""
    for definition in survey.definitions:
        declaration = definition.declaration
        if definition.target is None or declaration.link not in ("fills", "adds_to", "exception_to"):
            continue
        days = survey.in_force(definition)
        if days and not any(_present(definition.target, index, survey) for index in days):
            name, target = survey.rule(definition.key), survey.rule(definition.target)
            yield Problem(
                "rule.link-without-effect",
                Words(
                    f"{name.zh}从不起作用：它有效的日子里，{target.zh}都不在有效期内",
                    f"{name.en} never takes effect: on none of its days is {target.en} in force",
                ),
                declaration.place,
                Words("请核对两条规则的起止日期", "compare the dates of the two rules"),
                "warning",
            )


def _present(key: str, index: int, survey: Survey) -> bool:
    stretch = survey.stretches[index]
    return any(stretch.rules.in_force(version) for version in survey.rulebook.definitions.get(key, ()))


CHECKS = (
    Check(
        "versions",
        Words("一条规则的各个版本有没有重叠或空档", "versions of one rule that overlap or leave a hole"),
        _find,
        whole=True,
    ),
    Check(
        "readings",
        Words("有没有用到当时无效的规则", "rules read on days on which they are not in force"),
        _readings,
        whole=True,
    ),
    Check(
        "links",
        Words("例外、补充和填补有没有从不起作用的", "exceptions, additions and fillings that never take effect"),
        _links,
        whole=True,
    ),
)
