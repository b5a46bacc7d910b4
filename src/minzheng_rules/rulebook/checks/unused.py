"""Rules, parameters and facts that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from minzheng_rules.language import ir
from minzheng_rules.problems import Place, Problem, Words
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Survey, called, listed, parameter_called, parameters_read
from minzheng_rules.rulebook.loading import SHARED

FOR_REFERENCE = ("供查考", "for reference", "供监测", "for monitoring")
"""What the ``note`` of a parameter says that is kept to be looked up, or for monitors, and that no rule reads."""


def _rules(survey: Survey) -> Iterator[Problem]:
    """Rules from which no answer of any program can be reached."""
    if not survey.rulebook.programs:
        return
    used = _reached(survey)
    for key, versions in survey.rulebook.definitions.items():
        if key not in used:
            name = survey.rule(key)
            yield Problem(
                "rule.unused",
                Words(f"没有哪个项目用得到规则{name.zh}", f"no program makes use of the rule {name.en}"),
                versions[0].declaration.place,
                Words(
                    "请在用到它的地方引用，或写进 decides；不再需要的请删去",
                    "read it where it belongs, or name it in `decides`; if it is no longer needed, remove it",
                ),
                "warning",
            )


def _reached(survey: Survey) -> set[str]:
    """The rules that some program's answers need, on any day."""
    book = survey.rulebook
    waiting: list[str] = []
    for program in book.programs:
        named = [*program.results, *((name, key) for name, key, _ in program.every_amount())]
        keys = (program.eligible, program.applies, program.payable_from, *(key for _, key in named))
        waiting += [key for key in keys if key is not None]
    waiting += [key for expected in book.expected for key in _read([expected.expression])]
    linked: dict[str, list[str]] = {}
    for definition in survey.definitions:
        if definition.target is not None:
            linked.setdefault(definition.target, []).append(definition.key)
    reached: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        reached.add(key)
        waiting += linked.get(key, [])
        for version in book.definitions.get(key, ()):
            waiting += version.reads()
        for stack in book.stacks.get(key, ()):
            waiting += _read(e for e in (stack.condition, stack.amount) if e is not None)
    return reached


def _read(expressions: Iterable[ir.Expression]) -> list[str]:
    return [part.key for e in expressions for part in e.walk() if isinstance(part, ir.RuleOf)]


def _other_expressions(survey: Survey) -> Iterator[ir.Expression]:
    """Expressions that stand outside rules: in stacking tables and checks."""
    for stacks in survey.rulebook.stacks.values():
        for stack in stacks:
            yield from (e for e in (stack.condition, stack.amount) if e is not None)
    for expected in survey.rulebook.expected:
        yield expected.expression


def _parameters(survey: Survey) -> Iterator[Problem]:
    read = {name for definition in survey.definitions for name in survey.parameters_read(definition)}
    read |= {name for name, _ in parameters_read(_other_expressions(survey))}
    for parameter in survey.rulebook.parameters.values():
        if SHARED in Path(parameter.place.file).parts:
            continue  # it may serve another kind of case, which this rulebook was not loaded for
        if parameter.id not in read and not any(word in parameter.note for word in FOR_REFERENCE):
            name = parameter_called(parameter)
            yield Problem(
                "parameter.unused",
                Words(f"没有规则用到参数{name.zh}", f"no rule reads the parameter {name.en}"),
                parameter.place,
                Words(
                    "请在规则里引用它；只供查考的，请在 note 里写明“供查考”",
                    "read it in a rule; if it is kept to be looked up, say `for reference` in its `note`",
                ),
                "warning",
            )


def _facts(survey: Survey) -> Iterator[Problem]:
    """One line for each kind of person or thing: the facts of it that no rule reads."""
    read: set[tuple[str, str]] = set()
    expressions = [e for definition in survey.definitions for e in definition.expressions()]
    for expression in (*expressions, *_other_expressions(survey)):
        for part in expression.walk():
            if isinstance(part, ir.FactOf):
                kind = getattr(part.of.type, "kind", "")
                read |= {(each, part.fact.id) for each in _family(kind, survey)}
    for stacks in survey.rulebook.stacks.values():
        read |= {
            (kind, name) for s in stacks if s.drawn for kind in survey.rulebook.vocabulary.kinds for name in s.drawn
        }
    for kind_ in survey.rulebook.vocabulary.kinds.values():
        unread = [
            fact
            for fact in kind_.facts.values()
            if (kind_.id, fact.id) not in read
            and fact.shape not in ("list", "entity", "ref")
            and not any(fact.id in survey.rulebook.vocabulary.kinds[base].facts for base in kind_.bases)
        ]
        if unread:
            names = listed(called(fact.term, fact.id) for fact in unread)
            yield Problem(
                "fact.unused",
                Words(
                    f"{kind_.term}有 {len(unread)} 项事实没有规则用到：{names.zh}",
                    f"no rule reads {'this fact' if len(unread) == 1 else f'these {len(unread)} facts'} of a {kind_.id}: {names.en}",
                ),
                Place(),
                Words(
                    "若条文用得到它，请在规则里引用；否则不必理会",
                    "if the law turns on it, read it in a rule; otherwise nothing needs doing",
                ),
                "note",
            )


def _family(kind: str, survey: Survey) -> Iterator[str]:
    """A kind, what it is, and what is one of it."""
    for other in survey.rulebook.vocabulary.kinds.values():
        if (
            other.id == kind
            or kind in other.bases
            or (kind and other.id in survey.rulebook.vocabulary.kinds[kind].bases)
        ):
            yield other.id


CHECKS = (
    Check("unused rules", Words("有没有用不到的规则", "rules that no program makes use of"), _rules, whole=True),
    Check("unused parameters", Words("有没有用不到的参数", "parameters that no rule reads"), _parameters, whole=True),
)
FACTS = Check("unused facts", Words("没有规则用到的事实", "facts that no rule reads"), _facts, whole=True)
