"""Exceptions to one rule that can both hold, with nothing said of which goes first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.conditions import ALWAYS, Logic
from minzheng_rules.rulebook.checks.survey import Findings, Survey, dated
from minzheng_rules.rulebook.definitions import Definition
from minzheng_rules.rulebook.ruleset import Effective


def _find(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for index, stretch in enumerate(survey.stretches):
        for key, effective in stretch.rules.rules.items():
            for first, second in combinations(effective.exceptions, 2):
                if _can_meet(first, second, effective, survey.logic(index)):
                    findings.add((key, first.key, second.key), index, partial(_problem, key, first, second, survey))
    yield from findings.problems()


def _can_meet(first: Definition, second: Definition, effective: Effective, logic: Logic) -> bool:
    if first.key in second.over or second.key in first.over or first.when is None or second.when is None:
        return False
    given = effective.definition.given
    asked = ALWAYS if given is None else logic.holds(given)
    return logic.possible(logic.clause(first.when), logic.clause(second.when), asked)


def _problem(key: str, first: Definition, second: Definition, survey: Survey, dates: Words) -> Problem:
    target, one, other = survey.rule(key), survey.rule(first.key), survey.rule(second.key)
    where = f"{first.declaration.place.file}:{first.declaration.place.line}"
    return Problem(
        "exception.conflict",
        dated(
            Words(
                f"{target.zh}的两个例外可能同时成立：{one.zh}（{where}）和{other.zh}，没有写明以哪个为准",
                f"two exceptions to {target.en} can both hold: {one.en} ({where}) and {other.en}; nothing says which goes first",
            ),
            dates,
        ),
        second.declaration.place,
        Words(
            f"请在优先的一条上写 over（例如 over: {first.declaration.term}），或把两条的 when 写得互相排斥",
            f"write `over` on the one that goes first (such as `over: {first.declaration.id}`), or make their `when` exclude each other",
        ),
    )


CHECK = Check(
    "exceptions",
    Words(
        "同一规则的例外会不会同时成立而没有先后",
        "exceptions to one rule that can both hold, with no order between them",
    ),
    _find,
)
