"""A plan as NumPy source: one function for what is the same for all rows, one for a block of whole households.

The source is meant to be read: a line per rule or step, named as in the rules, values used once written in place.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from minzheng_rules.population.lowering.plan import Level, Node, Plan
from minzheng_rules.population.lowering.profile import Cell, ColumnShape

_INFIX = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "//",
    "less": "<",
    "at_most": "<=",
    "equal": "==",
    "both": "&",
    "either": "|",
    "common": "&",
    "union": "|",
}
_COMPARING = ("less", "at_most", "equal")
_TYPES = ((7, "int8"), (15, "int16"), (31, "int32"), (63, "int64"))
_LONGEST = 100
_WORTH_NARROWING = 4


@dataclass
class Printed:
    """The source of a plan and what it asks for."""

    source: str
    inputs: tuple[Node, ...]
    """What is entered row by row, in the order in which the block function takes it."""
    scalars: tuple[Node, ...]
    """What is entered once: figures, the date, places of texts."""
    types: tuple[str, ...]
    """The type in which each of ``inputs`` is handed in."""
    outputs: tuple[Node, ...]
    """What the block function gives, in order; behind them, what it keeps for the other."""
    varied: tuple[Node, ...]
    """What the function for figures that vary gives."""
    kept: tuple[Node, ...]
    """What the block function gives behind its outputs, in order."""
    resting: frozenset[int]
    """The nodes, by number, that rest on figures that vary."""
    once: tuple[int, ...]
    """The nodes, by number, that the function for what is the same for all rows gives, in order; behind them, tables."""


@dataclass
class _Written:
    """A node as it stands in the source: its text, whether it must be bracketed, and its type."""

    text: str
    bare: bool
    dtype: str


@dataclass
class Printer:
    """Prints the part of a plan that some outputs need."""

    plan: Plan
    outputs: Sequence[Node]
    stored: Mapping[tuple[str, str], ColumnShape]
    """How columns are stored, by table and fact."""
    varying: frozenset[Cell] = frozenset()
    """Figures that will vary while the columns do not: what rests on them is printed apart."""
    settled: frozenset[int] = frozenset()
    """Nodes that rest on such figures, and of these rows come to the same at every value they will take."""
    lines: list[str] = field(default_factory=list)
    _written: dict[int, _Written] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _levels: dict[int, str] = field(default_factory=dict)

    def printed(self) -> Printed:
        """The source."""
        needed = self._needed()
        vary = self._varying(needed)
        kept = self._kept(vary)
        uses = self._uses(needed, kept)
        scalars = [n for n in needed if n.level is None and n.op == "input"]
        inputs = [n for n in needed if n.level is not None and n.op == "input" and not _is_parent(n)]
        head = ["def prepare(given):", '    """What is the same for all rows."""', *self._prepare(needed, scalars)]
        shared = head.pop()
        for place, node in enumerate(inputs):
            self._input(node, place, uses.get(node.number, 0))
        outputs = {n.number for n in self.outputs}
        first = [*(n for n in self.outputs if n.number not in vary), *kept]
        # What is settled here may rest on what varies elsewhere: that is then printed in both functions.
        for node in _behind_all(first):
            if node.level is not None and node.op != "input":
                self._statement(node, uses, outputs)
        self._return(first)
        block = [*_BLOCK, *_taking(shared), *_letting_go(self.lines)]
        varied = self._varied(vary, kept, uses, shared) if self.varying else []
        return Printed(
            "\n".join([*head, "", "", *block, *varied]) + "\n",
            tuple(inputs),
            tuple(scalars),
            tuple(self._written[n.number].dtype for n in inputs),
            tuple(n for n in self.outputs if n.number not in vary),
            tuple(n for n in self.outputs if n.number in vary),
            tuple(kept),
            frozenset(vary),
            tuple(n.number for n in [*scalars, *_once(needed)]),
        )

    def _varied(self, vary: set[int], kept: list[Node], uses: dict[int, int], shared: str) -> list[str]:
        """The function for what depends on figures that vary, from what the block function keeps."""
        # What is not handed over must be made again, under the same name.
        self.lines, self._levels = [], {}
        outputs = {n.number for n in self.outputs}
        last = [n for n in self.outputs if n.number in vary]
        for node in _behind_all(last, vary):
            if node.level is not None and node.number in vary:
                self._statement(node, uses, outputs)
        self._return(last)
        handed = "".join(f"{self._text(n)}, " for n in kept)
        taken = [f"    ({handed}) = kept"] if handed else []
        return ["", "", *_VARIED, *_taking(shared), *taken, *_letting_go(self.lines)]

    def _return(self, nodes: list[Node]) -> None:
        self.lines.append(f"    return ({''.join(f'{self._text(n)}, ' for n in nodes)})")

    def _varying(self, needed: list[Node]) -> set[int]:
        """Every node that rests on a figure that varies."""
        found: set[int] = set()
        for node in needed:
            figure = node.op == "input" and node.data[0] == "figure" and node.data[1:] in self.varying
            rests = figure or any(n.number in found for n in (*node.args, *_behind(node)))
            if rests and node.number not in self.settled:
                found.add(node.number)
        return found

    def _kept(self, vary: set[int]) -> list[Node]:
        """What does not vary, and is needed for what does."""
        found: dict[int, Node] = {}
        for node in _behind_all([n for n in self.outputs if n.number in vary], vary):
            if node.number in vary and node.level is not None:
                for other in (*node.args, *_behind(node)):
                    if other.number not in vary and other.level is not None and not _is_parent(other):
                        found[other.number] = other
        return list(found.values())

    # -- what is needed ------------------------------------------------------------------------------------------

    def _needed(self) -> list[Node]:
        """Every node the outputs rest on, in the order made."""
        return _behind_all(self.outputs)

    def _uses(self, needed: list[Node], kept: list[Node]) -> dict[int, int]:
        uses: dict[int, int] = {}
        for node in needed:
            for arg in node.args:
                uses[arg.number] = uses.get(arg.number, 0) + _times(node)
        for node in (*self.outputs, *kept):
            uses[node.number] = uses.get(node.number, 0) + 2
        return uses

    # -- statements ----------------------------------------------------------------------------------------------

    def _prepare(self, needed: list[Node], scalars: list[Node]) -> list[str]:
        """The lines that work out what is the same for all rows; last, the names that are handed on."""
        once = _once(needed)
        lines, names = [], []
        for place, node in enumerate(scalars):
            name = self._name(_input_name(node))
            lines.append(f"    {name} = given[{place}]")
            self._written[node.number] = _Written(name, True, _type_of(node))
            names.append(name)
        for node in once:
            text = self._scalar(node)
            name = self._name(self.plan.names.get(node.number, f"once_{node.number}"))
            lines.append(f"    {name} = {text}")
            self._written[node.number] = _Written(name, True, _type_of(node))
            names.append(name)
        for node in needed:
            if node.op == "lookup" and node.level is not None:
                entries = ", ".join(self._text(entry) for entry in node.args[1:])
                lines.append(f"    table_{node.number} = np.array([{entries}], {_dtype(_type_of(node))})")
                names.append(f"table_{node.number}")
        shared = "".join(f"{name}, " for name in names)
        return [*lines, f"    return ({shared})", shared]

    def _input(self, node: Node, place: int, uses: int) -> None:
        name = self._name(_input_name(node))
        self._written[node.number] = _Written(name, True, self._type_handed_in(node, uses))
        self.lines.append(f"    {name} = columns[{place}]  # {' '.join(map(str, node.data))}")

    def _type_handed_in(self, node: Node, uses: int) -> str:
        """As it is stored, unless a narrower type pays for the conversion by being used often."""
        if node.truth:
            return "bool"
        kind, path, name = node.data
        if kind == "which":
            return "int8"
        if _is_reference(node):
            return "int64"
        stored, enough = self.stored[path, name].stored, _type_of(node)
        if stored not in _RANK or stored == "bool":
            return enough
        return enough if _RANK[enough] < _RANK[stored] and uses >= _WORTH_NARROWING else stored

    def _statement(self, node: Node, uses: dict[int, int], outputs: set[int]) -> None:
        text, dtype = self._expression(node)
        named = self.plan.names.get(node.number)
        alone = uses.get(node.number, 0) == 1 and node.number not in outputs and named is None
        if alone and node.op in (*_INFIX, "no", "number") and len(text) < _LONGEST and dtype != "object":
            self._written[node.number] = _Written(text, False, dtype)
            return
        name = self._name(named or f"{_OPS.get(node.op, node.op)}_{node.number}")
        self._written[node.number] = _Written(name, True, dtype)
        self.lines.append(f"    {name} = {text}")

    def _name(self, wanted: str) -> str:
        name = re.sub(r"\W", "_", wanted)
        if not name.isidentifier() or keyword.iskeyword(name):
            name = f"_{name}"
        number, base = 2, name
        while name in self._taken or name in _RESERVED:
            name, number = f"{base}_{number}", number + 1
        self._taken.add(name)
        return name

    # -- expressions ---------------------------------------------------------------------------------------------

    def _text(self, node: Node, inner: bool = False) -> str:
        if node.op == "const":
            value = node.constant
            text = str(bool(value)) if node.truth else str(value)
            return f"({text})" if inner and text.startswith("-") else text
        if _is_parent(node):
            return self._rows(node)
        written = self._written[node.number]
        return written.text if written.bare or not inner else f"({written.text})"

    def _scalar(self, node: Node) -> str:
        """A value that is the same for all: plain Python."""
        args = [self._text(a, inner=True) for a in node.args]
        match node.op:
            case "least" | "greatest":
                return f"{'min' if node.op == 'least' else 'max'}({args[0]}, {args[1]})"
            case "absolute":
                return f"abs({args[0]})"
            case "number":
                return f"int({args[0]})"
            case "no":
                return f"not {args[0]}"
            case "where":
                return f"{args[1]} if {args[0]} else {args[2]}"
            case "bit":
                return f"1 << {args[0]}"
            case "place_of_bit":
                return f"{args[0]}.bit_length() - 1"
            case "lookup":
                return f"({', '.join(args[1:])},)[{args[0]}]"
            case "packed":
                return f"int(PACKED[{args[0]}])"
            case "month_starts":
                return f"int(MONTH_STARTS[{args[0]}])"
            case "month_length":
                return f"int(MONTH_LENGTHS[{args[0]}])"
        return f"{args[0]} {_INFIX[node.op]} {args[1]}"

    def _expression(self, node: Node) -> tuple[str, str]:
        """A node as text, with its type."""
        match node.op:
            case "gather":
                return self._gather(node)
            case "lookup":
                dtype = "bool" if node.truth else _type_of(node)
                return f"table_{node.number}.take({self._text(node.args[0])})", dtype
            case "packed":
                return f"PACKED.take({self._text(node.args[0])})", "int32"
            case "month_starts":
                return f"MONTH_STARTS.take({self._text(node.args[0])})", "int32"
            case "month_length":
                return f"MONTH_LENGTHS.take({self._text(node.args[0])})", "int8"
            case "bit":
                dtype = _type_of(node)
                return f"np.left_shift(1, {self._text(node.args[0])}, dtype={_dtype(dtype)})", dtype
            case "place_of_bit":
                return f"np.log2({self._text(node.args[0])}.astype(np.float64)).astype(np.int8)", "int8"
            case "no":
                return f"~{self._text(node.args[0], inner=True)}", "bool"
            case "number":
                return f"{self._text(node.args[0], inner=True)}.astype(np.int8)", "int8"
            case "context" | "item":
                return self._joined(node)
            case "total" | "count" | "any":
                return self._reduction(node)
            case "where" | "least" | "greatest" | "absolute":
                return self._picked(node)
        if node.truth and node.op not in _COMPARING:
            return f"{self._text(node.args[0], True)} {_INFIX[node.op]} {self._text(node.args[1], True)}", "bool"
        return self._infix(node)

    def _infix(self, node: Node) -> tuple[str, str]:
        """Arithmetic in a type that holds what goes in and what comes out."""
        dtype = self._computing(node)
        left, right = self._cast(node.args, dtype, node.op in _COMPARING)
        text = f"{left} {_INFIX[node.op]} {right}"
        if node.op in _COMPARING:
            return (f"truths({text})", "bool") if dtype == "object" else (text, "bool")
        return text, dtype

    def _computing(self, node: Node) -> str:
        widths = [] if node.op in _COMPARING else [_type_of(node)]
        for arg in node.args:
            if not arg.truth:
                known = self._written.get(arg.number)
                widths += [_type_of(arg)] if arg.level is None or known is None else [known.dtype]
        return max(widths, key=_RANK.__getitem__)

    def _cast(self, args: Sequence[Node], dtype: str, comparing: bool = False) -> list[str]:
        """What goes in, one of it widened if none is wide enough by itself."""
        texts = [self._text(a, inner=True) for a in args]
        arrays = [i for i, a in enumerate(args) if a.level is not None and not a.truth]
        if comparing and len(arrays) < len(args) and dtype != "object":
            return texts  # an array and one number compare rightly whatever their types
        if dtype == "object":
            return [
                f"wide({self._text(a)})" if a.level is not None and not a.truth and self._dtype(a) != "object" else t
                for a, t in zip(args, texts, strict=True)
            ]
        if not any(self._dtype(args[i]) == dtype for i in arrays):
            if arrays:
                texts[arrays[0]] = f"{texts[arrays[0]]}.astype({_dtype(dtype)})"
            else:
                # A mask times what is the same for all: the mask becomes the number's type.
                place = next(i for i, a in enumerate(args) if a.level is not None)
                texts[place] = f"{texts[place]}.astype({_dtype(dtype)})"
        return texts

    def _dtype(self, node: Node) -> str:
        known = self._written.get(node.number)
        return _type_of(node) if known is None or node.level is None else known.dtype

    def _picked(self, node: Node) -> tuple[str, str]:
        values = node.args[1:] if node.op == "where" else node.args
        dtype = self._computing(node)
        if node.op == "absolute":
            return f"np.abs({self._cast(values, dtype)[0]})", dtype
        left, right = self._cast(values, dtype) if any(v.level is not None for v in values) else map(self._text, values)
        if node.op == "where":
            mask = self._text(node.args[0])
            if all(v.level is None for v in values):
                return f"np.where({mask}, {_dtype(dtype)}({left}), {_dtype(dtype)}({right}))", dtype
            return f"np.where({mask}, {left}, {right})", dtype
        return f"np.{'minimum' if node.op == 'least' else 'maximum'}({left}, {right})", dtype

    # -- between levels ------------------------------------------------------------------------------------------

    def _gather(self, node: Node) -> tuple[str, str]:
        source, index = node.args
        text = self._text(source, inner=True)
        dtype = "bool" if source.truth else self._dtype(source)
        rows = self._rows(index)
        return (f"{text}.take({rows})" if _is_rows(index) else f"fetched({text}, {rows})"), dtype

    def _rows(self, index: Node) -> str:
        """Row numbers: of the rows above where that is what is asked for, else whatever points to them."""
        if _is_parent(index):
            return f"parents[{index.data[1]!r}]"
        return self._text(index)

    def _joined(self, node: Node) -> tuple[str, str]:
        assert node.level is not None
        return f"{self._pairs(node.level)}[{0 if node.op == 'context' else 1}]", "int64"

    def _pairs(self, level: Level) -> str:
        """The rows of a level joined with somebody's items, made when first needed."""
        name = self._levels.get(id(level))
        if name is None:
            assert level.owner is not None
            name = self._name(f"pairs_{re.sub(r'[^a-z]', '_', level.path)}")
            self._levels[id(level)] = name
            self.lines.append(f"    {name} = joined({self._rows(level.owner)}, starts[{level.path!r}])")
        return name

    def _reduction(self, node: Node) -> tuple[str, str]:
        level = node.data
        pairs = level.of is not None
        starts = f"{self._pairs(level)}[2]" if pairs else f"starts[{level.path!r}]"
        value = node.args[0]
        if value.level is None:
            # The same for all items: how many there are settles it.
            size = f"np.diff({starts})"
            return (f"{size} > 0", "bool") if node.op == "any" else (size, "int64")
        text = self._text(value)
        if node.op == "total":
            dtype = "object" if _type_of(node) == "object" else "int64"
            inner = f"wide({text})" if dtype == "object" else text
            return f"totals({inner}, {starts})", dtype
        if node.op == "count":
            return f"counts({text}, {starts})", "int32"
        if pairs:
            return f"some({text}, {self._pairs(level)}[0], {starts})", "bool"
        return f"some({text}, parents[{level.path!r}], {starts})", "bool"


_OPS = {"gather": "of", "multiply": "product", "divide": "quotient", "subtract": "rest", "add": "sum", "no": "not"}
_RANK = {"bool": 0, "int8": 1, "int16": 2, "int32": 3, "int64": 4, "object": 5}
_RESERVED = frozenset(
    [
        "np",
        "columns",
        "parents",
        "starts",
        "sizes",
        "prepared",
        "given",
        "totals",
        "counts",
        "some",
        "fetched",
        "wide",
        "truths",
        "joined",
        "PACKED",
        "MONTH_STARTS",
        "MONTH_LENGTHS",
        "min",
        "max",
        "abs",
        "int",
        "block",
        "prepare",
    ]
)


_BLOCK = (
    "def block(columns, parents, starts, sizes, prepared):",
    '    """What the rules come to for a block of whole households."""',
)
_VARIED = (
    "def varied(kept, parents, starts, sizes, prepared):",
    '    """What changes with the figures that vary."""',
)


def _taking(shared: str) -> list[str]:
    """The line that takes up what is the same for all rows."""
    return [f"    ({shared}) = prepared"] if shared else []


def _once(needed: list[Node]) -> list[Node]:
    """What is worked out once for all rows."""
    return [node for node in needed if node.level is None and node.op not in ("input", "const")]


def _is_parent(node: Node) -> bool:
    return node.op == "input" and node.data[0] == "parent"


def _letting_go(lines: list[str]) -> list[str]:
    """The lines with what is not used again let go of, so that a block stays in the cache."""
    last: dict[str, int] = {}
    made: set[str] = set()
    for place, line in enumerate(lines):
        made.add(line.split("=", 1)[0].strip())
        for name in re.findall(r"[^\W\d]\w*", line.partition("  #")[0]):
            last[name] = place
    gone: dict[int, list[str]] = {}
    for name, place in last.items():
        if name in made and place < len(lines) - 1:
            gone.setdefault(place, []).append(name)
    result = []
    for place, line in enumerate(lines):
        result.append(line)
        if place in gone:
            result.append(f"    del {', '.join(gone[place])}")
    return result


def _behind(node: Node) -> tuple[Node, ...]:
    """What the rows of a node rest on, beyond what it takes."""
    level = node.data if node.op in ("total", "count", "any") else node.level
    return (level.owner,) if isinstance(level, Level) and level.owner is not None else ()


def _behind_all(outputs: Iterable[Node], among: Collection[int] | None = None) -> list[Node]:
    """Every node some rest on, in the order made; behind those that are not ``among`` some nodes it is not looked."""
    found: dict[int, Node] = {}
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node.number not in found:
            found[node.number] = node
            if among is None or node.number in among:
                waiting.extend(node.args)
                waiting.extend(_behind(node))
    return [found[number] for number in sorted(found)]


def _times(node: Node) -> int:
    """How often a node's text repeats what it takes: what is written twice is not written in place."""
    return 2 if node.op in ("least", "greatest", "gather", "total", "count", "any", "lookup", "where") else 1


def _is_rows(node: Node) -> bool:
    """Whether a node is row numbers that surely exist."""
    return node.op in ("context", "item") or _is_parent(node)


def _is_reference(node: Node) -> bool:
    return node.high >= 2**62


def _type_of(node: Node) -> str:
    if node.truth:
        return "bool"
    size = max(node.high, -node.low - 1).bit_length()
    return next((name for bits, name in _TYPES if size <= bits), "object")


def _dtype(name: str) -> str:
    return "bool" if name == "bool" else f"np.{name}" if name != "object" else "object"


def _input_name(node: Node) -> str:
    kind, *rest = node.data
    if kind == "as_of":
        return "as_of"
    if kind in ("figure", "figure_high"):
        rest[0] += "_at_most" if kind == "figure_high" else ""
        return "_".join([rest[0], *map(str, rest[1])])
    if kind == "text":
        return f"text_{node.number}"
    path, name = rest
    said = f"{path.replace('.', '_') or 'household'}_{name}"
    return said if kind == "column" else f"{said}_{kind}"
