"""What a rule can yield, for every row: truths, numbers, named values, texts, persons and things, collections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from minzheng_rules.language.types import DAY, Day, Enumeration, Named, Quantity, Row, TextType, Truth, Type
from minzheng_rules.population.lowering.numbers import Number, Numbers, Ratio
from minzheng_rules.population.lowering.plan import Level, Node, Plan


@dataclass(frozen=True, slots=True, eq=False)
class Logic:
    """True, false or not settled: whether it is surely so, and whether it may be. Where nothing is open both are one node."""

    yes: Node
    may: Node


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A named value: its place in the enumeration, or (where it can be open) the set of places still possible, as bits."""

    enumeration: Enumeration
    place: Node | None
    bits: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A text: its place among all texts, and whether it is known. Where it can be one of ``several``, it cannot be compared."""

    place: Node
    known: Node
    several: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Someone:
    """One of several tables a person or thing may stand in: the row there (``None``: each row itself), and where that is so."""

    path: str
    index: Node | None
    when: Node


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """One person or thing: where it may stand, and whether it is known who it is."""

    options: tuple[Someone, ...]
    known: Node


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A collection of the items at ``path`` of one owner; ``members`` says which belong, at the items' own level (``None``: all);
    ``open``, at the owner's level, whether there may be more."""

    owner: Someone
    path: str
    members: Logic | None
    open: Node


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """A collection: of the owner in one of several tables."""

    groups: tuple[Group, ...]
    known: Node


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A row of a table with several outputs."""

    columns: Mapping[str, Value]


Value = Logic | Number | Code | Words | Entity | Crowd | Line


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """For whose rows an expression is worked out, and who ``e`` (the rule's subject) and the loop variables are there."""

    level: Level
    bound: Mapping[str | int, Entity | Line]


class NotLowered(Exception):
    """Something in a rule that has no columnar form; the argument says what, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Values:
    """What can be done with any value, in a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.numbers = plan, Numbers(plan)
        self.maybe = Logic(plan.false, plan.true)

    def truth(self, node: Node) -> Logic:
        """Something settled."""
        return Logic(node, node)

    # -- what is not known ---------------------------------------------------------------------------------------

    def unknown(self, type_: Type) -> Value:
        """Everything a value of a type may be."""
        if isinstance(type_, Truth):
            return self.maybe
        if isinstance(type_, Quantity | Day):
            return self.numbers.unbounded
        if isinstance(type_, Named):
            return self.any_of(type_.enumeration)
        if isinstance(type_, TextType):
            return Words(self.plan.zero, self.plan.false)
        if isinstance(type_, Row):
            return Line({name: self.unknown(column) for name, column in type_.columns})
        raise NotLowered(f"{type_.say().zh}未知", f"{type_.say().en} that is not known")

    def any_of(self, enumeration: Enumeration) -> Code:
        """Any value of an enumeration."""
        if len(enumeration.values) > 62:
            raise NotLowered(f"“{enumeration.term}”的取值超过 62 个", f"`{enumeration.id}` has more than 62 values")
        return Code(enumeration, None, self.plan.const((1 << len(enumeration.values)) - 1))

    def bits(self, code: Code) -> Node:
        """What a named value may be, as bits."""
        if code.bits is not None:
            return code.bits
        assert code.place is not None
        if len(code.enumeration.values) > 62:
            raise NotLowered(
                f"“{code.enumeration.term}”的取值超过 62 个", f"`{code.enumeration.id}` has more than 62 values"
            )
        return self.plan.bit(code.place)

    def settled(self, value: Value) -> Node:
        """Of which rows a value is known."""
        plan = self.plan
        if isinstance(value, Logic):
            return plan.either(value.yes, plan.no(value.may))
        if isinstance(value, Number):
            return self.numbers.settled(value)
        if isinstance(value, Code):
            if value.bits is None:
                return plan.true
            return plan.equal(plan.common(value.bits, plan.subtract(value.bits, plan.one)), plan.zero)
        if isinstance(value, Words):
            return value.known
        if isinstance(value, Entity):
            return value.known
        if isinstance(value, Line):
            return plan.true
        raise NotLowered("一组人或物是否确定", "whether a collection is settled")

    # -- moving and choosing -------------------------------------------------------------------------------------

    def at(self, value: Value, index: Node | None) -> Value:
        """The values of the rows an index points to."""
        if index is None:
            return value
        gather = self.plan.gather
        if isinstance(value, Logic):
            return Logic(gather(value.yes, index), gather(value.may, index))
        if isinstance(value, Number):
            return self.numbers.at(value, index)
        if isinstance(value, Code):
            return Code(
                value.enumeration,
                None if value.place is None else gather(value.place, index),
                None if value.bits is None else gather(value.bits, index),
            )
        if isinstance(value, Words):
            return Words(gather(value.place, index), gather(value.known, index), value.several)
        if isinstance(value, Entity):
            return self.entity_at(value, index)
        if isinstance(value, Line):
            return Line({name: self.at(column, index) for name, column in value.columns.items()})
        groups = tuple(Group(self._at(g.owner, index), g.path, g.members, g.open) for g in value.groups)
        return Crowd(groups, gather(value.known, index))

    def entity_at(self, entity: Entity, index: Node) -> Entity:
        """The persons or things of the rows an index points to."""
        return Entity(tuple(self._at(o, index) for o in entity.options), self.plan.gather(entity.known, index))

    def _at(self, someone: Someone, index: Node) -> Someone:
        inner = index if someone.index is None else self.plan.gather(someone.index, index)
        return Someone(someone.path, inner, self.plan.gather(someone.when, index))

    def choose(self, condition: Logic, a: Value, b: Value) -> Value:
        """``a`` where a condition holds, ``b`` where it does not, and what holds both where that is open."""
        yes, may, plan = condition.yes, condition.may, self.plan
        if yes is plan.true:
            return a
        if may is plan.false:
            return b
        if isinstance(a, Number) and isinstance(b, Number):
            return self.numbers.choose(yes, may, a, b)
        if isinstance(a, Logic) and isinstance(b, Logic):
            if yes is may and a.yes is a.may and b.yes is b.may:
                return self.truth(plan.where(yes, a.yes, b.yes))
            open_yes = b.yes if yes is may else plan.where(may, plan.both(a.yes, b.yes), b.yes)
            open_may = b.may if yes is may else plan.where(may, plan.either(a.may, b.may), b.may)
            return Logic(plan.where(yes, a.yes, open_yes), plan.where(yes, a.may, open_may))
        if isinstance(a, Code) and isinstance(b, Code):
            if yes is may and a.place is not None and b.place is not None:
                return Code(a.enumeration, plan.where(yes, a.place, b.place))
            x, y = self.bits(a), self.bits(b)
            rest = y if yes is may else plan.where(may, plan.union(x, y), y)
            return Code(a.enumeration, None, plan.where(yes, x, rest))
        if isinstance(a, Line) and isinstance(b, Line):
            return Line({name: self.choose(condition, a.columns[name], b.columns[name]) for name in a.columns})
        if isinstance(a, Words) and isinstance(b, Words):
            return self._choose_words(condition, a, b)
        raise NotLowered("在两组人或物之间取舍", "a choice between collections, persons or things")

    def _choose_words(self, condition: Logic, a: Words, b: Words) -> Words:
        """One of two texts; where the condition is open, a text only if both are the same."""
        plan, yes, may = self.plan, condition.yes, condition.may
        place, known = plan.where(yes, a.place, b.place), plan.where(yes, a.known, b.known)
        several = a.several or b.several
        if yes is not may:
            open_ = plan.both(may, plan.no(yes))
            same = plan.every(a.known, b.known, plan.equal(a.place, b.place))
            known, several = plan.where(open_, same, known), True
        return Words(place, known, several)

    def given(self, condition: Logic, body: Number) -> Number:
        """An amount where a condition holds, else nothing."""
        return self.numbers.choose(condition.yes, condition.may, body, self.numbers.nothing)

    # -- truths --------------------------------------------------------------------------------------------------

    def every(self, *parts: Logic) -> Logic:
        """True when every part is."""
        return Logic(self.plan.every(*(p.yes for p in parts)), self.plan.every(*(p.may for p in parts)))

    def some(self, *parts: Logic) -> Logic:
        """True when some part is."""
        return Logic(self.plan.some(*(p.yes for p in parts)), self.plan.some(*(p.may for p in parts)))

    def no(self, part: Logic) -> Logic:
        """The contrary."""
        return Logic(self.plan.no(part.may), self.plan.no(part.yes))

    # -- named values and texts ----------------------------------------------------------------------------------

    def is_one_of(self, code: Code, ids: frozenset[str]) -> Logic:
        """Whether a named value is among some."""
        plan = self.plan
        places = [n for n, (id, _) in enumerate(code.enumeration.values) if id in ids]
        if code.bits is None:
            assert code.place is not None
            if len(places) == len(code.enumeration.values):
                return self.truth(plan.true)
            return self.truth(self._among(code.place, places))
        wanted = plan.const(sum(1 << n for n in places))
        rest = plan.const(sum(1 << n for n in range(len(code.enumeration.values)) if n not in places))
        may = plan.no(plan.equal(plan.common(code.bits, wanted), plan.zero))
        return Logic(plan.equal(plan.common(code.bits, rest), plan.zero), may)

    def _among(self, place: Node, places: list[int]) -> Node:
        """Whether a place is one of some: runs of consecutive places as two comparisons, long lists as a lookup."""
        plan = self.plan
        if not places:
            return plan.false
        first, last = places[0], places[-1]
        if last - first + 1 == len(places):
            return plan.both(plan.at_most(plan.const(first), place), plan.at_most(place, plan.const(last)))
        if len(places) <= 3:
            return plan.some(*(plan.equal(place, plan.const(n)) for n in places))
        return plan.lookup(tuple(plan.true if n in places else plan.false for n in range(place.high + 1)), place)

    def same_code(self, a: Code, b: Code) -> Logic:
        """Whether two named values are the same."""
        plan = self.plan
        if a.place is not None and b.place is not None:
            return self.truth(plan.equal(a.place, b.place))
        x, y = self.bits(a), self.bits(b)
        may = plan.no(plan.equal(plan.common(x, y), plan.zero))
        return Logic(plan.every(self.settled(a), self.settled(b), plan.equal(x, y)), may)

    def same_words(self, a: Words, b: Words) -> Logic:
        """Whether two texts are the same."""
        if a.several or b.several:
            raise NotLowered("比较可能是几个之一的文字", "comparing a text that may be one of several")
        plan = self.plan
        same, known = plan.equal(a.place, b.place), plan.both(a.known, b.known)
        return Logic(plan.both(same, known), plan.either(same, plan.no(known)))


def day_or_number(type_: Type) -> bool:
    """Whether values of a type are numbers in a plan."""
    return isinstance(type_, Quantity) or type_ == DAY


def exact_zero(numbers: Numbers) -> Ratio:
    """Nothing."""
    return numbers.literal(0)
