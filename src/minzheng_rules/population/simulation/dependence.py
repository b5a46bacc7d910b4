"""What depends on what: which programs a change can reach at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from minzheng_rules.language import ir
from minzheng_rules.rulebook.definitions import Definition, Stack, TableParameter
from minzheng_rules.rulebook.rulebook import Program, Rulebook
from minzheng_rules.rulebook.ruleset import Effective, RuleSet


def reached(rulebook: Rulebook, day: dt.date, parameters: Iterable[str], rules: Iterable[str] = ()) -> frozenset[str]:
    """The programs whose answers on a day may rest on some of the parameters (by id) or rules (by key).

    Nobody's answer in any other program can change when only these do.

    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> sorted(reached(book, dt.date(2025, 6, 1), ["childcare_age"]))
    ['childcare']
    """
    ruleset = rulebook.on(day)
    wanted_parameters, wanted_rules = frozenset(parameters), frozenset(rules)
    touched: dict[str, bool] = {}

    def depends(key: str) -> bool:
        if key not in ruleset.rules:
            return False
        if key not in touched:
            touched[key] = False  # rules have no circles; a rule that asks itself of another person adds nothing
            rule = ruleset.rules[key]
            touched[key] = (
                key in wanted_rules
                or not wanted_parameters.isdisjoint(_parameters(ruleset, rule))
                or any(depends(other) for other in _reads(ruleset, key, rule))
            )
        return touched[key]

    return frozenset(program.id for program in rulebook.programs if any(depends(key) for key in keys_of(program)))


def parameters_of(rulebook: Rulebook, day: dt.date, programs: Iterable[str]) -> frozenset[str]:
    """The parameters, by id, that the answers of some programs may rest on on a day."""
    ruleset = rulebook.on(day)
    waiting = [key for name in programs for key in keys_of(rulebook.program(name))]
    seen: set[str] = set()
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in seen or key not in ruleset.rules:
            continue
        seen.add(key)
        rule = ruleset.rules[key]
        found |= _parameters(ruleset, rule)
        waiting += _reads(ruleset, key, rule)
    return frozenset(found)


def keys_of(program: Program) -> Iterator[str]:
    """The rules that answer for a program."""
    named = (program.eligible, program.applies, program.payable_from)
    yield from (key for key in named if key is not None)
    yield from (key for _, key, _ in program.every_amount())
    yield from (key for _, key in program.results)


def _reads(ruleset: RuleSet, key: str, rule: Effective) -> set[str]:
    found = ruleset.reads(key)
    for stack in rule.stacks:
        if stack.amount is not None:
            found.add(stack.amount.key)
    if rule.delegation is not None:
        found.update(rule.delegation.reads())
    return found


def _parameters(ruleset: RuleSet, rule: Effective) -> set[str]:
    """The parameters a rule itself looks at."""
    definitions: list[Definition] = [rule.definition, *rule.exceptions]
    definitions += [ruleset.rules[key].definition for key in rule.additions]
    found = {definition.rounding for definition in definitions if definition.rounding is not None}
    found |= {d.body.parameter for d in definitions if isinstance(d.body, TableParameter)}
    for expression in _expressions(definitions, rule.stacks):
        for part in expression.walk():
            if isinstance(part, ir.ParameterAt | ir.TableRows):
                found.add(part.name)
    return found


def _expressions(definitions: Iterable[Definition], stacks: Iterable[Stack]) -> Iterator[ir.Expression]:
    for definition in definitions:
        yield from definition.expressions()
    yield from (stack.condition for stack in stacks if stack.condition is not None)
