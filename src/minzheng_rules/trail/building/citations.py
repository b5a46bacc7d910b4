"""Citations with what their instruments are called."""

from __future__ import annotations

from minzheng_rules.language.rules import Cite
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.sources import Sources
from minzheng_rules.trail.node import Citation


def citation(cite: Cite, sources: Sources) -> Citation:
    """A citation with the title, number and dates of the instrument it names."""
    source = sources.by_id.get(cite.instrument)
    return Citation(
        instrument=cite.instrument,
        article=cite.article,
        title=source.title if source else Words(cite.instrument, cite.instrument),
        number=source.number if source else "",
        since=source.start if source else None,
        until=source.end if source else None,
    )
