"""Rules in sentences: a program as it stands on a day, read out with its citations and the figures in force.

This is what a clerk checks against the official text, and what ``minzheng show`` and ``minzheng uses`` print.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from minzheng_rules.evaluator.printing import benefit_words, expression_text, value_text
from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Formula,
    Group,
    Sum,
    Table,
    TableParameter,
)
from minzheng_rules.rulebook.parameters import Key, Parameter
from minzheng_rules.rulebook.rulebook import Program, Rulebook
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.trail.building.citations import citation
from minzheng_rules.trail.citing import cite_all
from minzheng_rules.trail.wording import AMOUNT_KINDS, LEVELS, STATUSES, look_up

_INDENT = "  "


def show(rulebook: Rulebook, program: str, day: dt.date, lang: str = "zh") -> str:
    """A program's rules in force on a day, in readable Chinese or English.

    ``program`` is an id or a Chinese term. Each rule is given with its citations; below stand the parameters it uses with
    their values on that day, who may set them and how they are known.

    >>> import datetime as dt
    >>> from minzheng_rules import Rulebook
    >>> print(show(Rulebook.load(), "dibao", dt.date(2025, 6, 1)).splitlines()[0])
    最低生活保障（dibao），2025-06-01
    """
    return "\n".join(_Reader(rulebook, day, lang).program(rulebook.programs_named(program)))


class Use(Record):
    """One place where a name is defined or read."""

    how: str
    """``defined``, ``read``, ``replaced``, ``filled``, ``added``, ``excepted``, ``answer`` or ``value``."""
    by: str
    """The rule, program or layer, in the id form ``kind.id``."""
    term: str
    file: str
    line: int


def uses(rulebook: Rulebook, name: str) -> tuple[Use, ...]:
    """Where a term is defined and where it is read: a rule, a parameter or a fact, by English id or Chinese term.

    Empty where nothing of that name exists.
    """
    return tuple(sorted(_uses(rulebook, name), key=lambda use: (use.how != "defined", use.file, use.line)))


_LINKS = {"replaces": "replaced", "fills": "filled", "adds_to": "added", "exception_to": "excepted"}


def _uses(rulebook: Rulebook, name: str) -> Iterator[Use]:
    keys = {
        d.key
        for versions in rulebook.definitions.values()
        for d in versions
        if name in (d.declaration.id, d.declaration.term)
    }
    parameters = {p.id for p in rulebook.parameters.values() if name in (p.id, p.term)}
    for versions in rulebook.definitions.values():
        for definition in versions:
            declared = definition.declaration
            at = (declared.key, declared.term, declared.place.file, declared.place.line)
            if definition.key in keys:
                yield Use("defined", *at)
            if definition.target in keys:
                yield Use(_LINKS[declared.link], *at)
            if definition.key not in keys and _reads(definition, name, keys, parameters):
                yield Use("read", *at)
    for parameter in (rulebook.parameters[id] for id in parameters):
        yield Use("defined", parameter.id, parameter.term, parameter.place.file, parameter.place.line)
        for figures in parameter.figures.values():
            for figure in figures:
                yield Use("value", figure.layer, str(figure.since), figure.place.file, figure.place.line)
    for program in rulebook.programs:
        answers = [program.eligible, program.applies, program.payable_from]
        answers += [key for _, key in program.results] + [key for _, key, _ in program.every_amount()]
        if keys & {key for key in answers if key}:
            yield Use("answer", program.id, program.term.zh, "", 0)


def _reads(definition: Definition, name: str, keys: set[str], parameters: set[str]) -> bool:
    if definition.rounding in parameters:
        return True
    for expression in definition.expressions():
        for part in expression.walk():
            if isinstance(part, ir.RuleOf) and part.key in keys:
                return True
            if isinstance(part, ir.ParameterAt | ir.TableRows) and part.name in parameters:
                return True
            if isinstance(part, ir.FactOf) and name in (part.fact.id, part.fact.term):
                return True
    return isinstance(definition.body, TableParameter) and definition.body.parameter in parameters


class _Reader:
    """Reads out rules as they stand on one day, in one language."""

    def __init__(self, rulebook: Rulebook, day: dt.date, lang: str) -> None:
        self.rulebook, self.day, self.lang = rulebook, day, lang
        self.rules, self.names = rulebook.on(day), rulebook.names
        self.layers = {layer.id: layer for layer in rulebook.layers}

    def say(self, zh: str, en: str) -> str:
        """The words of the language in use."""
        return en if self.lang == "en" else zh

    def program(self, programs: Sequence[Program]) -> Iterator[str]:
        """A whole program: its answers, one or several, its rules, what it leaves out, its figures."""
        name = programs[0].id.partition(".")[0]
        if len(programs) == 1:
            id, called = programs[0].id, programs[0].term
        else:
            id, whole = name, programs[0].term
            called = Words(whole.zh.partition("·")[0], whole.en.partition(": ")[0])
        yield self.say(f"{called.zh}（{id}），{self.day}", f"{called.en} ({called.zh}), {self.day}")
        for program in programs:
            if len(programs) > 1:
                yield ""
                yield self.say(f"{program.term.zh}（{program.id}）", f"{program.term.en} ({program.term.zh})")
            yield from self._answers(program)
        own = [e for e in self.rules.rules.values() if e.original.declaration.program == name]
        kind = ""
        for effective in own:
            declared = effective.original.declaration
            if (
                declared.link in ("replaces", "fills")
                and effective.definition is effective.original
                and declared.target
            ):
                continue  # read out where it takes effect
            if declared.kind != kind:
                kind = declared.kind
                term = self.rulebook.vocabulary.kinds[kind].term
                yield ""
                yield self.say(f"—— 每个{term} ——", f"—— each {kind.replace('_', ' ')} ——")
            yield ""
            yield from self.rule(effective)
        left_out = [entry for entry in self.rulebook.not_encoded if entry.program == name]
        if left_out:
            yield ""
            yield self.say("没有写成规则的", "Left out on purpose")
            for entry in left_out:
                yield f"{_INDENT}- {self.cited(entry.cites)}：{entry.why}"
        yield from self._figures(own)

    def _answers(self, program: Program) -> Iterator[str]:
        answers = [
            (self.say("资格", "eligibility"), program.eligible),
            (self.say("适用", "applies"), program.applies),
            *((look_up(AMOUNT_KINDS, kind, self.lang), key) for _, key, kind in program.every_amount()),
            *((self.say("结果", "result"), key) for _, key in program.results),
            (self.say("起发", "payable from"), program.payable_from),
        ]
        for what, key in answers:
            if key is not None:
                yield f"{_INDENT}{what}{self.say('：', ': ')}{self.name_of(key)}"

    # -- rules ---------------------------------------------------------------------------------------------------

    def rule(self, effective: Effective) -> Iterator[str]:
        """One rule with its citation, body, exceptions and who may change it."""
        definition, original = effective.definition, effective.original
        declared = definition.declaration
        title = original.declaration.term if self.lang == "zh" else original.declaration.id.replace("_", " ")
        unit = definition.type.unit if isinstance(definition.type, Quantity) else None
        measured = unit.say(self.lang, without=self.names.dimension(declared.kind)) if unit is not None else ""
        yield f"{title}{self.bracketed(measured)}  {self.cited(declared.cites)}{self.status(declared.status)}"
        if definition is not original:
            layer = self.layers[declared.layer].term.say(self.lang)
            yield _INDENT + self.say(
                f"由{layer}的“{declared.term}”代替", f"replaced in {layer} by {declared.id.replace('_', ' ')}"
            )
        if declared.link == "exception_to":
            yield _INDENT + self.say(
                f"是“{self.name_of(definition.target or '')}”的例外：",
                f"an exception to {self.name_of(definition.target or '')}:",
            )
            if definition.when is not None:
                yield from self.clause(definition.when, 2, self.say("当 ", "when "))
        elif declared.link == "adds_to":
            yield _INDENT + self.say(
                f"增入“{self.name_of(definition.target or '')}”", f"added to {self.name_of(definition.target or '')}"
            )
        if definition.given is not None:
            yield (
                _INDENT
                + self.say("只有 ", "only if ")
                + self.text(definition.given)
                + self.say("，否则为零", ", else nothing")
            )
        yield from self.body(definition)
        yield from self._more(effective)
        if definition.rounding is not None:
            parameter = self.rulebook.parameters[definition.rounding]
            way = value_text(self.rules.reading(definition.rounding).value, parameter.type, self.names, self.lang)
            yield _INDENT + self.say(f"取整：{way}", f"rounded: {way}")
        if declared.note and self.lang == "zh":
            yield f"{_INDENT}注：{declared.note}"

    def body(self, definition: Definition) -> Iterator[str]:
        """What a rule says."""
        body = definition.body
        match body:
            case Formula(expression=expression):
                yield f"{_INDENT}= {self.text(expression)}"
            case Conditions(clause=clause):
                if clause.mode == "one" or clause.clauses:
                    yield from self.clause(clause, 1)
            case Choice(branches=branches):
                for branch in branches:
                    value = self.text(branch.expression)
                    if branch.clause is None:
                        yield _INDENT + self.say(f"其余情形：{value}", f"otherwise: {value}")
                    else:
                        yield _INDENT + self.say("情形：", "case: ") + value
                        yield from self.clause(branch.clause, 2, self.say("当 ", "when "))
            case Table():
                yield from self.table(body)
            case TableParameter():
                yield (
                    _INDENT
                    + self.say("查参数表“", "looked up in the table ")
                    + self.parameter_name(body.parameter)
                    + self.say("”", "")
                )
                table = body.table(self.rules.reading(body.parameter).value)
                if table is not None:
                    yield from self.table(table)
            case Sum(parts=parts):
                for part in parts:
                    yield f"{_INDENT}+ {self.text(part)}"
            case Group(subset=subset):
                yield f"{_INDENT}= {self.text(subset)}"
            case Delegated():
                yield (
                    _INDENT
                    + self.say("留待", "left to ")
                    + self.levels(definition.declaration.delegated_to)
                    + self.say("规定，未见其规定；可由人认定", "; no provision supplied; a person may find it")
                )
        for clause in definition.unless:
            yield from self.clause(clause, 1, self.say("除非 ", "unless "))
        if definition.needs:
            needed = self.say("、", ", ").join(self.text(need) for need in definition.needs)
            yield _INDENT + self.say(f"缺一不可：{needed}", f"all needed: {needed}")

    def table(self, table: Table) -> Iterator[str]:
        """The rows of a decision table."""
        for row in table.rows:
            cells = [self.text(cell) for cell in row.conditions if cell is not None] or [
                self.say("任何情形", "in any case")
            ]
            results = ["?" if cell is None else self.text(cell) for cell in row.outputs]
            yield f"{_INDENT}{self.say(' 且 ', ' and ').join(cells)} → {', '.join(results)}  {self.cited(row.cites)}".rstrip()

    def clause(self, clause: Clause, depth: int, lead: str = "") -> Iterator[str]:
        """A condition, one line for each item."""
        indent = _INDENT * depth
        if clause.mode == "one":
            assert clause.expression is not None
            yield f"{indent}{lead}{self.text(clause.expression)}{self.wording(clause.expression)}  {self.cited(clause.cites)}".rstrip()
            return
        heading = (
            self.say("下列各项都成立", "all of these") if clause.mode == "all" else self.say("下列之一", "any of these")
        )
        yield f"{indent}{lead}{heading}{self.say('：', ':')}  {self.cited(clause.cites)}".rstrip()
        for item in clause.clauses:
            yield from self.clause(item, depth + 1, "- ")

    def _more(self, effective: Effective) -> Iterator[str]:
        """Additions, exceptions, other benefits, and whose list is open."""
        for key in effective.additions:
            yield _INDENT + self.say("并有：", "and also: ") + self.name_of(key)
        for exception in effective.exceptions:
            yield _INDENT + self.say("例外：", "exception: ") + self.name_of(exception.key)
        for stack in effective.stacks:
            other, relation = benefit_words(stack, self.names), _RELATIONS[stack.relation]
            said = self.say(f"与“{other.zh}”：{relation.zh}", f"with {other.en}: {relation.en}")
            yield f"{_INDENT}{said}  {self.cited(stack.cites)}"
        open_to = effective.definition.declaration.open_to
        if open_to and not effective.additions:
            yield (
                _INDENT
                + self.levels(open_to)
                + self.say("可以增列，未见其规定", " may add to this; nothing of theirs has been seen")
            )

    # -- figures -------------------------------------------------------------------------------------------------

    def _figures(self, rules: Iterable[Effective]) -> Iterator[str]:
        """The parameters the rules use, with their values on the day."""
        used: dict[str, None] = {}
        for effective in rules:
            if effective.definition.rounding is not None:
                used[effective.definition.rounding] = None
            for expression in effective.definition.expressions():
                for part in expression.walk():
                    if isinstance(part, ir.ParameterAt):
                        used[part.name] = None
        if used:
            yield ""
            yield self.say("参数", "Parameters")
        for id in used:
            yield from self.parameter(self.rulebook.parameters[id])

    def parameter(self, parameter: Parameter) -> Iterator[str]:
        """A parameter's value on the day, or its cells."""
        name = parameter.term if self.lang == "zh" else parameter.id.replace("_", " ")
        if not parameter.indexes:
            yield f"{_INDENT}{name}{self.say('：', ': ')}{self.cell(parameter, ())}"
            return
        yield f"{_INDENT}{name}{self.say('：', ':')}"
        for key in parameter.figures:
            said = [index.say(part, self.lang) for index, part in zip(parameter.indexes, key, strict=True)]
            yield f"{_INDENT * 2}{self.say('，', ', ').join(said)}{self.say('：', ': ')}{self.cell(parameter, key)}"

    def cell(self, parameter: Parameter, key: Key) -> str:
        """One value with its source and status, or why there is none."""
        reading = self.rules.reading(parameter.id, key)
        if reading.value is None:
            who = self.levels([(level, ()) for level in parameter.setters_on(self.day)])
            reason = reading.reason.say(self.lang) if reading.reason is not None else ""
            return self.say("未知", "unknown") + self.bracketed("；".join(part for part in (reason, who) if part))
        value = value_text(reading.value, parameter.type, self.names, self.lang)
        figure = reading.figure
        if figure is None:
            return value
        return f"{value}  {self.cited(figure.sources) or figure.source_text}{self.status(figure.status)}".rstrip()

    # -- words ---------------------------------------------------------------------------------------------------

    def text(self, expression: ir.Expression) -> str:
        """An expression as it reads."""
        return expression_text(expression, self.names, self.lang)

    def wording(self, expression: ir.Expression) -> str:
        """The text's own word for a comparison."""
        word = expression.wording if isinstance(expression, ir.Compare) else ""
        return self.bracketed(word)

    def cited(self, cites: Iterable[Cite]) -> str:
        """Citations in force on the day."""
        found = [citation(cite, self.rulebook.sources) for cite in self.rules.citations(cites)]
        return cite_all(found, self.lang) if found else ""

    def name_of(self, key: str) -> str:
        """What a rule is called."""
        declared = self.names.declarations.get(key)
        if not declared:
            return key
        return declared[0].term if self.lang == "zh" else declared[0].id.replace("_", " ")

    def parameter_name(self, id: str) -> str:
        """What a parameter is called."""
        return self.rulebook.parameters[id].term if self.lang == "zh" else id.replace("_", " ")

    def levels(self, levels: Iterable[tuple[str, object]]) -> str:
        """Levels of government by name."""
        return self.say("、", ", ").join(look_up(LEVELS, level, self.lang) for level, _ in levels)

    def status(self, status: str) -> str:
        """How a figure or rule is known, where that is weaker than by the text itself."""
        return "" if status in ("verbatim", "") else self.bracketed(look_up(STATUSES, status, self.lang))

    def bracketed(self, text: str) -> str:
        """A remark in brackets, or nothing."""
        return "" if not text else self.say(f"（{text}）", f" ({text})")


_RELATIONS = {
    "excluded": Words("不得重复享受", "not both"),
    "higher": Words("择高享受", "the higher of the two"),
    "top_up": Words("补差", "the difference only"),
    "unknown": Words("能否同时享受没有规定", "whether both can be had is not laid down"),
}
