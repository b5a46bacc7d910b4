"""All monitors of a place, read and checked once: types of records, tables, and monitors whose every name is resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path

from minzheng_rules.language.reading import Mapping, Reader, Text, raise_problems
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite
from minzheng_rules.language.types import DAY, Quantity
from minzheng_rules.monitor.declarations import Aggregate, Field, MonitorText, PatternText, RecordType
from minzheng_rules.monitor.expressions import MIRRORED, Comparison, Expr, Expressions, Resolved, Scope, UnresolvedError
from minzheng_rules.monitor.plan import MOST_MONITORS, MOST_PATTERNS
from minzheng_rules.monitor.reading import MonitorReader
from minzheng_rules.problems import Place, Problem, Words, nearest
from minzheng_rules.rulebook.loading import MONITORS, shipped_folder
from minzheng_rules.rulebook.rulebook import Rulebook


class JoinOf(Record):
    """A comparison with another record: this pattern's side, and the other's."""

    own: Expr
    operator: str
    alias: str
    other: Expr


class AggregateOf(Record):
    """An aggregate with its expressions resolved."""

    text: Aggregate
    limit: Expr
    within: Expr | None
    broken_by: tuple[Resolved, ...]


class PatternOf(Record):
    """A pattern with its expressions resolved."""

    alias: str
    type: RecordType
    derived: bool
    """Whether it looks for a fact that another monitor gives."""
    singles: tuple[Resolved, ...]
    joins: tuple[JoinOf, ...]
    aggregate: AggregateOf | None
    clocked: tuple[tuple[str, Expr], ...] = ()
    """Of a derived fact: comparisons of the day with one of its fields: operator, with the day on its left, and field."""


class Given(Record):
    """A field of the fact a monitor gives."""

    field: Field
    alias: str
    expr: Expr


class Monitor(Record):
    """A monitor, checked and resolved."""

    text: MonitorText
    patterns: tuple[PatternOf, ...]
    absent: PatternOf | None
    each: tuple[tuple[str, str], ...]
    """What says which warning it is: aliases, with a field or with none."""
    gives: tuple[Given, ...]
    due: tuple[str, Expr] | None
    parameters: frozenset[str]

    @property
    def id(self) -> str:
        """Its id."""
        return self.text.id

    @property
    def words(self) -> Words:
        """Its names."""
        return self.text.words

    @property
    def every_pattern(self) -> tuple[PatternOf, ...]:
        """All patterns, the absent one last."""
        return (*self.patterns, *([self.absent] if self.absent is not None else []))


class MonitorBook:
    """The monitors of a place, with the rulebook whose figures and articles they use.

    >>> book = MonitorBook.load()
    >>> book.types["death"].term
    '死亡登记'
    """

    def __init__(self, rulebook: Rulebook, types: dict[str, RecordType], monitors: tuple[Monitor, ...]) -> None:
        self.rulebook, self.types, self.monitors = rulebook, types, monitors

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        place: str | None = None,
        overlays: Sequence[str | Path | AnyMapping[str, object]] = (),
        accept: Iterable[str] = (),
        extra: Sequence[Path] = (),
        rulebook: Rulebook | None = None,
    ) -> MonitorBook:
        """Read the monitors of a rulebook's folder; without ``path``, those that ship with the library.

        ``extra`` are further monitor files, for trying a new monitor over the past. Raises
        :class:`~minzheng_rules.problems.RulebookProblems` with everything that is wrong.
        """
        folder = Path(path) if path is not None else shipped_folder()
        if rulebook is None:
            rulebook = Rulebook.load(path, place=place, overlays=overlays, accept=accept)
        reader = Reader()
        files = [(layer.id, file) for layer in rulebook.layers for file in _files(folder / "rules" / layer.id)]
        trees = [(layer, reader.read(file, str(file.relative_to(folder)))) for layer, file in files]
        trees += [(rulebook.layers[-1].id, reader.read(file, file.name)) for file in extra]
        book = cls.of([(layer, tree) for layer, tree in trees if tree is not None], rulebook, reader.problems)
        raise_problems(reader.problems)
        return book

    @classmethod
    def of(cls, trees: Sequence[tuple[str, Mapping]], rulebook: Rulebook, problems: list[Problem]) -> MonitorBook:
        """Monitors from trees that were read already; what is wrong is added to ``problems``."""
        reader = MonitorReader(problems, dict(rulebook.names.enumerations), rulebook.vocabulary)
        for _, tree in trees:
            reader.read_vocabulary(tree)
        for layer, tree in trees:
            reader.read_monitors(tree, layer)
        _check_findings(reader, rulebook, problems)
        monitors = _Resolution(reader, rulebook, problems).resolve()
        types = {type_.id: type_ for type_ in reader.types.values()}
        return cls(rulebook, types, monitors)

    def names_of_finding(self, name: str) -> frozenset[str]:
        """The names under which a case may state a finding: the rule's id and term."""
        for versions in self.rulebook.definitions.values():
            for definition in versions:
                names = frozenset({definition.declaration.id, definition.declaration.term})
                if name in names:
                    return names
        return frozenset({name})

    def type(self, name: str) -> RecordType | None:
        """The type of record of that id or term."""
        return next((t for t in self.types.values() if name in (t.id, t.term) and t.rows is None), None)


def _check_findings(reader: MonitorReader, rulebook: Rulebook, problems: list[Problem]) -> None:
    """Report findings to be made anew that no rule is called."""
    terms = {
        n
        for versions in rulebook.definitions.values()
        for d in versions
        for n in (d.declaration.term, d.declaration.id)
    }
    for type_ in {t.id: t for t in reader.types.values()}.values():
        for change in type_.changes:
            if change.action == "forget" and change.fact not in terms:
                near = nearest(change.fact, terms)
                step = Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None
                what = Words(f"没有“{change.fact}”这条规则", f"there is no rule `{change.fact}`")
                problems.append(Problem("monitor.changes", what, type_.place, step))


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.yaml") if MONITORS in p.relative_to(folder).parts[:-1])


@dataclass
class _Resolution:
    reader: MonitorReader
    rulebook: Rulebook
    problems: list[Problem]
    derived: dict[str, RecordType] = field(default_factory=dict)
    """What monitors give, by id and by term."""

    def resolve(self) -> tuple[Monitor, ...]:
        """All monitors that make sense, each after those whose facts it reads."""
        texts = self._without_doubles()
        names = self.rulebook.names
        self._parameters = {
            **names.parameters,
            **{term: names.parameters[id] for term, id in names.parameters_by_term.items()},
        }
        done: list[Monitor] = []
        for text in self._ordered(texts):
            try:
                monitor = self._monitor(text)
            except UnresolvedError as error:
                self.problems.append(error.problem)
                monitor = None
            if monitor is not None:
                self._check(monitor)
                done.append(monitor)
                if monitor.gives:
                    given = RecordType(
                        monitor.id,
                        monitor.text.term,
                        (),
                        "household",
                        tuple(g.field for g in monitor.gives),
                        text.place,
                        rows=(),
                    )
                    self.derived[monitor.id] = self.derived[monitor.text.term] = given
        if len(done) > MOST_MONITORS:
            place = done[MOST_MONITORS].text.place
            what = Words(f"监测规则超过 {MOST_MONITORS} 条", f"there are more than {MOST_MONITORS} monitors")
            self._add(
                "monitor.too-many", what, place, Words("请分成几部规则手册", "divide them among several rulebooks")
            )
        return tuple(done)

    def _without_doubles(self) -> list[MonitorText]:
        found: dict[str, MonitorText] = {}
        for text in self.reader.monitors:
            self.rulebook.sources.check(self._cites(text), self.problems)
            taken = next((t for t in found.values() if {t.id, t.term} & {text.id, text.term}), None)
            named = self.reader.types.get(text.id) or self.reader.types.get(text.term)
            if taken is not None or named is not None:
                what = Words(
                    f"“{text.term}”（{text.id}）这个名称已经用过", f"the name `{text.id}` ({text.term}) is taken"
                )
                step = Words(
                    "请另起名称；要改上一层的规则，另起名称并写 replaces",
                    "give it another name; to change a rule of the layer above, give it a name of its own and write `replaces`",
                )
                self._add("monitor.same-name", what, text.place, step)
            else:
                found[text.id] = text
        for text in found.values():
            target = text.replaces
            if target is not None and all(target.value not in (t.id, t.term) for t in found.values()):
                self._unknown(
                    target,
                    [n for t in found.values() for n in (t.id, t.term)],
                    "monitor.replaces",
                    Words(f"没有“{target.value}”这条监测规则", f"there is no monitor `{target.value}`"),
                )
        return list(found.values())

    def _cites(self, text: MonitorText) -> tuple[Cite, ...]:
        return (*text.cites, *text.due_cites, *(cite for step in text.steps for cite in step.cites))

    def _ordered(self, texts: list[MonitorText]) -> list[MonitorText]:
        """Each monitor after those whose facts it reads; a circle is reported and left out."""
        by_name = {name: text for text in texts for name in (text.id, text.term)}
        ordered: list[MonitorText] = []
        path: list[str] = []
        failed: set[str] = set()

        def visit(text: MonitorText) -> None:
            if text in ordered or text.id in failed:
                return
            if text.id in path:
                around = " → ".join(by_name[id].term for id in [*path[path.index(text.id) :], text.id])
                self._add(
                    "monitor.circle",
                    Words(f"推导成圈：{around}", f"the monitors rest on each other in a circle: {around}"),
                    text.place,
                    Words(
                        "请让其中一条直接读部门的记录，不读另一条推出的事实",
                        "let one of them read departments' records, not the other's fact",
                    ),
                )
                failed.update(path[path.index(text.id) :])
                return
            path.append(text.id)
            for pattern in text.when:
                below = by_name.get(pattern.type.value)
                if below is not None and pattern.type.value not in self.reader.types:
                    visit(below)
            path.pop()
            if text.id not in failed:
                ordered.append(text)

        for text in texts:
            visit(text)
        return ordered

    # -- one monitor ---------------------------------------------------------------------------------------------

    def _monitor(self, text: MonitorText) -> Monitor | None:
        types: dict[str, tuple[RecordType, bool]] = {}
        for pattern in (*text.when, *([text.absent] if text.absent is not None else [])):
            found = self._type(pattern)
            if found is None:
                return None
            types[pattern.alias] = found
        before = len(self.problems)
        absent = None
        if text.absent is not None:
            if types[text.absent.alias][1]:
                self._add(
                    "monitor.absent",
                    Words(
                        "缺失的只能是部门的记录，不能是推出的事实",
                        "only a department's record can be absent, not a fact that follows from others",
                    ),
                    text.absent.place,
                    Words(
                        "请写出那条规则所看的记录；一条装不下的，拆成几条",
                        "name the records that monitor looks at; split what does not fit into one",
                    ),
                )
                return None
            absent = self._pattern(text.absent, types, [p.alias for p in text.when])
        patterns = []
        for place, pattern in enumerate(text.when):
            patterns.append(self._pattern(pattern, types, [p.alias for p in text.when[:place]]))
        if text.flawed or len(self.problems) > before:
            return None
        scope = Scope(
            "", {alias: t.every_field() for alias, (t, _) in types.items()}, self._parameters, self.reader.enumerations
        )
        each = self._each(text, types)
        due = self._due(text, types, scope)
        parameters = {id for p in (*patterns, *([absent] if absent is not None else [])) for id in _parameters(p)}
        gives = tuple(self._gives(text, each, scope))
        parameters |= {id for g in gives for id in g.expr.parameters} | (
            due[1].parameters if due is not None else set()
        )
        return Monitor(text, tuple(patterns), absent, each, gives, due, frozenset(parameters))

    def _type(self, pattern: PatternText) -> tuple[RecordType, bool] | None:
        name = pattern.type.value
        if name in self.reader.types:
            return self.reader.types[name], False
        if name in self.derived:
            return self.derived[name], True
        given = next((m for m in self.reader.monitors if name in (m.id, m.term)), None)
        if given is not None and not given.gives:
            what = Words(f"“{name}”这条监测规则没有推出事实", f"the monitor `{name}` gives no fact")
            self._add(
                "monitor.no-fact",
                what,
                pattern.type.place(),
                Words(
                    "请在那条规则里写 gives，例如 gives: {person: 死亡.人员}",
                    "write `gives` there, as in gives: {person: died.person}",
                ),
            )
        elif given is None:
            self._unknown(
                pattern.type,
                [*self.reader.types, *self.derived],
                "monitor.record",
                Words(f"没有“{name}”这种记录", f"there is no type of record `{name}`"),
            )
        return None

    def _pattern(self, text: PatternText, types: dict[str, tuple[RecordType, bool]], earlier: list[str]) -> PatternOf:
        type_, derived = types[text.alias]
        visible = {alias: types[alias][0].every_field() for alias in (*earlier, text.alias)}
        expressions = Expressions(Scope(text.alias, visible, self._parameters, self.reader.enumerations))
        singles: list[Resolved] = []
        joins: list[JoinOf] = []
        clocked: list[tuple[str, Expr]] = []
        for written in text.where:
            try:
                for condition in expressions.conditions(written):
                    self._sort(condition, text, types, singles, joins, clocked)
            except UnresolvedError as error:
                self.problems.append(error.problem)
        aggregate = None
        if text.aggregate is not None:
            try:
                aggregate = self._aggregate(text.aggregate, type_, derived, text)
            except UnresolvedError as error:
                self.problems.append(error.problem)
        return PatternOf(text.alias, type_, derived, tuple(singles), tuple(joins), aggregate, tuple(clocked))

    def _sort(
        self,
        condition: Resolved,
        text: PatternText,
        types: dict[str, tuple[RecordType, bool]],
        singles: list[Resolved],
        joins: list[JoinOf],
        clocked: list[tuple[str, Expr]],
    ) -> None:
        """Put a condition where it belongs: on the record itself, between two records, or between a fact and the day."""
        derived = types[text.alias][1]
        if condition.expr is None:
            assert condition.comparison is not None
            self._join(condition.comparison, condition.text, text, types, joins)
            return
        if condition.expr.aliases - {text.alias}:
            other = next(iter(condition.expr.aliases))
            self._add(
                "monitor.elsewhere",
                Words(f"这个条件只说到“{other}”", f"this condition speaks of `{other}` only"),
                condition.text.place(),
                Words(f"请写到“{other}”的 where 下", f"write it under the `where` of `{other}`"),
            )
            return
        if not derived:
            singles.append(condition)
            return
        comparison = condition.comparison
        if comparison is not None and (comparison.left.as_of or comparison.right.as_of):
            first = comparison.left.as_of
            side = comparison.right if first else comparison.left
            if side.field:
                clocked.append((comparison.operator if first else MIRRORED[comparison.operator], side))
                return
        plain = comparison is not None and any(
            one.field and other.constant
            for one, other in ((comparison.left, comparison.right), (comparison.right, comparison.left))
        )
        if plain or (condition.expr.field and not condition.expr.as_of):
            singles.append(condition)
            return
        self._compute_before(condition.text)

    def _join(
        self,
        comparison: Comparison,
        written: Text,
        text: PatternText,
        types: dict[str, tuple[RecordType, bool]],
        joins: list[JoinOf],
    ) -> None:
        left, right, sign = comparison.left, comparison.right, comparison.operator
        if right.aliases == {text.alias}:
            left, right, sign = right, left, MIRRORED[sign]
        if left.aliases != {text.alias} or len(right.aliases) != 1 or left.as_of or right.as_of:
            self._add(
                "monitor.two-records",
                Words(
                    f"这里应把“{text.alias}”的一项与另一条记录的一项比较",
                    f"this should compare a field of `{text.alias}` with one of another record",
                ),
                written.place(),
                Words(
                    "与别的两条记录有关的条件，写在其中排在后面的一条下",
                    "a condition on two other records belongs under the later of them",
                ),
            )
            return
        (other,) = right.aliases
        for side, alias in ((left, text.alias), (right, other)):
            if types[alias][1] and not side.field:
                self._compute_before(written)
                return
        joins.append(JoinOf(left, sign, other, right))

    def _compute_before(self, written: Text) -> None:
        self._add(
            "monitor.computed-fact",
            Words(
                "推出的事实只能按它的各项直接比较，不能再计算",
                "a fact that follows from others can only be compared by its fields as they are",
            ),
            written.place(),
            Words(
                "请在推出它的那条规则的 gives 里算好，作为它的一项",
                "compute it in `gives` of the monitor that gives the fact, as a field of it",
            ),
        )

    def _aggregate(self, text: Aggregate, type_: RecordType, derived: bool, pattern: PatternText) -> AggregateOf:
        if derived or type_.rows is not None:
            problem = Problem(
                "monitor.aggregate",
                Words(
                    "只能数部门的记录，不能数推出的事实",
                    "only departments' records can be counted, not facts that follow",
                ),
                pattern.place,
                Words("请在推出它的那条规则里数", "count in the monitor that gives the fact"),
            )
            raise UnresolvedError(problem)
        expressions = Expressions(Scope("", {}, self._parameters, self.reader.enumerations))
        limit = expressions.value(text.limit)
        within = expressions.value(text.within) if text.within is not None else None
        of = type_.field(text.of) if text.of else None
        money = of is not None and isinstance(of.type, Quantity) and of.type.unit is not None and of.type.unit.is_money
        if text.of and (of is None or not isinstance(of.type, Quantity)):
            what = Words(f"{type_.term}没有“{text.of}”这一项数目", f"`{type_.id}` has no quantity `{text.of}`")
            raise UnresolvedError(Problem("monitor.aggregate", what, pattern.place, None))
        unit = limit.type.unit if isinstance(limit.type, Quantity) else None
        if not isinstance(limit.type, Quantity) or not limit.constant or (unit is not None and unit.is_money != money):
            what = Words("界限应是同一单位的参数", "the limit should be a parameter of the same unit")
            raise UnresolvedError(Problem("monitor.aggregate", what, text.limit.place(), None))
        if within is not None and (
            not isinstance(within.type, Quantity)
            or within.type.unit is None
            or str(within.type.unit) not in ("month", "day", "year")
        ):
            assert text.within is not None
            what = Words("within 应是以月、年或日计的参数", "`within` should be a parameter in months, years or days")
            raise UnresolvedError(Problem("monitor.aggregate", what, text.within.place(), None))
        broken_by: tuple[Resolved, ...] = ()
        if text.broken_by is not None:
            own = Expressions(
                Scope(pattern.alias, {pattern.alias: type_.every_field()}, self._parameters, self.reader.enumerations)
            )
            broken_by = tuple(own.conditions(text.broken_by))
        return AggregateOf(text.replaced(of=of.id if of is not None else ""), limit, within, broken_by)

    def _each(self, text: MonitorText, types: dict[str, tuple[RecordType, bool]]) -> tuple[tuple[str, str], ...]:
        positive = [p.alias for p in text.when]
        if text.each is None:
            return tuple((alias, "") for alias in positive if types[alias][0].rows is None or types[alias][1])
        found = []
        for written in text.each:
            if written.value in ("household", "户"):
                continue
            alias, _, name = written.value.partition(".")
            field_ = types[alias][0].field(name) if alias in positive and name else None
            if alias not in positive or (name and field_ is None):
                self._unknown(
                    written,
                    positive,
                    "monitor.each",
                    Words(
                        f"each 里的“{written.value}”不是 when 里的记录，也不是其中一项",
                        f"`{written.value}` is no record of `when`, and no field of one",
                    ),
                )
                continue
            found.append((alias, field_.id if field_ is not None else ""))
        return tuple(found)

    def _gives(self, text: MonitorText, each: tuple[tuple[str, str], ...], scope: Scope) -> Iterable[Given]:
        expressions = Expressions(scope)
        for key, written in text.gives:
            try:
                expr = expressions.value(written)
            except UnresolvedError as error:
                self.problems.append(error.problem)
                continue
            alias = next(iter(expr.aliases), "")
            if not alias or expr.as_of or not ({(alias, ""), (alias, expr.field)} & set(each)):
                self._add(
                    "monitor.gives",
                    Words(
                        f"“{key.value}”应取自 each 里的记录，不能取自基准日",
                        f"`{key.value}` should come from a record named in `each`, and not from the day",
                    ),
                    written.place(),
                    Words(
                        "一个事实由 each 决定，别的记录可能有几条",
                        "what a fact is depends on `each`; of other records there may be several",
                    ),
                )
                continue
            source = next((f for f in scope.fields[alias] if f.id == expr.field), None)
            same = source is not None and key.value in (source.id, source.term)
            if not same:
                self.reader._rules.check_id(key)
            yield Given(
                Field(source.id, source.term, expr.type) if same and source else Field(key.value, key.value, expr.type),
                alias,
                expr,
            )

    def _due(
        self, text: MonitorText, types: dict[str, tuple[RecordType, bool]], scope: Scope
    ) -> tuple[str, Expr] | None:
        if text.due is None:
            return None
        expr = Expressions(scope).value(text.due)
        alias = next(iter(expr.aliases), "")
        if expr.type != DAY or not alias or types[alias][1] or expr.as_of:
            self._add(
                "monitor.due",
                Words(
                    "期限应是由一条部门记录算出的日期",
                    "a deadline should be a date reckoned from a department's record",
                ),
                text.due.place(),
                Words(
                    "写作 due: {by: 死亡.日期 + 死亡核查期限, cite: M83#1(3)}",
                    "write `due: {by: died.date + review_term, cite: M83#1(3)}`",
                ),
            )
            return None
        return alias, expr

    def _check(self, monitor: Monitor) -> None:
        clock = monitor.absent is not None or any(p.clocked for p in monitor.patterns)
        count = len(monitor.every_pattern) + clock
        if count > MOST_PATTERNS:
            self._add(
                "monitor.too-long",
                Words(
                    f"“{monitor.text.term}”要看 {count} 种记录，最多 {MOST_PATTERNS} 种",
                    f"`{monitor.id}` looks for {count} records; {MOST_PATTERNS} is the most",
                ),
                monitor.text.place,
                Words(
                    "请拆成两条：前一条用 gives 推出一个事实，后一条从它接着看",
                    "split it in two: let the first give a fact, and the second go on from it",
                ),
            )

    def _unknown(self, named: Text, known: Iterable[str], code: str, what: Words) -> None:
        near = nearest(named.value, known)
        self._add(
            code, what, named.place(), Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None
        )

    def _add(self, code: str, what: Words, place: Place, step: Words | None) -> None:
        self.problems.append(Problem(code, what, place, step))


def _parameters(pattern: PatternOf) -> set[str]:
    found: set[str] = set()
    for condition in pattern.singles:
        if condition.expr is not None:
            found |= condition.expr.parameters
    for join in pattern.joins:
        found |= join.own.parameters | join.other.parameters
    if pattern.aggregate is not None:
        for condition in pattern.aggregate.broken_by:
            found |= condition.expr.parameters if condition.expr is not None else set()
        found |= pattern.aggregate.limit.parameters
        found |= pattern.aggregate.within.parameters if pattern.aggregate.within is not None else set()
    return found
