"""Reading the files under ``monitors``, in the style of rule files: positions, and all problems collected."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

from minzheng_rules.case.vocabulary import FactType, Vocabulary
from minzheng_rules.language.reading import Listing, Mapping, Text, Tree, known_keys
from minzheng_rules.language.rules import Cite, RuleReader
from minzheng_rules.language.tables import is_table, read_grid
from minzheng_rules.language.types import Enumeration
from minzheng_rules.language.units import UnitError
from minzheng_rules.monitor.declarations import (
    DATE,
    FULL_MONTHS,
    LEVELS,
    PERSON,
    Aggregate,
    Change,
    Field,
    FieldRef,
    MonitorText,
    PatternText,
    RecordType,
    Row,
    Step,
)
from minzheng_rules.monitor.values import UnreadableValue, read_value, type_of
from minzheng_rules.problems import Place, Problem, Words, nearest
from minzheng_rules.rulebook.parameters import read_enums

FILE_KEYS = ("layer", "enums", "records", "tables", "monitors", "note")
RECORD_KEYS = ("term", "source", "about", "fields", "changes", "note")
FIELD_KEYS = ("term", "unit", "type", "optional", "open_ended", "note")
TABLE_KEYS = ("term", "columns", "rows", "note")
MONITOR_KEYS = (
    "term", "term_en", "cite", "level", "from", "until", "when", "absent", "each", "gives", "do", "due", "replaces", "note",
)  # fmt: skip
PATTERN_KEYS = ("record", "where", "count", "sum")
AGGREGATE_KEYS = ("of", "at_least", "over", "within", "by", "broken_by")
STEP_KEYS = ("step", "step_en", "cite")
DUE_KEYS = ("by", "cite")
CHANGE_KEYS = ("set", "add", "replace", "forget", "leave", "of", "to", "with", "when", "where_none")
_TRUTHS = {"true": True, "false": False, "是": True, "否": False}


@dataclass
class MonitorReader:
    """Turns the trees of monitor files into declarations; problems are collected."""

    problems: list[Problem]
    enumerations: dict[str, Enumeration]
    """By English id and by Chinese term; files may add some."""
    vocabulary: Vocabulary
    types: dict[str, RecordType] = field(default_factory=dict)
    """By English id and by Chinese term."""
    monitors: list[MonitorText] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules = RuleReader(self.problems)

    def read_vocabulary(self, tree: Mapping) -> None:
        """Read what one file adds to what can be spoken of: enumerations, record types, tables."""
        known_keys(tree, FILE_KEYS, Words("监测文件", "a monitor file"), self.problems)
        for enumeration in read_enums(tree.get("enums"), self.problems):
            self.enumerations[enumeration.id] = self.enumerations[enumeration.term] = enumeration
        for key, entry in self._entries(tree, "records", _A_RECORD):
            self._declare(self._record_type(key, entry), key)
        for key, entry in self._entries(tree, "tables", _A_TABLE):
            self._declare(self._table(key, entry), key)

    def read_monitors(self, tree: Mapping, layer: str) -> None:
        """Read the monitors of one file."""
        for key, entry in self._entries(tree, "monitors", _A_MONITOR):
            self.monitors.append(self._monitor(key, entry, layer))

    def _entries(self, tree: Mapping, name: str, example: Words) -> Iterable[tuple[Text, Mapping]]:
        block = tree.get(name)
        if block is None:
            return
        if not isinstance(block, Mapping):
            what = Words(f"{name} 下面应是“id: 内容”", f"`{name}` should hold `id: content`")
            self._add("monitor.shape", what, block.place(), example)
            return
        for id in block:
            entry = block.get(id)
            self._rules.check_id(block.keys[id])
            if isinstance(entry, Mapping):
                yield block.keys[id], entry
            else:
                what = Words(f"“{id}”下面应是一组“键: 值”", f"`{id}` should hold a mapping")
                self._add("monitor.shape", what, block.keys[id].place(), example)

    # -- types of records ----------------------------------------------------------------------------------------

    def _declare(self, type_: RecordType, key: Text) -> None:
        for name in (type_.id, type_.term):
            if name in self.types and self.types[name].id != type_.id:
                what = Words(f"“{name}”已是一种记录的名称", f"`{name}` is already the name of a type of record")
                self._add("monitor.same-name", what, key.place(), Words("请另起名称", "give it another name"))
                return
            self.types[name] = type_

    def _record_type(self, key: Text, entry: Mapping) -> RecordType:
        known_keys(entry, RECORD_KEYS, Words("一种记录", "a type of record"), self.problems)
        term = self._term(entry, key)
        sources = tuple(text.value for text in self._rules.texts(entry.entries["source"])) if "source" in entry else ()
        if not sources:
            what = Words(
                f"“{key.value}”没有写 source：由哪个部门提供", f"`{key.value}` does not say which `source` sends it"
            )
            self._add("monitor.source", what, key.place(), _A_RECORD)
        about = self._one_of(entry, "about", ("person", "household"), "person")
        type_ = RecordType(key.value, term, sources, about, self._fields(entry, key), key.place())
        note = self._rules.text(entry, "note")
        return type_.replaced(changes=tuple(self._changes(entry, type_)), note=note.value if note else "")

    def _fields(self, entry: Mapping, of: Text) -> tuple[Field, ...]:
        block = entry.get("fields")
        if block is None:
            return ()
        if not isinstance(block, Mapping):
            self._add(
                "monitor.shape",
                Words("fields 下面应是“id: {term, type}”", "`fields` should hold `id: {term, type}`"),
                block.place(),
                _A_RECORD,
            )
            return ()
        found: list[Field] = []
        for id in block:
            tree, key = block.get(id), block.keys[id]
            self._rules.check_id(key)
            if not isinstance(tree, Mapping):
                self._add(
                    "monitor.shape",
                    Words(f"“{id}”下面应是 term 和 type", f"`{id}` should hold `term` and `type`"),
                    key.place(),
                    _A_RECORD,
                )
                continue
            known_keys(tree, FIELD_KEYS, Words("记录的一项", "a field"), self.problems)
            made = self._field(key, tree)
            taken = [f for f in (DATE, PERSON, *found) if {f.id, f.term} & {made.id, made.term}]
            if taken:
                what = Words(
                    f"“{of.value}”里已有“{made.term}”（{made.id}）",
                    f"`{of.value}` already has `{made.id}` ({made.term})",
                )
                self._add(
                    "monitor.same-name",
                    what,
                    key.place(),
                    Words(
                        "请另起名称；日期和人员每条记录都有，不必再写",
                        "give it another name; every record has a date and a person anyway",
                    ),
                )
                continue
            found.append(made)
        return tuple(found)

    def _field(self, key: Text, tree: Mapping) -> Field:
        unit, named = self._rules.text(tree, "unit"), self._rules.text(tree, "type")
        try:
            type_ = type_of(unit.value if unit else None, named.value if named else None, self.enumerations)
        except UnitError as error:
            assert unit is not None
            self._add("unit.unreadable", error.words, unit.place(), error.step)
            type_ = type_of(None, "text", {})
        if type_ is None:
            assert named is not None
            near = nearest(named.value, ["date", "bool", "text", *self.enumerations])
            step = (
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                if near
                else Words(
                    "可写 date、bool、text，或一种取值的名称", "write date, bool, text, or the name of an enumeration"
                )
            )
            self._add(
                "type.unknown",
                Words(f"没有“{named.value}”这种类型", f"there is no type `{named.value}`"),
                named.place(),
                step,
            )
            type_ = type_of(None, "text", {})
        assert type_ is not None
        return Field(
            key.value, self._term(tree, key), type_, self._flag(tree, "optional"), self._flag(tree, "open_ended")
        )

    def _table(self, key: Text, entry: Mapping) -> RecordType:
        known_keys(entry, TABLE_KEYS, Words("一张表", "a table"), self.problems)
        columns: list[Field] = []
        listed = entry.get("columns")
        for id in listed if isinstance(listed, Mapping) else ():
            tree = listed.get(id) if isinstance(listed, Mapping) else None
            if isinstance(tree, Mapping) and isinstance(listed, Mapping):
                columns.append(self._field(listed.keys[id], tree))
        type_ = RecordType(key.value, self._term(entry, key), (), "household", tuple(columns), key.place(), rows=())
        text = self._rules.text(entry, "rows")
        if text is None or not columns or not is_table(text):
            what = Words(f"“{key.value}”缺少 columns 或 rows", f"`{key.value}` has no `columns` or no `rows`")
            self._add("monitor.table", what, key.place(), _A_TABLE)
            return type_
        return type_.replaced(rows=tuple(self._rows(text, type_)))

    def _rows(self, text: Text, type_: RecordType) -> Iterable[Row]:
        grid = read_grid(text, self.problems)
        if grid is None:
            return
        named = [type_.field(cell.value) for cell in grid.header]
        for cell, column in zip(grid.header, named, strict=True):
            if column is None:
                what = Words(f"表里没有声明“{cell.value}”这一列", f"the table declares no column `{cell.value}`")
                self._add("monitor.table", what, cell.place(), _A_TABLE)
        for cells, notes in zip(grid.rows, grid.notes, strict=True):
            values = []
            for cell, column in zip(cells, named, strict=True):
                if column is None:
                    continue
                try:
                    values.append((column.id, read_value(cell.value, column.type)))
                except UnreadableValue as error:
                    what = Words(f"“{cell.value}”：{error.words.zh}", f"`{cell.value}`: {error.words.en}")
                    self._add("monitor.table", what, cell.place(), None)
            status = notes["status"].value if "status" in notes else "verbatim"
            yield Row(tuple(values), self._rules.cites(notes.get("cite")), status)

    # -- what records change -------------------------------------------------------------------------------------

    def _changes(self, entry: Mapping, type_: RecordType) -> Iterable[Change]:
        listed = entry.get("changes")
        if listed is None:
            return
        for item in listed.items if isinstance(listed, Listing) else ():
            if isinstance(item, Mapping):
                made = self._change(item, type_)
                if made is not None:
                    yield made
        if not isinstance(listed, Listing):
            self._add(
                "monitor.changes",
                Words("changes 应是一个列表", "`changes` should be a list"),
                listed.place(),
                _A_CHANGE,
            )

    def _change(self, item: Mapping, type_: RecordType) -> Change | None:
        known_keys(item, CHANGE_KEYS, Words("一项变动", "a change"), self.problems)
        actions = [action for action in ("set", "add", "replace", "forget", "leave") if action in item]
        of = self._one_of(item, "of", ("person", "household"), type_.about)
        named = self._rules.text(item, actions[0]) if len(actions) == 1 else None
        if named is None:
            what = Words(
                "一项变动写 set、add、replace、forget、leave 之一",
                "a change says one of `set`, `add`, `replace`, `forget` and `leave`",
            )
            self._add("monitor.changes", what, item.place(), _A_CHANGE)
            return None
        if actions[0] == "forget":
            return Change("forget", "household", named.value)
        if actions[0] == "leave":
            return Change("leave", "person", "supporters")
        kind = self.vocabulary.kinds.get("member" if of == "person" else self.vocabulary.root)
        if kind is None:
            what = Words("这部规则手册的个案里没有成员", "the cases of this rulebook have no members")
            self._add("monitor.changes", what, item.place(), Words("写 of: household", "write `of: household`"))
            return None
        fact = self._fact(named, kind.facts, kind.term, kind.id)
        if fact is None:
            return None
        when = self._change_when(item, type_)
        if actions[0] == "set":
            value = self._rules.text(item, "to")
            found = None if value is None else self._changed_value(value, type_, fact)
            none = self._rules.text(item, "where_none")
            before = self._fact(none, kind.facts, kind.term, kind.id) if none is not None else None
            return (
                None
                if found is None
                else Change("set", of, fact.id, (("", found),), when, before.id if before is not None else "")
            )
        made = item.get("with")
        if not isinstance(made, Mapping) or fact.kind is None:
            self._add(
                "monitor.changes",
                Words(
                    "add、replace 的是列表，内容写在 with 下",
                    "`add` and `replace` are of lists; `with` says what is put in",
                ),
                item.place(),
                _A_CHANGE,
            )
            return None
        values: list[tuple[str, object]] = []
        inner = self.vocabulary.kinds[fact.kind]
        for name in made:
            part = self._fact(made.keys[name], inner.facts, inner.term, inner.id)
            text = made.get(name)
            found = self._changed_value(text, type_, part) if part is not None and isinstance(text, Text) else None
            if part is not None and found is not None:
                values.append((part.id, found))
        return Change(actions[0], of, fact.id, tuple(values), when)

    def _change_when(self, item: Mapping, type_: RecordType) -> tuple[str, str | int] | None:
        tree = item.get("when")
        if not isinstance(tree, Mapping):
            return None
        for name in tree:
            column, text = type_.field(name), tree.get(name)
            if column is None or not isinstance(text, Text):
                self._unknown_field(tree.keys[name], type_)
                continue
            try:
                return (column.id, read_value(text.value, column.type))
            except UnreadableValue as error:
                self._add("monitor.changes", error.words, text.place(), None)
        return None

    def _changed_value(self, text: Text, type_: RecordType, fact: FactType) -> object | None:
        """What a fact becomes: a field of the record, or a constant."""
        column = type_.field(text.value)
        if column is not None:
            return FieldRef(column.id)
        if fact.shape == "quantity" and text.value in FULL_MONTHS:
            return FULL_MONTHS[0]
        if fact.shape == "bool" and text.value in _TRUTHS:
            return _TRUTHS[text.value]
        if fact.enum is not None:
            found = next((c for c in fact.enum if text.value in (c.value, c.term)), None)
            if found is not None:
                return str(found.value)
        if fact.shape == "quantity" and text.value.replace(".", "", 1).isdigit():
            return text.value
        what = Words(
            f"“{text.value}”既不是这种记录的一项，也不是“{fact.term}”可以取的值",
            f"`{text.value}` is neither a field of the record nor a value of `{fact.id}`",
        )
        self._add("monitor.changes", what, text.place(), _A_CHANGE)
        return None

    def _fact(self, named: Text, facts: AnyMapping[str, FactType], term: str, kind: str) -> FactType | None:
        for fact in facts.values():
            if named.value in (fact.id, fact.term):
                return fact
        near = nearest(named.value, [name for fact in facts.values() for name in (fact.id, fact.term)])
        self._add(
            "monitor.changes",
            Words(f"{term}没有“{named.value}”这项事实", f"a {kind} has no fact `{named.value}`"),
            named.place(),
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None,
        )
        return None

    # -- monitors ------------------------------------------------------------------------------------------------

    def _monitor(self, key: Text, entry: Mapping, layer: str) -> MonitorText:
        before = len(self.problems)
        known_keys(entry, MONITOR_KEYS, Words("监测规则", "a monitor"), self.problems)
        term = self._term(entry, key)
        english = self._rules.text(entry, "term_en")
        cites = self._rules.cites(entry.get("cite"))
        if not cites:
            what = Words(f"“{term}”没有写依据", f"`{key.value}` cites nothing")
            self._add("monitor.cite", what, key.place(), Words("写作 cite: M83#1(3)", "write `cite: M83#1(3)`"))
        when = entry.get("when")
        patterns = tuple(self._patterns(when, key)) if when is not None else ()
        if not patterns:
            what = Words(
                f"“{term}”没有写 when：要有哪些记录", f"`{key.value}` does not say `when`: which records there must be"
            )
            self._add("monitor.when", what, key.place(), _A_MONITOR)
        absent = self._absent(entry, key, {p.alias for p in patterns})
        start, end = (self._rules.text(entry, name) for name in ("from", "until"))
        note = self._rules.text(entry, "note")
        due, due_cites = self._due(entry)
        steps = tuple(self._steps(entry))
        level = self._rules.text(entry, "level")
        if level is not None and not steps:
            what = Words(f"“{term}”没有写 do：接下来做什么", f"`{key.value}` does not say what to `do` next")
            self._add("monitor.do", what, key.place(), _A_STEP)
        return MonitorText(
            id=key.value,
            term=term,
            term_en=english.value if english else key.value.replace("_", " "),
            layer=layer,
            place=key.place(),
            cites=cites,
            level=self._level(level),
            start=self._rules.date(start) if start else None,
            end=self._rules.date(end) if end else None,
            when=patterns,
            absent=absent,
            each=self._rules.texts(entry.entries["each"]) if "each" in entry else None,
            gives=tuple(self._pairs(entry, "gives")),
            steps=steps,
            due=due,
            due_cites=due_cites,
            replaces=self._rules.text(entry, "replaces"),
            note=note.value if note else "",
            flawed=len(self.problems) > before,
        )

    def _level(self, text: Text | None) -> str:
        if text is None:
            return ""
        if text.value in LEVELS.values():
            return text.value
        if text.value not in LEVELS:
            what = Words(f"“{text.value}”不是预警等级", f"`{text.value}` is not a level of warning")
            self._add("monitor.level", what, text.place(), Words("可写：红、橙、黄", "possible: red, orange, yellow"))
        return LEVELS.get(text.value, "yellow")

    def _patterns(self, when: Tree, key: Text) -> Iterable[PatternText]:
        if not isinstance(when, Mapping):
            what = Words("when 下面应是“名称: {record, where}”", "`when` should hold `name: {record, where}`")
            self._add("monitor.when", what, when.place(), _A_MONITOR)
            return
        for alias in when:
            made = self._pattern(when.keys[alias], when.get(alias), key)
            if made is not None:
                yield made

    def _pattern(self, alias: Text, tree: Tree | None, key: Text) -> PatternText | None:
        if isinstance(tree, Text) and not tree.value:
            return PatternText(alias.value, alias, (), None, alias.place())
        if isinstance(tree, Text):
            return PatternText(alias.value, tree, (), None, alias.place())
        if not isinstance(tree, Mapping):
            what = Words(
                f"“{alias.value}”下面应是 record 和 where", f"`{alias.value}` should hold `record` and `where`"
            )
            self._add("monitor.when", what, alias.place(), _A_MONITOR)
            return None
        self._rules.check_term(alias)
        known_keys(tree, PATTERN_KEYS, Words("要有的一种记录", "a pattern"), self.problems)
        where = self._rules.texts(tree.entries["where"]) if "where" in tree else ()
        aggregates = [name for name in ("count", "sum") if name in tree]
        if len(aggregates) > 1:
            what = Words("count 和 sum 只能写一个", "only one of `count` and `sum` can be written")
            self._add(
                "monitor.aggregate",
                what,
                tree.keys["sum"].place(),
                Words(
                    "另一个写成另一条监测规则，用它推出的事实",
                    "write the other as another monitor, and use the fact it gives",
                ),
            )
        aggregate = self._aggregate(tree, aggregates[0], key) if aggregates else None
        return PatternText(alias.value, self._rules.text(tree, "record") or alias, where, aggregate, alias.place())

    def _aggregate(self, tree: Mapping, name: str, key: Text) -> Aggregate | None:
        block = tree.get(name)
        if not isinstance(block, Mapping):
            self._add(
                "monitor.aggregate",
                Words(f"{name} 下面应是 at_least 和 within", f"`{name}` should hold `at_least` and `within`"),
                tree.keys[name].place(),
                _AN_AGGREGATE,
            )
            return None
        known_keys(block, AGGREGATE_KEYS, Words("计数", "an aggregate"), self.problems)
        of = self._rules.text(block, "of")
        limits = [limit for limit in ("at_least", "over") if limit in block]
        limit = self._rules.text(block, limits[0]) if len(limits) == 1 else None
        if limit is None or (name == "sum") != (of is not None):
            self._add(
                "monitor.aggregate",
                Words(f"“{key.value}”的 {name} 写得不全", f"the `{name}` of `{key.value}` is not complete"),
                tree.keys[name].place(),
                _AN_AGGREGATE,
            )
            return None
        return Aggregate(
            of=of.value if of else "",
            operator=">=" if limits[0] == "at_least" else ">",
            limit=limit,
            within=self._rules.text(block, "within"),
            household=self._one_of(block, "by", ("person", "household"), "person") == "household",
            broken_by=self._rules.text(block, "broken_by"),
        )

    def _absent(self, entry: Mapping, key: Text, aliases: set[str]) -> PatternText | None:
        tree = entry.get("absent")
        if tree is None:
            return None
        patterns = list(self._patterns(tree, key))
        if len(patterns) > 1:
            self._add(
                "monitor.absent",
                Words("一条监测规则只能有一种缺失的记录", "a monitor can ask for the absence of one record only"),
                entry.keys["absent"].place(),
                Words(
                    "请拆成两条：第一条查一种缺失，用 gives 推出一个事实；第二条以这个事实开头，再查另一种缺失",
                    "split it in two: the first looks for one absence and `gives` a fact; the second begins with that fact and looks for the other",
                ),
            )
        for pattern in patterns:
            if pattern.alias in aliases:
                what = Words(f"“{pattern.alias}”在 when 里已经用过", f"`{pattern.alias}` is used in `when` already")
                self._add(
                    "monitor.same-name",
                    what,
                    pattern.place,
                    Words(
                        "请另起名称，用 record 写明是哪种记录", "give it another name, and say with `record` what it is"
                    ),
                )
            if pattern.aggregate is not None:
                self._add(
                    "monitor.absent",
                    Words("缺失的记录不能再计数", "what is absent cannot be counted"),
                    pattern.place,
                    Words(
                        "“少于几次”请写成：查没有第几次；或另立一条数够次数的监测规则",
                        "write another monitor that counts, and act on its fact",
                    ),
                )
        return patterns[0] if patterns else None

    def _steps(self, entry: Mapping) -> Iterable[Step]:
        tree = entry.get("do")
        items = tree.items if isinstance(tree, Listing) else () if tree is None else (tree,)
        for item in items:
            if not isinstance(item, Mapping):
                self._add(
                    "monitor.do",
                    Words("do 的每一项写 step 和 step_en", "each item of `do` holds `step` and `step_en`"),
                    item.place(),
                    _A_STEP,
                )
                continue
            known_keys(item, STEP_KEYS, Words("下一步", "a step"), self.problems)
            step, english = self._rules.text(item, "step"), self._rules.text(item, "step_en")
            if step is None:
                self._add("monitor.do", Words("没有写 step", "there is no `step`"), item.place(), _A_STEP)
                continue
            yield Step(Words(step.value, (english or step).value), self._rules.cites(item.get("cite")))

    def _due(self, entry: Mapping) -> tuple[Text | None, tuple[Cite, ...]]:
        tree = entry.get("due")
        if isinstance(tree, Mapping):
            known_keys(tree, DUE_KEYS, Words("期限", "a deadline"), self.problems)
            return self._rules.text(tree, "by"), self._rules.cites(tree.get("cite"))
        return self._rules.text(entry, "due"), ()

    def _pairs(self, entry: Mapping, name: str) -> Iterable[tuple[Text, Text]]:
        tree = entry.get(name)
        for id in tree if isinstance(tree, Mapping) else ():
            value = tree.get(id) if isinstance(tree, Mapping) else None
            if isinstance(tree, Mapping) and isinstance(value, Text):
                yield tree.keys[id], value

    # -- small things --------------------------------------------------------------------------------------------

    def _term(self, entry: Mapping, key: Text) -> str:
        term = self._rules.text(entry, "term")
        if term is None:
            what = Words(f"“{key.value}”没有中文名 term", f"`{key.value}` has no `term`, its Chinese name")
            self._add("monitor.term", what, key.place(), Words("写作 term: 死亡登记", "write it as `term: 死亡登记`"))
            return key.value
        self._rules.check_term(term)
        return term.value

    def _flag(self, tree: Mapping, name: str) -> bool:
        text = self._rules.text(tree, name)
        if text is not None and text.value not in ("true", "false"):
            what = Words(f"{name} 只能写 true 或 false", f"`{name}` is true or false")
            self._add("monitor.flag", what, text.place(), None)
        return text is not None and text.value == "true"

    def _one_of(self, tree: Mapping, name: str, known: tuple[str, ...], default: str) -> str:
        text = self._rules.text(tree, name)
        if text is None or text.value in known:
            return text.value if text is not None else default
        what = Words(f"{name} 不能是“{text.value}”", f"`{name}` cannot be `{text.value}`")
        self._add(
            "monitor.choice", what, text.place(), Words("可写：" + "、".join(known), "possible: " + ", ".join(known))
        )
        return default

    def _unknown_field(self, named: Text, type_: RecordType) -> None:
        near = nearest(named.value, [n for f in type_.every_field() for n in (f.id, f.term)])
        what = Words(f"{type_.term}没有“{named.value}”这一项", f"`{type_.id}` has no field `{named.value}`")
        self._add(
            "monitor.field",
            what,
            named.place(),
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None,
        )

    def _add(self, code: str, what: Words, place: Place, step: Words | None) -> None:
        self.problems.append(Problem(code, what, place, step))


_A_RECORD = Words(
    "写作 death: {term: 死亡登记, source: [公安, 民政], fields: {place: {term: 地点, type: text}}}",
    "write `death: {term: 死亡登记, source: [公安, 民政], fields: {place: {term: 地点, type: text}}}`",
)
_A_TABLE = Words(
    "写作 exclusive: {term: 互斥待遇, columns: {one: {term: 甲, type: 待遇类别}}, rows: |……}",
    "write `exclusive: {term: 互斥待遇, columns: {one: {term: 甲, type: 待遇类别}}, rows: |…}`",
)
_A_MONITOR = Words(
    "写作 when: {死亡登记: {}, 发放: {record: 待遇发放, where: [人员 == 死亡登记.人员]}}",
    "write `when: {死亡登记: {}, 发放: {record: 待遇发放, where: [人员 == 死亡登记.人员]}}`",
)
_A_CHANGE = Words(
    "写作 {set: 已死亡, to: 是} 或 {add: 机动车, of: household, with: {车辆现值: 现值}}",
    "write `{set: deceased, to: true}` or `{add: vehicles, of: household, with: {value: value}}`",
)
_A_STEP = Words(
    "写作 do: [{step: 停发并核查, step_en: stop the payment and review, cite: M83#1(3)}]",
    "write `do: [{step: 停发并核查, step_en: stop the payment and review, cite: M83#1(3)}]`",
)
_AN_AGGREGATE = Words(
    "写作 count: {at_least: 次数参数, within: 月数参数} 或 sum: {of: 自付金额, at_least: 金额参数, within: 月数参数}",
    "write `count: {at_least: a parameter, within: a parameter}` or `sum: {of: a field, at_least: a parameter, within: a parameter}`",
)
