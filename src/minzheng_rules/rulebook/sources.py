"""The legal instruments a rulebook cites, each registered once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from minzheng_rules.language.reading import Listing, Mapping, Text, known_keys
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite, RuleReader
from minzheng_rules.problems import Problem, Words, nearest

KEYS = ("title", "title_en", "number", "issuer", "rank", "from", "until", "editions", "articles", "seen", "note")
EDITION_KEYS = ("id", "from")


class Source(Record):
    """A law, regulation or notice: what it is called and when it is in force."""

    id: str
    title: Words
    number: str
    issuer: str
    rank: str
    start: date | None
    end: date | None
    editions: tuple[tuple[str, date], ...]
    seen: str
    articles: tuple[str, ...] | int | None

    def in_force(self, day: date, edition: str = "") -> bool:
        """Whether the instrument (or one edition of it) is in force on a day."""
        if (self.start is not None and day < self.start) or (self.end is not None and day > self.end):
            return False
        if not edition:
            return True
        current = [name for name, since in self.editions if since <= day]
        return bool(current) and current[-1] == edition


class Sources:
    """All registered instruments of a rulebook."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.by_id = {source.id: source for source in sources}

    def in_force(self, cite: Cite, day: date) -> bool:
        """Whether a citation stands on a day."""
        source = self.by_id.get(cite.instrument)
        return source is not None and source.in_force(day, cite.edition)

    def boundaries(self, cites: Iterable[Cite]) -> set[date]:
        """The days on which one of the cited instruments begins, or has just ended."""
        days: set[date] = set()
        for cite in cites:
            source = self.by_id.get(cite.instrument)
            if source is None:
                continue
            if source.start is not None:
                days.add(source.start)
            if source.end is not None:
                days.add(date.fromordinal(source.end.toordinal() + 1))
            days.update(since for _, since in source.editions)
        return days

    def check(self, cites: Iterable[Cite], problems: list[Problem]) -> None:
        """Report citations of instruments that are not registered."""
        for cite in cites:
            if cite.instrument in self.by_id:
                continue
            near = nearest(cite.instrument, self.by_id)
            problems.append(
                Problem(
                    "cite.unknown",
                    Words(
                        f"没有登记“{cite.instrument}”这份文件", f"the instrument `{cite.instrument}` is not registered"
                    ),
                    cite.place,
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "请先在 rules/sources.yaml 中登记；引用写作“编号#条”，如 M57#13",
                        "register it in rules/sources.yaml; a citation is written `id#article`, as in M57#13",
                    ),
                )
            )


def read_sources(tree: Mapping, problems: list[Problem]) -> list[Source]:
    """Read ``sources.yaml``."""
    reader = RuleReader(problems)
    result = []
    for id in tree:
        entry = tree.get(id)
        if not isinstance(entry, Mapping):
            problems.append(
                Problem(
                    "sources.shape",
                    Words(f"“{id}”下面应是 title、number 等", f"`{id}` should hold `title`, `number` and so on"),
                    tree.keys[id].place(),
                    _A_SOURCE,
                )
            )
            # Registered all the same: that everything cites an unknown instrument would only hide what is wrong.
            result.append(Source(id, Words(id, id), "", "", "", None, None, (), "verbatim", None))
            continue
        known_keys(entry, KEYS, Words("文件登记", "a registered instrument"), problems)
        texts = {
            key: reader.text(entry, key)
            for key in ("title", "title_en", "number", "issuer", "rank", "from", "until", "seen")
        }
        start, end = texts["from"], texts["until"]
        title = texts["title"]
        if title is None:
            problems.append(
                Problem(
                    "sources.title",
                    Words(f"“{id}”缺少 title：文件的全称", f"`{id}` has no `title`, the instrument's full name"),
                    tree.keys[id].place(),
                    _A_SOURCE,
                )
            )
        editions: list[tuple[str, date]] = []
        listed = entry.get("editions")
        for edition in listed.items if isinstance(listed, Listing) else ():
            if isinstance(edition, Mapping):
                known_keys(edition, EDITION_KEYS, Words("版本", "an edition"), problems)
                name, since = reader.text(edition, "id"), reader.text(edition, "from")
                day = reader.date(since) if since else None
                if name is not None and day is not None:
                    editions.append((name.value, day))
        result.append(
            Source(
                id=id,
                title=Words(title.value if title else id, (texts["title_en"] or title or tree.keys[id]).value),
                number=_value(texts["number"]),
                issuer=_value(texts["issuer"]),
                rank=_value(texts["rank"]),
                start=reader.date(start) if start else None,
                end=reader.date(end) if end else None,
                editions=tuple(editions),
                seen=_value(texts["seen"]) or "verbatim",
                articles=_articles(entry),
            )
        )
    return result


def _value(text: Text | None) -> str:
    return text.value if text is not None else ""


def _articles(entry: Mapping) -> tuple[str, ...] | int | None:
    found = entry.get("articles")
    if isinstance(found, Text) and found.value.isdigit():
        return int(found.value)
    if isinstance(found, Listing):
        return tuple(item.value for item in found.items if isinstance(item, Text))
    return None


_A_SOURCE = Words(
    "例如 M57: {title: 最低生活保障审核确认办法, number: 民发〔2021〕57号, from: 2021-07-01}",
    "for example M57: {title: 最低生活保障审核确认办法, number: 民发〔2021〕57号, from: 2021-07-01}",
)
