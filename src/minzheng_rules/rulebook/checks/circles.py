"""Rules that refer to each other in a circle, on any date."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial

from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Findings, Survey, WithCircles, dated
from minzheng_rules.rulebook.resolution import circular
from minzheng_rules.rulebook.ruleset import RuleSet


def _find(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for index, stretch in enumerate(survey.stretches):
        if not isinstance(stretch.rules, WithCircles):
            continue  # these were put together, which rules with a circle cannot be
        reads = {key: sorted(stretch.rules.reads(key)) for key in stretch.rules.rules}
        for path in circles(reads):
            findings.add(tuple(path), index, partial(_problem, path, stretch.rules))
    yield from findings.problems()


def _problem(path: list[str], rules: RuleSet, dates: Words) -> Problem:
    declarations = [rules.rules[key].definition.declaration for key in path]
    problem = circular(
        [declaration.term for declaration in declarations],
        [key.partition(".")[2] for key in path],
        declarations[0].place,
    )
    return Problem(problem.code, dated(problem.what, dates), problem.place, problem.next_step)


def circles(reads: dict[str, list[str]]) -> Iterator[list[str]]:
    """A shortest circle through each rule that lies on one, unless an earlier circle went through it already.

    >>> list(circles({"a": ["b"], "b": ["c"], "c": ["a", "b"], "d": ["d"], "e": ["a"]}))
    [['a', 'b', 'c', 'a'], ['d', 'd']]
    """
    seen: set[str] = set()
    for start in sorted(reads):
        if start in seen:
            continue
        path = _back_to(start, reads)
        if path is not None:
            seen.update(path)
            yield path


def _back_to(start: str, reads: dict[str, list[str]]) -> list[str] | None:
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        current = waiting.popleft()
        for following in reads.get(current, ()):
            if following == start:
                path = [current]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return [*reversed(path), start]
            if following not in came_from:
                came_from[following] = current
                waiting.append(following)
    return None


CHECK = Check("circles", Words("规则有没有循环引用", "rules that refer to each other in a circle"), _find)
