"""What a rule file declares, before its expressions are resolved.

One :class:`Declaration` is one rule in one period: a rule with ``versions`` yields several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from minzheng_rules.language.reading import Document, Listing, Mapping, Text, Tree, known_keys
from minzheng_rules.language.record import Record
from minzheng_rules.language.types import DAY, TEXT, TRUTH, Enumeration, Type
from minzheng_rules.language.units import UnitError, parse_unit
from minzheng_rules.problems import Place, Problem, Words, nearest

BODIES = ("when", "all", "any", "value", "cases", "table", "sum_of", "those")
MODIFIERS = ("unless", "given", "needs", "round", "hit", "open_to", "delegated_to")
LINKS = ("replaces", "fills", "adds_to", "exception_to")
_COMMON = ("term", "cite", "unit", "type", "from", "until", "status", "note", "wording")
RULE_KEYS = (*_COMMON, "versions", *BODIES, *MODIFIERS, *LINKS, "over")
ITEM_KEYS = ("when", "all", "any", "cite", "wording", "status", "note")
CASE_KEYS = ("when", "value", "otherwise", "cite", "wording")
NOT_ENCODED_KEYS = ("cite", "why", "of")
STACKING_KEYS = ("term", "cite", "table", "status", "note")
CHECK_KEYS = ("term", "cite", "expect", "wording", "note", "subject")
LEVELS = ("national", "province", "city", "county")
STATUSES = ("verbatim", "secondary", "position", "recalled", "illustrative", "unknown")
"""How a figure or a rule's text is known, strongest first."""
WORDINGS: dict[str, tuple[str, ...]] = {
    "低于": ("<",), "不满": ("<",), "未满": ("<",), "不足": ("<",), "少于": ("<",), "小于": ("<",),
    "以下": ("<=",), "不超过": ("<=",), "不高于": ("<=",), "以内": ("<=",),
    "超过": (">",), "高于": (">",), "超出": (">",), "大于": (">",),
    "以上": (">=",), "满": (">=",), "达到": (">=",), "年满": (">=",), "不低于": (">=",), "不少于": (">=",),
}  # fmt: skip
"""The words of the texts for a comparison with a line, and the operators they stand for (民法典第一千二百五十九条)."""

SIMPLE_TYPES: dict[str, Type] = {"bool": TRUTH, "date": DAY, "text": TEXT}
"""Types that need no definition."""


class Cite(Record):
    """A citation as written: instrument, optional edition, article."""

    instrument: str
    edition: str
    article: str
    place: Place


class Item(Record):
    """One item of a list of conditions."""

    mode: str
    """``one`` (an expression), ``all`` or ``any`` (of further items)."""
    text: Text | None
    items: tuple[Item, ...]
    cites: tuple[Cite, ...]
    wording: str
    place: Place


class Case(Record):
    """One branch of ``cases``; the last has no condition (``otherwise``)."""

    when: Item | None
    value: Text
    cites: tuple[Cite, ...]


class Declaration(Record):
    """A rule as declared for one period."""

    kind: str
    id: str
    term: str
    program: str
    layer: str
    place: Place
    cites: tuple[Cite, ...] = ()
    unit: Text | None = None
    type: Text | None = None
    start: date | None = None
    end: date | None = None
    status: str = "verbatim"
    note: str = ""
    wording: str = ""
    when: Item | None = None
    mode: str = ""
    """``all`` or ``any`` for lists of conditions."""
    items: tuple[Item, ...] = ()
    value: Text | None = None
    cases: tuple[Case, ...] = ()
    table: Text | None = None
    sum_of: tuple[Text, ...] | None = None
    those: Text | None = None
    unless: tuple[Item, ...] = ()
    given: Text | None = None
    needs: tuple[Text, ...] = ()
    round: Text | None = None
    hit: str = "unique"
    open_to: tuple[tuple[str, tuple[Cite, ...]], ...] = ()
    delegated_to: tuple[tuple[str, tuple[Cite, ...]], ...] = ()
    link: str = ""
    target: Text | None = None
    over: tuple[Text, ...] = ()
    flawed: bool = False
    """Whether something in it could not be read, which has been reported."""

    @property
    def key(self) -> str:
        """What the rule is known by inside a rulebook: kind and id."""
        return f"{self.kind}.{self.id}"


class Decides(Record):
    """What a program answers: names of rules, to be resolved about its subject.

    A program may answer several things, each under a name of its own and about a subject of its own.
    """

    name: str = ""
    term: str = ""
    english: str = ""
    """What it is called in English; its name in words where the file does not say."""
    also: tuple[Text, ...] = ()
    """Other names by which people ask for the answer."""
    subject: str = ""

    eligible: Text | None = None
    applies: Text | None = None
    amounts: tuple[tuple[str, Text], ...] = ()
    results: tuple[tuple[str, Text], ...] = ()
    other_amounts: tuple[tuple[str, str, Text], ...] = ()
    """Amounts that are no cash payment: kind (``voucher``, ``service``, ``ceiling``, ``guide_wage``), name, rule."""
    payable_from: Text | None = None


class AddedFact(Record):
    """A fact declared by a program: what ``fact()`` would be told in Python."""

    id: str
    term: str
    type: str = ""
    """``bool``, ``date``, ``text``, or empty for a quantity and for an enumeration."""
    unit: str | None = None
    range: tuple[str, str] | None = None
    values: tuple[tuple[str, str], ...] = ()
    """Of an enumeration, its id and term and then its values, as pairs of id and term."""
    sources: tuple[str, ...] = ()
    judgement: str | None = None
    place: Place | None = None


class StackingTable(Record):
    """How benefits go together: rows are other benefits, columns this rulebook's amounts."""

    id: str
    term: str
    kind: str
    layer: str
    cites: tuple[Cite, ...]
    table: Text
    status: str
    place: Place


class Expectation(Record):
    """Something that ought to hold; where it does not, the decision carries a note and is otherwise the same."""

    id: str
    term: str
    kind: str
    layer: str
    cites: tuple[Cite, ...]
    expect: Text
    wording: str
    place: Place


@dataclass(slots=True)
class ProgramFile:
    """One rule file."""

    program: str
    term: str
    layer: str
    subject: str
    document: Document
    place: Place
    also: tuple[Text, ...] = ()
    """Other names of the program, by which people ask for it."""
    english: str = ""
    """What it is called in English; its id in words where the file does not say."""
    declarations: list[Declaration] = field(default_factory=list)
    decides: list[Decides] = field(default_factory=list)
    stacking: list[StackingTable] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    tree: Mapping | None = None
    """The file itself, for what can only be read when all files' enumerations are known."""
    not_encoded: list[tuple[tuple[Cite, ...], str, Text | None]] = field(default_factory=list)
    enums: Tree | None = None


FILE_KEYS = (
    "program",
    "term",
    "english",
    "also",
    "layer",
    "subject",
    "decides",
    "not_encoded",
    "enums",
    "note",
    "overlay",
    "overlay_en",
    "stacking",
    "checks",
    "facts",
)
FACT_KEYS = ("term", "type", "unit", "range", "source", "judgement", "note")
OTHER_AMOUNTS = {"voucher": "voucher", "service": "service", "ceiling": "ceiling", "recommends": "guide_wage"}
"""What a program may answer besides cash, and the kind of amount it is: a ceiling or a guide wage is never a payment."""
DECIDES_KEYS = ("eligible", "amount", *OTHER_AMOUNTS, "result", "from", "applies")
DECIDES_ABOUT = ("subject", "term", "english", "also")
STACKING_KEYS = ("term", "cite", "table", "status", "note")
CHECK_KEYS = ("term", "cite", "expect", "wording", "note", "subject")
NOT_ENCODED_KEYS = ("cite", "why", "of")
CASE_KEYS = ("when", "value", "otherwise", "cite", "wording")


@dataclass
class RuleReader:
    """Turns the tree of a rule file into declarations; problems are collected."""

    problems: list[Problem]

    def read(self, tree: Mapping, kinds: Iterable[str], kind_of: dict[str, str]) -> ProgramFile | None:
        """Read one file. ``kind_of`` maps kind names in both languages to ids."""
        program = self.text(tree, "program")
        layer = self.text(tree, "layer")
        if program is None or layer is None:
            lacking = [name for name, found in (("program", program), ("layer", layer)) if found is None]
            self.add(
                "rule-file.header",
                Words(
                    f"规则文件缺少 {'、'.join(lacking)}",
                    f"the rule file has no {' and no '.join(f'`{n}`' for n in lacking)}",
                ),
                tree.place(),
                Words(
                    "开头写 program: 项目的 id，layer: 所在的层（rules/ 下的文件夹名）",
                    "begin it with `program:`, the program's id, and `layer:`, the name of its folder under rules/",
                ),
            )
            return None
        for name, key in tree.keys.items():
            if name not in FILE_KEYS and name not in kind_of:
                near = nearest(name, [*FILE_KEYS, *kind_of])
                self.add(
                    "rule-file.unknown-heading",
                    Words(
                        f"“{name}”既不是规则文件的项目，也不是一类人或物",
                        f"`{name}` is neither a part of a rule file nor a kind of person or thing",
                    ),
                    key.place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "可写：" + "、".join([*FILE_KEYS, *sorted(kinds)]),
                        "possible: " + ", ".join([*FILE_KEYS, *sorted(kinds)]),
                    ),
                )
        term = self.text(tree, "term")
        file = ProgramFile(
            program.value,
            term.value if term else "",
            layer.value,
            self.kind(tree, "subject", kind_of) or "",
            tree.document,
            tree.place(),
            self.also(tree),
            self.plain(tree, "english"),
        )
        file.tree = tree
        for name in tree:
            if name in kind_of and name not in FILE_KEYS:
                rules = tree.get(name)
                if not isinstance(rules, Mapping):
                    self.add(
                        "rule-file.rules",
                        Words(f"“{name}”下面应是一条条规则", f"under `{name}` there should be rules"),
                        tree.keys[name].place(),
                        _A_RULE,
                    )
                    continue
                for id in rules:
                    file.declarations.extend(self.rule(rules, id, kind_of[name], file))
        if self.is_block(tree, "decides"):
            file.decides = self.all_decides(tree, kind_of, file.subject)
        file.stacking = self.stacking(tree, file)
        file.expectations = self.expectations(tree, file, kind_of)
        file.enums = tree.get("enums")
        file.not_encoded = self.not_encoded(tree)
        return file

    # -- one rule ------------------------------------------------------------------------------------------------

    def rule(self, rules: Mapping, id: str, kind: str, file: ProgramFile) -> list[Declaration]:
        """The declarations of one rule: one, or one for each version."""
        tree, key = rules.get(id), rules.keys[id]
        self.check_id(key)
        if not isinstance(tree, Mapping):
            self.add(
                "rule.shape",
                Words(f"“{id}”下面应是 term、cite 和内容", f"`{id}` should hold `term`, `cite` and a body"),
                key.place(),
                _A_RULE,
            )
            return []
        before = len(self.problems)
        known_keys(tree, RULE_KEYS, Words("规则", "a rule"), self.problems)
        term = self.text(tree, "term")
        if term is not None:
            self.check_term(term)
        base = Declaration(
            kind=kind,
            id=id,
            term=term.value if term is not None else id,
            program=file.program,
            layer=file.layer,
            place=key.place(),
        )
        base = self.body(tree, base)
        if len(self.problems) > before:
            base = base.replaced(flawed=True)
        versions = tree.get("versions")
        if versions is None:
            return [base]
        if not isinstance(versions, Mapping) or not versions.entries:
            self.add(
                "rule.versions",
                Words("versions 下面应是“日期: 内容”", "`versions` should hold `date: body`"),
                tree.keys["versions"].place(),
                _A_VERSION,
            )
            return []
        return self.versions(versions, base)

    def versions(self, versions: Mapping, base: Declaration) -> list[Declaration]:
        """One declaration for each dated version; each runs until the next begins."""
        dated: list[tuple[date, Mapping | None, Text]] = []
        for written in versions:
            body = versions.get(written)
            day = self.date(versions.keys[written])
            if day is not None:
                dated.append((day, body if isinstance(body, Mapping) else None, versions.keys[written]))
        result = []
        late = next((after for before, after in pairwise(dated) if after[0] <= before[0]), None)
        if late is not None:
            self.add(
                "rule.versions-order",
                Words(
                    f"版本应按日期先后排列，{late[0]} 却在更晚的日期之后",
                    f"versions stand in order of their dates, but {late[0]} comes after a later one",
                ),
                late[2].place(),
                Words("请把它移到前面", "move it up"),
            )
        for index, (day, body, key) in enumerate(dated):
            if body is None:
                self.add(
                    "rule.versions",
                    Words("版本下面应是规则的内容", "a version should hold the body of the rule"),
                    key.place(),
                    _A_VERSION,
                )
                continue
            known_keys(
                body,
                [k for k in RULE_KEYS if k not in ("term", "versions", "from")],
                Words("规则的版本", "a version of a rule"),
                self.problems,
            )
            ends = date.fromordinal(dated[index + 1][0].toordinal() - 1) if index + 1 < len(dated) else base.end
            read = len(self.problems)
            declared = self.body(body, base.replaced(place=key.place()))
            if len(self.problems) > read:
                declared = declared.replaced(flawed=True)
            result.append(declared.replaced(start=day, end=declared.end or ends))
        return result

    def body(self, tree: Mapping, base: Declaration) -> Declaration:
        """Everything a rule says, on top of what ``base`` already says."""
        changes: dict[str, object] = {}
        if "cite" in tree:
            changes["cites"] = self.cites(tree.get("cite"))
        for name in ("unit", "type", "value", "table", "those", "given", "round"):
            text = self.text(tree, name)
            if text is not None:
                changes[name] = text
        for name, target in (("from", "start"), ("until", "end")):
            text = self.text(tree, name)
            if text is not None:
                changes[target] = self.date(text)
        for name in ("note", "wording"):
            text = self.text(tree, name)
            if text is not None:
                changes[name] = text.value
        if "wording" in tree:
            self.check_wording(self.text(tree, "wording"))
        status = self.text(tree, "status")
        if status is not None:
            changes["status"] = self.status(status)
        if "when" in tree:
            changes["when"] = self.item(tree.entries["when"])
        for mode in ("all", "any"):
            if mode in tree:
                changes["mode"] = mode
                changes["items"] = self.items(tree.entries[mode], mode)
        if "all" in tree and "any" in tree:
            self.add(
                "rule.two-bodies",
                Words("all 和 any 不能并列", "`all` and `any` cannot stand side by side"),
                tree.keys["any"].place(),
                Words(
                    "请把一个放进另一个的列表里：all: [甲, {any: [乙, 丙]}]",
                    "put one into the other's list: `all: [a, {any: [b, c]}]`",
                ),
            )
        if "unless" in tree:
            changes["unless"] = self.items(tree.entries["unless"], "unless")
        if "cases" in tree:
            changes["cases"] = self.cases(tree.entries["cases"])
        if "sum_of" in tree:
            changes["sum_of"] = self.texts(tree.entries["sum_of"])
        if "needs" in tree:
            changes["needs"] = self.texts(tree.entries["needs"])
        for name in ("open_to", "delegated_to"):
            if name in tree:
                changes[name] = self.levels(tree.entries[name])
        hit = self.text(tree, "hit")
        if hit is not None:
            if hit.value not in ("unique", "first"):
                self.add(
                    "rule.hit",
                    Words(
                        f"hit 只能是 unique 或 first，现在是“{hit.value}”",
                        f"`hit` is `unique` or `first`, not `{hit.value}`",
                    ),
                    hit.place(),
                    Words(
                        "unique：各行互不重叠；first：取最先符合的一行",
                        "unique: no two rows overlap; first: the first row that fits decides",
                    ),
                )
            changes["hit"] = hit.value
        links = [name for name in LINKS if name in tree]
        if len(links) > 1:
            self.add(
                "rule.two-links",
                Words(
                    "一条规则只能有一种关系：" + "、".join(links), "a rule has one link at most: " + ", ".join(links)
                ),
                tree.keys[links[1]].place(),
                Words("请只留一种；另一种另写一条规则", "keep one of them, and write another rule for the other"),
            )
        for name in links[:1]:
            changes["link"], changes["target"] = name, self.text(tree, name)
        if "over" in tree:
            changes["over"] = self.texts(tree.entries["over"])
        return base.replaced(**changes)

    # -- parts ---------------------------------------------------------------------------------------------------

    def plain(self, tree: Mapping, name: str) -> str:
        """A text that may be left out."""
        text = self.text(tree, name)
        return text.value if text is not None else ""

    def also(self, tree: Mapping) -> tuple[Text, ...]:
        """Other names, by which people ask for a program or one of its answers."""
        return self.texts(tree.entries["also"]) if "also" in tree else ()

    def item(self, tree: Tree) -> Item:
        """One condition: an expression, or a mapping with a citation and the text's own word."""
        if isinstance(tree, Text):
            return Item("one", tree, (), (), "", tree.place())
        if isinstance(tree, Mapping):
            known_keys(tree, ITEM_KEYS, Words("条件", "a condition"), self.problems)
            cites = self.cites(tree.get("cite"))
            word = self.text(tree, "wording")
            if word is not None:
                self.check_wording(word)
            for mode in ("all", "any"):
                if mode in tree:
                    return Item(mode, None, self.items(tree.entries[mode], mode), cites, "", tree.place())
            when = self.text(tree, "when")
            if when is not None:
                return Item("one", when, (), cites, word.value if word else "", when.place())
        self.add(
            "rule.item",
            Words("这一项没有条件", "this item holds no condition"),
            tree.place(),
            Words(
                "写成一个表达式，或 {when: 条件, cite: 出处}、{all: […]}、{any: […]}",
                "write an expression, or {when: condition, cite: …}, {all: […]}, {any: […]}",
            ),
        )
        return Item("all", None, (), (), "", tree.place())

    def items(self, tree: Tree, name: str) -> tuple[Item, ...]:
        """A list of conditions."""
        if not isinstance(tree, Listing):
            self.add(
                "rule.items",
                Words(f"{name} 下面应是列表", f"`{name}` should hold a list"),
                tree.place(),
                Words(
                    "每项一行，以“- ”开头；或写成 [甲, 乙]", "give each item a line begun with `- `, or write [a, b]"
                ),
            )
            return ()
        return tuple(self.item(item) for item in tree.items)

    def cases(self, tree: Tree) -> tuple[Case, ...]:
        """The branches of ``cases``."""
        branches: list[Case] = []
        if not isinstance(tree, Listing):
            self.add("rule.cases", Words("cases 下面应是列表", "`cases` should hold a list"), tree.place(), _A_CASE)
            return ()
        for entry in tree.items:
            if not isinstance(entry, Mapping):
                self.add(
                    "rule.cases",
                    Words(
                        "这种情形只有一个词，没有说是条件还是值",
                        "this case is a mere word, neither a condition nor a value",
                    ),
                    entry.place(),
                    _A_CASE,
                )
                continue
            known_keys(entry, CASE_KEYS, Words("情形", "a case"), self.problems)
            otherwise, value = self.text(entry, "otherwise"), self.text(entry, "value")
            if otherwise is not None:
                branches.append(Case(None, otherwise, self.cites(entry.get("cite"))))
            elif value is not None and "when" in entry:
                item = self.item(entry.entries["when"])
                word = self.text(entry, "wording")
                item = item.replaced(
                    wording=word.value if word else item.wording, cites=self.cites(entry.get("cite")) or item.cites
                )
                branches.append(Case(item, value, item.cites))
            else:
                lacking = "when" if value is not None else "value"
                self.add(
                    "rule.cases",
                    Words(f"这种情形缺少 {lacking}", f"this case has no `{lacking}`"),
                    entry.place(),
                    _A_CASE,
                )
        if not branches or branches[-1].when is not None or any(b.when is None for b in branches[:-1]):
            self.add(
                "rule.otherwise",
                Words(
                    "cases 的最后一项应是 otherwise，且只有这一个",
                    "`cases` ends with `otherwise`, and has it just once",
                ),
                tree.place(),
                Words("其余情形的值写作 - {otherwise: …}", "write the value of all other cases as - {otherwise: …}"),
            )
        return tuple(branches)

    def kind(self, tree: Mapping, key: str, kind_of: AnyMapping[str, str]) -> str | None:
        """The kind of person or thing named under ``key``."""
        named = self.text(tree, key)
        if named is None or named.value in kind_of:
            return None if named is None else kind_of[named.value]
        self.no_kind(named, kind_of)
        return None

    def no_kind(self, named: Text, kind_of: AnyMapping[str, str]) -> None:
        """Note that a word names no kind of person or thing."""
        near = nearest(named.value, kind_of)
        self.add(
            "rule-file.subject",
            Words(f"没有“{named.value}”这类人或物", f"there is no kind of person or thing called `{named.value}`"),
            named.place(),
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
            if near
            else Words(
                "词汇表中有：" + "、".join(dict.fromkeys(kind_of)),
                "the vocabulary has: " + ", ".join(dict.fromkeys(kind_of.values())),
            ),
        )

    def is_block(self, tree: Mapping, name: str) -> bool:
        """Whether a part of a file is there, as ``name: …`` lines; anything else there is a problem."""
        block = tree.get(name)
        if block is not None and not isinstance(block, Mapping):
            self.add(
                "rule-file.block",
                Words(f"{name} 下面应是“名称: 内容”", f"`{name}` should hold `name: content`"),
                tree.keys[name].place(),
                Words("每个名称另起一行，缩进两格", "put each name on a line of its own, indented by two spaces"),
            )
        return isinstance(block, Mapping)

    def entries(self, tree: Mapping, name: str, holds: Words) -> Iterable[tuple[Text, Mapping]]:
        """The entries of a part of a file: each key, and what stands under it."""
        if not self.is_block(tree, name):
            return
        block = tree.entries[name]
        assert isinstance(block, Mapping)
        for id, key in block.keys.items():
            entry = block.get(id)
            if isinstance(entry, Mapping):
                yield key, entry
            else:
                self.add(
                    "rule-file.entry",
                    Words(f"“{id}”下面应有 {holds.zh}", f"`{id}` should hold {holds.en}"),
                    key.place(),
                    Words(f"写作 {id}: {{…}}，或分行缩进写", f"write `{id}: {{…}}`, or put each on an indented line"),
                )

    def all_decides(self, tree: Mapping, kind_of: dict[str, str], subject: str) -> list[Decides]:
        """What a program answers: one thing, or several under names of their own."""
        block = tree.entries["decides"]
        assert isinstance(block, Mapping)
        if any(key in DECIDES_KEYS for key in block):
            return [self.decides(block, "", subject, kind_of)]
        holds = Words("eligible、amount、result 等", "`eligible`, `amount`, `result` and so on")
        return [self.decides(entry, key.value, subject, kind_of) for key, entry in self.entries(tree, "decides", holds)]

    def decides(self, tree: Mapping, name: str, subject: str, kind_of: dict[str, str]) -> Decides:
        """One ``decides`` block."""
        known_keys(tree, (*DECIDES_KEYS, *DECIDES_ABOUT), Words("decides", "`decides`"), self.problems)
        term = self.text(tree, "term")
        return Decides(
            name=name,
            term=term.value if term is not None else "",
            english=self.plain(tree, "english"),
            also=self.also(tree),
            subject=self.kind(tree, "subject", kind_of) or subject,
            eligible=self.text(tree, "eligible"),
            applies=self.text(tree, "applies"),
            amounts=self.named(tree.get("amount"), "amount"),
            results=self.named(tree.get("result"), "result"),
            other_amounts=tuple(
                (kind, name, text)
                for key, kind in OTHER_AMOUNTS.items()
                for name, text in self.named(tree.get(key), "amount" if kind != "guide_wage" else "recommends")
            ),
            payable_from=self.text(tree, "from"),
        )

    def stacking(self, tree: Mapping, file: ProgramFile) -> list[StackingTable]:
        """The ``stacking`` block: tables by id."""
        found = []
        for key, entry in self.entries(tree, "stacking", Words("term、cite 和 table", "`term`, `cite` and `table`")):
            known_keys(entry, STACKING_KEYS, Words("stacking", "`stacking`"), self.problems)
            table, term, status = (self.text(entry, name) for name in ("table", "term", "status"))
            if table is None:
                self.add(
                    "stacking.table",
                    Words(
                        f"“{key.value}”缺少 table：待遇之间的关系",
                        f"`{key.value}` has no `table` of how benefits go together",
                    ),
                    key.place(),
                    Words(
                        "表的第一列是另一待遇，其余各列是本手册的金额，格子写 可叠加、不得、择高、补差 或 ?",
                        "its first column names the other benefit, the others are this rulebook's amounts, the cells say may_stack, excluded, higher, top_up or ?",
                    ),
                )
                continue
            found.append(
                StackingTable(
                    key.value,
                    term.value if term else key.value,
                    file.subject,
                    file.layer,
                    self.cites(entry.get("cite")),
                    table,
                    self.status(status) if status else "verbatim",
                    key.place(),
                )
            )
        return found

    def expectations(self, tree: Mapping, file: ProgramFile, kind_of: dict[str, str]) -> list[Expectation]:
        """The ``checks`` block: things that ought to hold, by id."""
        found = []
        for key, entry in self.entries(tree, "checks", Words("term、cite 和 expect", "`term`, `cite` and `expect`")):
            known_keys(entry, CHECK_KEYS, Words("checks", "`checks`"), self.problems)
            expect, term, wording = (self.text(entry, name) for name in ("expect", "term", "wording"))
            if expect is None:
                self.add(
                    "checks.expect",
                    Words(
                        f"“{key.value}”缺少 expect：应当成立的条件",
                        f"`{key.value}` has no `expect`, the condition that ought to hold",
                    ),
                    key.place(),
                    Words("写作 expect: 条件", "write `expect: condition`"),
                )
                continue
            self.check_wording(wording)
            found.append(
                Expectation(
                    key.value,
                    term.value if term else key.value,
                    self.kind(entry, "subject", kind_of) or file.subject,
                    file.layer,
                    self.cites(entry.get("cite")),
                    expect,
                    wording.value if wording else "",
                    key.place(),
                )
            )
        return found

    def not_encoded(self, tree: Mapping) -> list[tuple[tuple[Cite, ...], str, Text | None]]:
        """The ``not_encoded`` list: provisions left out on purpose, each with the reason and the term it may affect."""
        listed = tree.get("not_encoded")
        if listed is None:
            return []
        found = []
        for entry in listed.items if isinstance(listed, Listing) else (listed,):
            if not isinstance(entry, Mapping) or "cite" not in entry or "why" not in entry:
                self.add(
                    "not-encoded.shape",
                    Words(
                        "没有编写的条文应写明出处和理由",
                        "a provision that is left out is listed with its citation and the reason",
                    ),
                    entry.place(),
                    Words("写作 - {cite: M57#29, why: 理由}", "write it as - {cite: M57#29, why: the reason}"),
                )
                continue
            known_keys(entry, NOT_ENCODED_KEYS, Words("not_encoded", "`not_encoded`"), self.problems)
            why, of = self.text(entry, "why"), self.text(entry, "of")
            found.append((self.cites(entry.get("cite")), why.value if why else "", of))
        return found

    def facts(
        self, tree: Mapping, kind_of: dict[str, str], enums: AnyMapping[str, Enumeration]
    ) -> dict[str, list[AddedFact]]:
        """The ``facts`` block: facts the program adds to some kinds."""
        found: dict[str, list[AddedFact]] = {}
        for key, entries in self.entries(tree, "facts", Words("“事实: 内容”", "facts")):
            kind = kind_of.get(key.value)
            if kind is None:
                self.no_kind(key, kind_of)
                continue
            found[kind] = [f for id in entries if (f := self.fact(entries, id, enums)) is not None]
        return found

    def fact(self, entries: Mapping, id: str, enums: AnyMapping[str, Enumeration]) -> AddedFact | None:
        """One fact a program adds."""
        entry, key = entries.get(id), entries.keys[id]
        if not isinstance(entry, Mapping):
            self.add_incomplete_fact(key)
            return None
        before = len(self.problems)
        self.check_id(key)
        known_keys(entry, FACT_KEYS, Words("事实", "a fact"), self.problems)
        term, type_, unit, judgement = (self.text(entry, k) for k in ("term", "type", "unit", "judgement"))
        if term is None or (type_ is None and (unit is None or "range" not in entry)):
            self.add_incomplete_fact(key)
            return None
        self.check_term(term)
        values: tuple[tuple[str, str], ...] = ()
        if type_ is not None and type_.value not in SIMPLE_TYPES:
            named = enums.get(type_.value)
            if named is None:
                self.problems.append(unknown_type(type_, enums))
                return None
            values = ((named.id, named.term), *named.values)
        if unit is not None:
            try:
                parse_unit(unit.value)
            except UnitError as error:
                self.add("unit.unreadable", error.words, unit.place(), error.step)
        span = self.span(entry.entries["range"], type_) if "range" in entry else None
        if len(self.problems) > before:
            return None
        return AddedFact(
            id,
            term.value,
            type_.value if type_ is not None and not values else "",
            unit.value if unit is not None else None,
            span,
            values,
            tuple(text.value for text in self.texts(entry.entries["source"])) if "source" in entry else (),
            judgement.value if judgement is not None else None,
            key.place(),
        )

    def add_incomplete_fact(self, key: Text) -> None:
        """Note that a fact is not said to be of any type."""
        self.add(
            "facts.incomplete",
            Words(
                f"事实“{key.value}”要有 term，并有 type，或 unit 和 range",
                f"the fact `{key.value}` needs a `term`, and either a `type` or a `unit` and a `range`",
            ),
            key.place(),
            Words(
                "例如 {term: 年收入, unit: yuan/year, range: [0, 1000000]} 或 {term: 宗教教职人员, type: bool}",
                "for example {term: 年收入, unit: yuan/year, range: [0, 1000000]} or {term: 宗教教职人员, type: bool}",
            ),
        )

    def span(self, tree: Tree, type_: Text | None) -> tuple[str, str] | None:
        """The least and the greatest value of a fact."""
        ends = tree.items if isinstance(tree, Listing) else ()
        texts = [end for end in ends if isinstance(end, Text)]
        pattern = r"\d{4}-\d{2}-\d{2}" if type_ is not None and type_.value == "date" else r"-?\d+(\.\d+)?"
        if len(texts) == 2 and all(re.fullmatch(pattern, text.value) for text in texts):
            return texts[0].value, texts[1].value
        self.add(
            "facts.range",
            Words("range 应写作 [最小, 最大]", "the range is written [least, greatest]"),
            tree.place(),
            Words(
                "例如 [0, 31]：这项事实可能的最小值和最大值",
                "for example [0, 31]: the least and the greatest this fact can be",
            ),
        )
        return None

    def named(self, tree: Tree | None, default: str) -> tuple[tuple[str, Text], ...]:
        """One rule name, or several under names of their own."""
        if tree is None:
            return ()
        if isinstance(tree, Text):
            return ((default, tree),)
        if isinstance(tree, Mapping):
            return tuple((name, text) for name in tree if isinstance(text := tree.get(name), Text))
        self.add(
            "rule.decides",
            Words("这里应是规则名，或“名字: 规则名”", "this should be a rule's name, or `name: rule`"),
            tree.place(),
            Words(
                "例如 amount: 月低保金，或 amount: {basic: 月低保金, extra: 加发额}",
                "as in `amount: monthly_dibao`, or `amount: {basic: monthly_dibao, extra: supplement}`",
            ),
        )
        return ()

    def levels(self, tree: Tree) -> tuple[tuple[str, tuple[Cite, ...]], ...]:
        """Levels of government, each with the citation that entitles it."""
        found: list[tuple[Text, tuple[Cite, ...]]] = []
        if isinstance(tree, Text):
            found = [(tree, ())]
        elif isinstance(tree, Listing):
            found = [(item, ()) for item in tree.items if isinstance(item, Text)]
        elif isinstance(tree, Mapping):
            found = [(tree.keys[name], self.cites(tree.get(name))) for name in tree]
        for text, _ in found:
            if text.value not in LEVELS:
                self.add(
                    "rule.level",
                    Words(f"“{text.value}”不是一级政府", f"`{text.value}` is not a level of government"),
                    text.place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if (near := nearest(text.value, LEVELS))
                    else Words("可写：" + "、".join(LEVELS), "possible: " + ", ".join(LEVELS)),
                )
        return tuple((text.value, cites) for text, cites in found if text.value in LEVELS)

    def texts(self, tree: Tree) -> tuple[Text, ...]:
        """A list of scalars, or one."""
        if isinstance(tree, Text):
            return (tree,)
        if isinstance(tree, Listing):
            return tuple(item for item in tree.items if isinstance(item, Text))
        self.add(
            "rule.list",
            Words("这里应是列表", "a list is needed here"),
            tree.place(),
            Words("写成 [甲, 乙]，或每项一行以“- ”开头", "write [a, b], or give each item a line begun with `- `"),
        )
        return ()

    def cites(self, tree: Tree | None) -> tuple[Cite, ...]:
        """Citations: ``M57#7``, ``[R649#9, LAW26#18]`` or ``'CC#26, CC#1067.1'``."""
        if tree is None:
            return ()
        result: list[Cite] = []
        for text in self.texts(tree):
            for part in re.split(r"[,，]\s*", text.value):
                if not part.strip():
                    continue
                instrument, _, article = part.strip().partition("#")
                name, _, edition = instrument.partition("@")
                result.append(Cite(name, edition, article, text.place()))
        return tuple(result)

    def text(self, tree: Mapping, key: str) -> Text | None:
        """The scalar under ``key``; anything else there is a problem."""
        found = tree.get(key)
        if found is None or isinstance(found, Text):
            return found
        self.add(
            "rule.not-a-text",
            Words(
                f"{key} 应是一段文字，这里是{_shape(found).zh}",
                f"`{key}` should be a text, but this is {_shape(found).en}",
            ),
            found.place(),
            Words("文字里有方括号或花括号时，给整段加引号", "put a text that begins with a bracket or brace in quotes"),
        )
        return None

    def date(self, text: Text) -> date | None:
        """A date written YYYY-MM-DD."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.value):
            try:
                return date.fromisoformat(text.value)
            except ValueError:
                self.add(
                    "file.date",
                    Words(f"没有 {text.value} 这一天", f"there is no day {text.value}"),
                    text.place(),
                    Words("请核对月份和日子", "check the month and the day"),
                )
                return None
        self.add(
            "file.date",
            Words(f"日期“{text.value}”读不出来", f"cannot read the date `{text.value}`"),
            text.place(),
            Words(
                "请写成四位年、两位月、两位日，如 2024-07-01",
                "write year, month and day in four, two and two digits, as in 2024-07-01",
            ),
        )
        return None

    def status(self, text: Text) -> str:
        """A status, checked."""
        if text.value not in STATUSES:
            near = nearest(text.value, STATUSES)
            self.add(
                "file.status",
                Words(f"“{text.value}”不是一种可信程度", f"`{text.value}` is not a status"),
                text.place(),
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                if near
                else Words("可写：" + "、".join(STATUSES), "possible: " + ", ".join(STATUSES)),
            )
        return text.value

    def check_id(self, key: Text) -> None:
        """An id is what programs and tests call a thing by."""
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key.value):
            self.add(
                "rule.id",
                Words(
                    f"id“{key.value}”应由小写英文字母、数字和下划线组成，以字母开头",
                    f"the id `{key.value}` should be lower-case letters, digits and underscores, beginning with a letter",
                ),
                key.place(),
                Words(
                    "中文名写在 term 里，例如 monthly_dibao: {term: 月低保金, …}",
                    "the Chinese name goes into `term`, as in monthly_dibao: {term: 月低保金, …}",
                ),
            )

    def check_term(self, term: Text) -> None:
        """A term must be usable as a name in expressions."""
        folded = unicodedata.normalize("NFKC", term.value)
        if not folded.isidentifier() or folded != term.value:
            step = (
                Words(
                    "名称不能以数字开头：例如“60周岁以上”写作“年满60周岁”",
                    "a name cannot begin with a digit: write 年满60周岁 for 60周岁以上",
                )
                if term.value[:1].isdigit()
                else Words(
                    "名称里不能有空格、引号、括号或标点", "a name has no spaces, quotes, brackets or punctuation"
                )
                if not folded.isidentifier()
                else Words(f"请改用“{folded}”", f"write `{folded}`")
            )
            self.add(
                "rule.term",
                Words(f"“{term.value}”不能用作名称", f"`{term.value}` cannot be a name"),
                term.place(),
                step,
            )

    def check_wording(self, text: Text | None) -> None:
        """The text's word for a comparison must be one we know the meaning of."""
        if text is not None and text.value not in WORDINGS:
            self.add(
                "rule.wording",
                Words(f"不认得用语“{text.value}”", f"the wording `{text.value}` is not known"),
                text.place(),
                Words("可写：" + "、".join(WORDINGS), "possible: " + ", ".join(WORDINGS)),
            )

    def add(self, code: str, what: Words, place: Place, step: Words | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, what, place, step))


def unknown_type(named: Text, enumerations: Iterable[str]) -> Problem:
    """That a word names no type, with the one that may have been meant."""
    near = nearest(named.value, [*SIMPLE_TYPES, *enumerations])
    return Problem(
        "type.unknown",
        Words(f"没有“{named.value}”这种类型", f"there is no type `{named.value}`"),
        named.place(),
        Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
        if near
        else Words(
            "可写 bool、date、text，或一种取值的名称；取值在 enums 中定义",
            "write bool, date, text, or the name of an enumeration; define it under `enums`",
        ),
    )


def _shape(tree: Tree) -> Words:
    return Words("列表", "a list") if isinstance(tree, Listing) else Words("一组“键: 值”", "a mapping")


_A_RULE = Words(
    "写作 not_independent: {term: 不能独立生活, cite: M57#7, when: 条件}",
    "write `not_independent: {term: 不能独立生活, cite: M57#7, when: condition}`",
)
_A_VERSION = Words(
    "写作 versions: {2020-01-01: {cite: M57#7, when: 条件}}",
    "write `versions: {2020-01-01: {cite: M57#7, when: condition}}`",
)
_A_CASE = Words(
    "每种情形写作 - {when: 条件, value: 值}，最后写 - {otherwise: 值}",
    "write each case as `- {when: condition, value: value}`, the last as `- {otherwise: value}`",
)
