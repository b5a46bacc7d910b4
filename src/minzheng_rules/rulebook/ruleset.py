"""The rules and parameters in force on one day, with layers, amendments and overlays settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite
from minzheng_rules.language.types import Quantity, Row
from minzheng_rules.problems import Problem, RulebookProblems, Words
from minzheng_rules.rulebook.definitions import Definition, Stack
from minzheng_rules.rulebook.parameters import Figure, Key, Parameter
from minzheng_rules.rulebook.resolution import circular
from minzheng_rules.rulebook.sources import Sources

STACKING_ORDER = ("excluded", "higher", "top_up", "unknown")
"""The order in which other benefits bear on an amount."""
REFORM = "reform"
"""The level of the layer a reform's figures and rules stand in: they go before all others."""
WEAK_FIGURES = ("recalled", "illustrative")
"""Statuses of figures that count as unknown unless the caller accepts them."""


class Layer(Record):
    """One level of rule-making, from the State down to the county; ``level`` says which."""

    id: str
    level: str
    term: Words
    overlay: bool = False


class Effective(Record):
    """A rule as it stands on one day."""

    definition: Definition
    """The definition that acts: the rule's own, or the one that replaces or fills it."""
    original: Definition
    additions: tuple[str, ...] = ()
    """Keys of rules other layers or later instruments add to its list."""
    exceptions: tuple[Definition, ...] = ()
    delegation: Definition | None = None
    """For a delegated rule, the definition that delegates."""
    stacks: tuple[Stack, ...] = ()
    """How other benefits bear on the amount, in the order they act."""
    unentitled: tuple[Definition, ...] = ()
    """Definitions that would fill the rule but whose layer may not."""


class Reading(Record):
    """One cell of a parameter on one day: the figure that acts, its usable value, and why there is none."""

    figure: Figure | None
    value: object | None
    reason: Words | None
    others: tuple[Figure, ...] = ()
    """Figures of other layers in force that day, shown for information."""


class RuleSet:
    """What a case is decided by on one day."""

    def __init__(
        self,
        day: date,
        definitions: Mapping[str, Iterable[Definition]],
        parameters: Mapping[str, Parameter],
        sources: Sources,
        layers: tuple[Layer, ...],
        accept: frozenset[str],
        stacks: Mapping[str, Iterable[Stack]] | None = None,
    ) -> None:
        self._stacks = stacks or {}
        self.day, self.sources, self.parameters = day, sources, parameters
        self._layers = {layer.id: layer for layer in layers}
        self._rank = {layer.id: rank for rank, layer in enumerate(layers)}
        self._accept = accept
        self._readings: dict[tuple[str, Key], Reading] = {}
        self.rules = self._settle(definitions)
        self._refuse_circles()

    # -- rules ---------------------------------------------------------------------------------------------------

    def in_force(self, definition: Definition) -> bool:
        """Whether a definition acts on the day: by its own dates, else by those of what it cites."""
        declaration = definition.declaration
        if declaration.start is not None and self.day < declaration.start:
            return False
        if declaration.end is not None and self.day > declaration.end:
            return False
        if declaration.start is not None or not declaration.cites:
            return True
        return any(self.sources.in_force(cite, self.day) for cite in declaration.cites)

    def citations(self, cites: Iterable[Cite]) -> tuple[Cite, ...]:
        """Those of several citations that are in force on the day; all of them if none is."""
        every = tuple(cites)
        return tuple(cite for cite in every if self.sources.in_force(cite, self.day)) or every

    def level_of(self, definition: Definition) -> str:
        """The level of government whose layer a definition stands in."""
        return self._layers[definition.declaration.layer].level

    def _settle(self, definitions: Mapping[str, Iterable[Definition]]) -> dict[str, Effective]:
        acting: dict[str, Definition] = {}
        for key, versions in definitions.items():
            current = [d for d in versions if self.in_force(d)]
            if current:
                acting[key] = max(current, key=lambda d: d.declaration.start or date.min)
        linked = sorted((d for d in acting.values() if d.target), key=lambda d: self._rank.get(d.declaration.layer, 99))
        rules = {key: Effective(d, d) for key, d in acting.items()}
        for definition in linked:
            target = rules.get(definition.target or "")
            if target is None:
                if definition.declaration.link == "replaces" and definition.target:
                    rules[definition.target] = Effective(definition, definition)
                continue
            rules[definition.target or ""] = self._link(target, definition)
        for key, stacks in self._stacks.items():
            if key in rules:
                acting_stacks = [
                    s for s in stacks if not s.cites or any(self.sources.in_force(c, self.day) for c in s.cites)
                ]
                acting_stacks.sort(key=lambda s: STACKING_ORDER.index(s.relation))
                rules[key] = rules[key].replaced(stacks=tuple(acting_stacks))
        return rules

    def _link(self, target: Effective, definition: Definition) -> Effective:
        link = definition.declaration.link
        if link == "replaces":
            return target.replaced(definition=definition)
        if link == "fills":
            levels = [level for level, _ in target.original.declaration.delegated_to]
            layer = self._layers[definition.declaration.layer]
            if layer.overlay or layer.level in levels:
                return target.replaced(definition=definition, delegation=target.original)
            return target.replaced(unentitled=(*target.unentitled, definition))
        if link == "adds_to":
            return target.replaced(additions=(*target.additions, definition.key))
        return target.replaced(exceptions=(*target.exceptions, definition))

    def _refuse_circles(self) -> None:
        done: set[str] = set()
        path: list[str] = []

        def visit(key: str) -> None:
            if key in done or key not in self.rules:
                return
            if key in path:
                around = [*path[path.index(key) :], key]
                terms = [self.rules[k].definition.declaration.term for k in around]
                raise RulebookProblems(
                    [
                        circular(
                            terms, [k.partition(".")[2] for k in around], self.rules[key].definition.declaration.place
                        )
                    ]
                )
            path.append(key)
            for other in self.reads(key):
                visit(other)
            path.pop()
            done.add(key)

        for key in self.rules:
            visit(key)

    def reads(self, key: str) -> set[str]:
        """The keys of the rules a rule needs on this day."""
        rule = self.rules[key]
        found = set(rule.definition.reads())
        found.update(rule.additions)
        for exception in rule.exceptions:
            found.add(exception.key)
        for stack in rule.stacks:
            parts = [stack.condition] if stack.condition is not None else []
            found.update(p.key for part in parts for p in part.walk() if isinstance(p, ir.RuleOf))
            if stack.amount is not None and stack.relation != "higher":
                found.add(stack.amount.key)
        found.discard(key)
        return found | ({key} & set(rule.definition.reads()))

    # -- parameters ----------------------------------------------------------------------------------------------

    def reading(self, name: str, key: Key = ()) -> Reading:
        """One cell of a parameter on the day."""
        found = self._readings.get((name, key))
        if found is None:
            found = self._readings[name, key] = self._read(self.parameters[name], key)
        return found

    def _read(self, parameter: Parameter, key: Key) -> Reading:
        current: dict[str, Figure] = {}
        for figure in parameter.figures.get(key, ()):
            if figure.since <= self.day:
                current[figure.layer] = figure
        # A value that has ended leaves a gap until the layer gives the next: an earlier one does not come back.
        standing = (f for f in current.values() if f.until is None or f.until >= self.day)
        figures = sorted(standing, key=lambda f: self._rank.get(f.layer, 99))
        proposed = [f for f in figures if self._layers[f.layer].level == REFORM] if figures else []
        if proposed:
            return self._proposed(proposed[-1], figures)
        setters = parameter.setters_on(self.day)
        entitled = [f for f in figures if not f.overlay and self._may_set(parameter, f, setters)]
        acting = entitled[-1] if entitled else None
        reason = self._why_unusable(parameter, acting)
        if reason is not None:
            filled = [f for f in figures if f.overlay and f.value is not None]
            if filled:
                return Reading(filled[-1], filled[-1].value, None, tuple(f for f in figures if f is not filled[-1]))
            refused = [f for f in figures if not f.overlay and f not in entitled]
            if acting is None and refused:
                level = self._layers[refused[-1].layer].term
                reason = Words(
                    f"{level.zh}给出的值无效：无权设定",
                    f"the value given by {level.en} does not count: that level may not set it",
                )
            return Reading(acting, None, reason, tuple(f for f in figures if f is not acting))
        assert acting is not None
        return Reading(acting, acting.value, None, tuple(f for f in figures if f is not acting))

    def _proposed(self, figure: Figure, figures: list[Figure]) -> Reading:
        """A reform's figure acts whoever may set the parameter and whatever is known of it: that is what is asked."""
        unknown = Words("改革方案里没有定数", "the reform leaves it open") if figure.value is None else None
        return Reading(figure, figure.value, unknown, tuple(f for f in figures if f is not figure))

    def _may_set(self, parameter: Parameter, figure: Figure, setters: tuple[str, ...]) -> bool:
        layer = self._layers.get(figure.layer)
        return figure.layer == parameter.layer or (layer is not None and layer.level in setters)

    def _why_unusable(self, parameter: Parameter, figure: Figure | None) -> Words | None:
        if figure is None:
            if any(parameter.figures.values()):
                return Words(f"{self.day} 没有生效的值", f"no value is in force on {self.day}")
            return Words("尚未设定", "not set")
        if figure.value is None:
            return Words(figure.note or "数值未知", figure.note or "the value is not known")
        weak = figure.status in WEAK_FIGURES and isinstance(parameter.type, Quantity | Row)
        if weak and figure.status not in self._accept:
            return (
                Words("只凭记忆的数字不作计算依据", "a figure known from memory only is not computed with")
                if figure.status == "recalled"
                else Words("示例数字不作计算依据", "an illustrative figure is not computed with")
            )
        return None


def closed_lists(definitions: Mapping[str, Iterable[Definition]], layers: Mapping[str, Layer]) -> list[Problem]:
    """Additions to lists that are not open to the layer that adds."""
    problems = []
    for versions in definitions.values():
        for definition in versions:
            declaration = definition.declaration
            if declaration.link != "adds_to" or definition.target is None:
                continue
            targets = list(definitions.get(definition.target, ()))
            if any(t.declaration.layer == declaration.layer for t in targets) or layers[declaration.layer].overlay:
                continue
            level = layers[declaration.layer].level
            if not any(level == open_level for t in targets for open_level, _ in t.declaration.open_to):
                term = targets[0].declaration.term if targets else definition.target
                problems.append(
                    Problem(
                        "rule.closed-list",
                        Words(
                            f"“{term}”没有向这一级开放（open_to）",
                            f"`{definition.target.partition('.')[2]}` is not open to this level (open_to)",
                        ),
                        declaration.place,
                        Words(
                            "请在那条规则上写 open_to，或改用 replaces",
                            "write `open_to` on that rule, or use `replaces`",
                        ),
                    )
                )
    return problems
