"""What is said of a node in one language: the words all renderings share, before any of them lays them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from minzheng_rules.problems import Words
from minzheng_rules.trail import wording
from minzheng_rules.trail.citing import cite_all, instrument
from minzheng_rules.trail.node import Citation, Node, NodeKind, State
from minzheng_rules.trail.outline import Step, decisive_children, declared_none, outline
from minzheng_rules.trail.wording import colon, in_chinese, listed, look_up, phrase, semicolon, state_word, who

ILLUSTRATIVE = "illustrative"
_WEAK = ("secondary", "position", "recalled", ILLUSTRATIVE, "derived", "unknown")
_OPEN_ENDS = frozenset({NodeKind.FACT, NodeKind.PARAMETER, NodeKind.DELEGATION, NodeKind.JUDGEMENT})
# Line breaks, escape sequences and marks that turn the direction of writing: a name in a case must not be able to
# repaint a clerk's terminal or reorder what is on the page.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Badge:
    """A short remark beside the label; ``tone`` is ``weak``, ``aside`` or ``kind``."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said below the label: what it is, and the words.

    ``tone`` is ``plain``, ``open``, ``weak`` or ``aside``.
    """

    term: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is said of one step, in one language."""

    step: Step
    mark: str
    tone: State
    """The state by which the line is coloured: an entry that says no is not a failure."""
    label: str
    outcome: str
    """The state in words, the value, or both: 不成立; 3,380.00 元/月; 待定（0.00 至 86.00 元/月）."""
    subject: str
    badges: tuple[Badge, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One conclusion with its reasons: the notices that belong on top, and the steps."""

    root: Node
    notices: tuple[Remark, ...]
    entries: tuple[Entry, ...]


def clean(text: str) -> str:
    """Text on one line without control characters.

    >>> clean("张某\\x1b[2J\\n李某")
    '张某 [2J 李某'
    """
    return _UNPRINTABLE.sub(" ", text) if _UNPRINTABLE.search(text) else text


def accounts(roots: Sequence[Node], lang: str, full: bool) -> list[Account]:
    """The conclusions with their steps in words; what one of them sets out, the later ones refer to."""
    tainted = _resting_on_illustrative(roots)
    grouped: list[list[Entry]] = []
    for step in outline(roots, full):
        if step.depth == 0:
            grouped.append([])
        grouped[-1].append(_entry(step, lang, full, step.node.id in tainted))
    return [
        Account(entries[0].step.node, tuple(notices(entries[0].step.node, lang)), tuple(entries)) for entries in grouped
    ]


def value_text(node: Node, lang: str) -> str:
    """The value with its unit, unless the value already says it."""
    said = clean(node.value.say(lang))
    unit = clean(node.unit.say(lang)) if node.unit is not None else ""
    return f"{said} {unit}" if said and unit and unit not in said else said


def outcome_text(node: Node, lang: str) -> str:
    """How the node came out, in words."""
    word, value = state_word(node.kind, node.state, lang), value_text(node, lang)
    if not word:
        return value
    if clean(node.value.say(lang)) in _PLAIN:
        return word
    if node.state is State.UNDETERMINED:
        return f"{word} ({value})" if lang == "en" else f"{word}（{value}）"
    # An exception that applies, a row that matches: that it does, and what it yields.
    return f"{word}{', ' if lang == 'en' else '，'}{value}"


_PLAIN = wording.plain_words()


def notices(root: Node, lang: str) -> list[Remark]:
    """What must be known of a conclusion before its reasons are read: what is missing, and what it rests on."""
    deciding = _decisive_below(root)
    said: list[Remark] = []
    if root.state is State.UNDETERMINED:
        missing = [node for node in deciding if node.state is State.UNDETERMINED and node.kind in _OPEN_ENDS]
        said += [Remark(phrase("bring", lang), _to_bring(node, lang), "open") for node in missing]
    for status in ("unknown", ILLUSTRATIVE, "recalled", "position"):
        among = _rested_on([root]) if status == ILLUSTRATIVE else deciding
        weak = [node for node in among if _status(node) == status and node.state is not State.UNDETERMINED]
        if weak:
            names = listed(_names(weak, lang), lang)
            meaning = look_up(wording.STATUS_MEANINGS, status, lang)
            text = f"{names} ({meaning})" if lang == "en" else f"{names}（{meaning}）"
            said.append(Remark(look_up(wording.STATUSES, status, lang), text, "weak"))
    judged = [node for node in deciding if _judged(node) and node.state is not State.UNDETERMINED]
    if judged:
        names = listed(_names(judged, lang), lang)
        said.append(Remark(look_up(wording.KINDS, "judgement", lang), names, "weak"))
    return said


def instruments(roots: Sequence[Node], lang: str, full: bool) -> list[Remark]:
    """Each instrument cited in what is shown, with its number and the dates it is in force, in the order of citing."""
    found: dict[str, Citation] = {}
    for step in outline(roots, full, condense=False):
        for citation in step.node.citations:
            found.setdefault(citation.instrument, citation)
    return [
        Remark(instrument(citation, lang), period(citation.since, citation.until, lang)) for citation in found.values()
    ]


def period(since: date | None, until: date | None, lang: str) -> str:
    """From when to when something is in force; ``until`` is the last day.

    >>> from datetime import date
    >>> period(date(2021, 7, 1), date(2025, 12, 31), "zh"), period(date(2021, 7, 1), None, "en")
    ('2021-07-01 起，2025-12-31 止', 'from 2021-07-01')
    """
    parts = []
    if since is not None and since != date.min:
        parts.append(f"from {since}" if lang == "en" else f"{since} 起")
    if until is not None:
        parts.append(f"until {until}" if lang == "en" else f"{until} 止")
    return (" " if lang == "en" else "，").join(parts)


def _entry(step: Step, lang: str, full: bool, tainted: bool) -> Entry:
    node = step.node
    label, subject = clean(node.label.say(lang)), clean(node.whom(lang)) if step.subject else ""
    return Entry(
        step=step,
        mark=mark(node),
        tone=_tone(node),
        label=label,
        outcome=outcome_text(node, lang),
        subject=subject if subject != label else "",
        badges=tuple(_badges(step, lang, tainted)),
        remarks=tuple(_citation(step, lang, full) if step.refers else _remarks(step, lang, full)),
    )


def mark(node: Node) -> str:
    """The sign before a line: ✓ ✗ ? for tests, a dot for figures and entries, a dash for what did not matter."""
    return wording.MARKS[_tone(node)]


def _tone(node: Node) -> State:
    if node.kind in wording.ANSWER_KINDS and node.state in (State.TRUE, State.FALSE):
        return State.VALUE
    if node.kind is NodeKind.EXCEPTION and node.state is State.FALSE:
        return State.UNTOUCHED
    return node.state


# -- badges ----------------------------------------------------------------------------------------------------------


def _badges(step: Step, lang: str, tainted: bool) -> Iterable[Badge]:
    node = step.node
    if node.kind in wording.SHOWN_KINDS and not _says_its_kind(node) and not declared_none(node):
        yield Badge(look_up(wording.KINDS, node.kind.value, lang), "kind")
    status = _status(node)
    if status in _WEAK and node.state is not State.UNDETERMINED:
        yield Badge(look_up(wording.STATUSES, status, lang), "weak")
    elif tainted and (node.state is State.VALUE or node.kind in (NodeKind.CONCLUSION, NodeKind.COMPARISON)):
        yield Badge(phrase("contains_illustrative", lang), "weak")
    entered = node.kind is NodeKind.FACT or declared_none(node)
    if entered and node.state is not State.UNDETERMINED and not step.refers:
        supplied = _supplied(node, lang)
        if supplied:
            yield Badge(f"{phrase('origin', lang)}{colon(lang)}{supplied}", "aside")
    if step.condensed:
        yield Badge(look_up(wording.FACT_ORIGINS, "declared_none", lang), "aside")
    if step.turns:
        yield Badge(phrase("not_decisive", lang), "aside")


def _says_its_kind(node: Node) -> bool:
    if node.kind not in (NodeKind.ALL, NodeKind.ANY, NodeKind.NOT):
        return False
    label = node.label.say("zh")
    return label in wording.LISTS_THAT_SAY_HOW or (node.formula is not None and node.formula.say("zh") == label)


def _judged(node: Node) -> bool:
    return node.kind is NodeKind.JUDGEMENT and not declared_none(node)


def _status(node: Node) -> str:
    return node.origin.status if node.origin is not None else ""


def illustrative_figures(roots: Sequence[Node]) -> list[Node]:
    """The illustrative figures that conclusions, with the amounts and bounds they name, go back to."""
    return [node for node in _rested_on(roots) if _invented(node)]


def _invented(node: Node) -> bool:
    """Whether it is an illustrative figure that is computed with, and not one that counts as unknown."""
    unused = node.kind is NodeKind.PARAMETER and node.state is State.UNDETERMINED
    return _status(node) == ILLUSTRATIVE and not unused


def _resting_on_illustrative(roots: Sequence[Node]) -> set[str]:
    """The ids of all nodes whose outcome goes back to an illustrative figure."""
    users: dict[str, list[str]] = {}
    start: list[str] = []
    for node in _every(roots, lambda node: node.children):
        if _invented(node):
            start.append(node.id)
        for child in _rests_on(node):
            users.setdefault(child.id, []).append(node.id)
    reached: set[str] = set()
    while start:
        id = start.pop()
        if id not in reached:
            reached.add(id)
            start.extend(users.get(id, ()))
    return reached


def _rested_on(roots: Sequence[Node]) -> Iterable[Node]:
    return _every(roots, _rests_on)


def _rests_on(node: Node) -> Sequence[Node]:
    """What an outcome goes back to: of a logical step what settles it, of a number everything that went into it.

    A conclusion that is not a refusal names amounts, or bounds of them, whether or not these settle it.
    """
    settled_by_some = node.kind in _LOGICAL or (node.kind is NodeKind.CONCLUSION and node.state is State.FALSE)
    return (settled_by_some and decisive_children(node)) or node.children


_LOGICAL = frozenset({NodeKind.CONDITION, NodeKind.ALL, NodeKind.ANY, NodeKind.NOT})


def _every(roots: Sequence[Node], below: Callable[[Node], Sequence[Node]]) -> Iterable[Node]:
    seen: set[str] = set()
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node.id not in seen:
            seen.add(node.id)
            yield node
            stack.extend(reversed(below(node)))


def _decisive_below(root: Node) -> list[Node]:
    return [step.node for step in outline([root], condense=False) if not step.refers]


def _names(nodes: Sequence[Node], lang: str) -> list[str]:
    """What the nodes are called, each name once, with all whom it concerns."""
    whom: dict[str, dict[str, None]] = {}
    for node in nodes:
        subjects = whom.setdefault(clean(node.label.say(lang)), {})
        if node.subject and node.kind in (NodeKind.FACT, NodeKind.JUDGEMENT):
            subjects[clean(node.whom(lang))] = None
    return [_with_subjects(label, list(subjects), lang) for label, subjects in whom.items()]


def _with_subjects(label: str, subjects: list[str], lang: str) -> str:
    if not subjects:
        return label
    return f"{label} ({listed(subjects, lang)})" if lang == "en" else f"{label}（{listed(subjects, lang)}）"


# -- remarks ---------------------------------------------------------------------------------------------------------


def _remarks(step: Step, lang: str, full: bool) -> Iterable[Remark]:
    node = step.node
    if not step.condensed:
        yield from _calculation(node, lang, full)
        yield from _line(node, lang)
    if node.reason is not None and not _names_finder_only(node):
        tone = "open" if node.state is State.UNDETERMINED else "plain"
        # Figures say why they are not known in the rulebook's own language only.
        only_chinese = lang == "en" and node.kind is NodeKind.PARAMETER and in_chinese(node.reason.en)
        key = "reason_in_chinese" if only_chinese else "reason"
        yield Remark(phrase(key, lang), clean(node.reason.say(lang)), tone)
    if node.state is State.UNDETERMINED and node.kind in _OPEN_ENDS:
        yield from _open_end(node, lang)
    if step.condensed:
        yield from _citation(step, lang, full)
        return
    yield from _origin(node, lang, full)
    if _dated(node, full):
        yield Remark(phrase("in_force", lang), period(node.since, node.until, lang), "aside")
    yield from _citation(step, lang, full)
    if full and node.place is not None:
        yield Remark(phrase("place", lang), clean(str(node.place)), "aside")


def _citation(step: Step, lang: str, full: bool) -> Iterable[Remark]:
    """The articles, those of the steps that only name this one first; what the line above has just cited is not repeated.

    A step that is set out elsewhere cites its articles there.
    """
    own = () if step.refers else step.node.citations
    above = [citation for node in step.folded for citation in node.citations]
    below = [citation for node in step.condensed for citation in node.citations]
    cited = tuple(dict.fromkeys((*above, *own, *below)))
    if cited and (full or step.above is None or cited != step.above.citations):
        yield Remark(phrase("citation", lang), cite_all(cited, lang), "aside")


def _calculation(node: Node, lang: str, full: bool) -> Iterable[Remark]:
    """The expression as written and with the numbers in; for a rounding, what went in and what came out."""
    label = clean(node.label.say(lang))
    formula = clean(node.formula.say(lang)) if node.formula is not None else ""
    filled = clean(node.filled.say(lang)) if node.filled is not None else ""
    if formula == label:
        formula = ""
    if filled == value_text(node, lang) or (not full and _shown_by_operand(node)):
        filled = ""
    if node.kind is NodeKind.ROUNDING and not filled and node.children:
        filled = f"{value_text(node.children[0], lang)} → {value_text(node, lang)}"
    if formula and filled and formula != filled:
        namely = ", that is " if lang == "en" else "，即 "
        yield Remark(phrase("formula", lang), f"{formula}{namely}{filled}")
    elif filled and filled != label:
        term = "rounding" if node.kind is NodeKind.ROUNDING else "filled"
        yield Remark(phrase(term, lang), filled)
    elif formula:
        yield Remark(phrase("cells" if node.kind is NodeKind.TABLE_ROW else "formula", lang), formula)


def _shown_by_operand(node: Node) -> bool:
    """Whether the one operand, on the next line, shows all there is to fill in: 关系 = 配偶."""
    return len(node.children) == 1 and node.margin is None and node.state in (State.TRUE, State.FALSE)


def _line(node: Node, lang: str) -> Iterable[Remark]:
    """How far from the line, and whether the line itself is inside."""
    margin = clean(node.margin.say(lang)) if node.margin is not None else ""
    said = _wording(node.wording, lang)
    if margin:
        yield Remark(phrase("margin", lang), margin + (semicolon(lang) + said if said else ""))
    elif said:
        yield Remark(phrase("wording", lang), said)


def _wording(word: str, lang: str) -> str:
    """The text's own word, and whether it includes the figure (民法典 1259)."""
    if not word:
        return ""
    sort = "inclusive" if word in wording.INCLUSIVE else "exclusive" if word in wording.EXCLUSIVE else ""
    if lang == "en":
        english = wording.ENGLISH_WORDINGS.get(word)
        said = f"the text says “{english}” ({word})" if english else f"the text says “{word}”"
        return f"{said}, {phrase(sort, lang)}" if sort else said
    return f"原文“{word}”，{phrase(sort, lang)}" if sort else f"原文“{word}”"


def _origin(node: Node, lang: str, full: bool) -> Iterable[Remark]:
    origin = node.origin
    if origin is None:
        return
    if node.state is not State.UNDETERMINED and node.kind is not NodeKind.FACT and not declared_none(node):
        supplied = _supplied(node, lang)
        if supplied:
            yield Remark(phrase("decided_by" if node.kind is NodeKind.JUDGEMENT else "origin", lang), supplied)
    if origin.status in _WEAK and origin.status != "unknown":
        standing = [look_up(table, origin.status, lang) for table in (wording.STATUSES, wording.STATUS_MEANINGS)]
        yield Remark(phrase("status", lang), (", " if lang == "en" else "，").join(standing), "weak")
    if _says_setter(node, full):
        yield Remark(phrase("set_by", lang), who(origin.setter, lang), "aside")
    if origin.note and _notes(node, full):
        note = (origin.note_en if lang == "en" else "") or origin.note
        key = "note_in_chinese" if lang == "en" and in_chinese(note) else "note"
        yield Remark(phrase(key, lang), clean(note), "aside")


def _notes(node: Node, full: bool) -> bool:
    """Notes explain entries and figures to those who enter them; the short view keeps those a reader must weigh."""
    if node.reason is not None and node.origin is not None and node.reason.zh == node.origin.note:
        # Why a figure is open is often all that is noted of it.
        return False
    weak = _status(node) in _WEAK or node.state is State.UNDETERMINED or _judged(node)
    return full or weak or node.kind not in _OPEN_ENDS


def _names_finder_only(node: Node) -> bool:
    """Whether the reason of a finding says no more than who finds it, which “decided by” says in both languages."""
    if node.kind is not NodeKind.JUDGEMENT or node.reason is None or node.origin is None:
        return False
    return node.reason.zh in {f"由{name}认定" for name in node.origin.departments}


def _says_setter(node: Node, full: bool) -> bool:
    """Who may set a figure or fill a term is said in the full view; where it is still open, “to bring” says it."""
    if node.origin is None or not node.origin.setter or node.state is State.UNDETERMINED:
        return False
    return node.kind is NodeKind.DELEGATION or (full and node.kind is not NodeKind.JUDGEMENT)


def _supplied(node: Node, lang: str) -> str:
    """Where a figure or fact comes from, on one line."""
    origin = node.origin
    if origin is None:
        return ""
    if _judged(node):
        # The reason of an entered finding says who made it and when; its source is the evidence.
        found = "" if origin.how == "found" else who(origin.departments or origin.setter, lang)
        return semicolon(lang).join(part for part in (found, clean(origin.source)) if part)
    parts = []
    if origin.how and origin.how not in ("given", "missing"):
        parts.append(look_up(wording.FACT_ORIGINS, origin.how, lang))
    elif origin.departments:
        parts.append(who(origin.departments, lang))
    if not parts and origin.how == "given":
        parts.append(look_up(wording.FACT_ORIGINS, "given", lang))
    if origin.layer and node.kind in (NodeKind.PARAMETER, NodeKind.DELEGATION, NodeKind.EXCEPTION):
        known = origin.layer in wording.LAYERS or lang != "en" or not origin.layer_en
        parts.append(clean(look_up(wording.LAYERS, origin.layer, lang) if known else origin.layer_en))
    if origin.source:
        parts.append(clean(origin.source))
    return semicolon(lang).join(parts)


def _dated(node: Node, full: bool) -> bool:
    """Dates are said of what has an end, and of figures that change from year to year."""
    if not period(node.since, node.until, "zh"):
        return False
    return full or node.until is not None or node.kind in (NodeKind.PARAMETER, NodeKind.DELEGATION)


def _open_end(node: Node, lang: str) -> Iterable[Remark]:
    """Who can settle an open end; the label is already said on the line above."""
    sentence = to_bring(_SETTLED_BY[node.kind], "", _settled_by(node), lang)
    if sentence:
        yield Remark(phrase("bring", lang), sentence, "open")


def _to_bring(node: Node, lang: str) -> str:
    """What would settle an open end, and who can supply it."""
    return to_bring(_SETTLED_BY[node.kind], _names([node], lang)[0], _settled_by(node), lang)


def _settled_by(node: Node) -> tuple[str, ...]:
    origin = node.origin
    if origin is None:
        return ()
    if node.kind in (NodeKind.FACT, NodeKind.JUDGEMENT):
        return origin.departments or origin.setter
    return origin.setter or origin.departments


_SETTLED_BY = {
    NodeKind.FACT: "fact",
    NodeKind.PARAMETER: "parameter",
    NodeKind.DELEGATION: "delegation",
    NodeKind.JUDGEMENT: "judgement",
}

_BRING = {
    "fact": Words("由{who}提供", "supplied by {who}"),
    "parameter": Words("由{who}公布标准", "a standard to be published by {who}"),
    "delegation": Words("由{who}作出规定，或由人认定后填报", "to be laid down by {who}, or a finding to be entered"),
    "judgement": Words("由{who}认定", "to be decided by {who}"),
}


def to_bring(kind: str, what: str, names: tuple[str, ...], lang: str) -> str:
    """What is missing and who supplies it, in a sentence.

    >>> to_bring("fact", "工资性收入", ("税务", "社保"), "zh")
    '工资性收入，由税务或社保提供'
    >>> to_bring("parameter", "低保标准", (), "en")
    '低保标准'
    """
    sentence = _BRING.get(kind)
    parts = [what] if what else []
    if sentence is not None and names:
        parts.append(sentence.say(lang).format(who=who(names, lang, either=True)))
    return (", " if lang == "en" else "，").join(parts)
