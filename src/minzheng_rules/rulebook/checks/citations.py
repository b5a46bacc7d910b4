"""Citations: rules without one, instruments and editions not registered, articles beyond the last, provisions not in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from minzheng_rules.language.rules import Cite, Declaration, Item
from minzheng_rules.problems import Problem, Words, nearest
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Findings, Survey, cites_within, dated, items_of, listed
from minzheng_rules.rulebook.definitions import Definition, Table, TableParameter
from minzheng_rules.rulebook.sources import Source


def every_cite(survey: Survey) -> Iterator[Cite]:
    """Every citation of a rulebook: of rules and their parts, of figures, of what is not encoded, of stacking and checks."""
    for definition in survey.definitions:
        yield from definition.declaration.cites
        yield from cites_within(definition.declaration)
        body = definition.body
        tables = [body] if isinstance(body, Table) else []
        if isinstance(body, TableParameter):
            tables = [table for _, table in body.tables]
        for table in tables:
            for row in table.rows:
                yield from row.cites
    for parameter in survey.rulebook.parameters.values():
        for figures in parameter.figures.values():
            for figure in figures:
                yield from figure.sources
    for stacks in survey.rulebook.stacks.values():
        for stack in stacks:
            yield from stack.cites
    for expected in survey.rulebook.expected:
        yield from expected.cites
    for entry in survey.rulebook.not_encoded:
        yield from entry.cites


# -- each citation -------------------------------------------------------------------------------------------------


def _each(survey: Survey) -> Iterator[Problem]:
    for cite in every_cite(survey):
        source = survey.rulebook.sources.by_id.get(cite.instrument)
        if source is None:
            yield from _unregistered(cite, survey)
            continue
        if cite.edition and cite.edition not in [name for name, _ in source.editions]:
            yield _unknown_edition(cite, source)
        number = re.match(r"\d+", cite.article)
        if number is not None and not _has_article(source, number[0], cite.article):
            yield _beyond(cite, source, number[0])


def _unregistered(cite: Cite, survey: Survey) -> Iterator[Problem]:
    found: list[Problem] = []
    survey.rulebook.sources.check([cite], found)
    yield from found


def _has_article(source: Source, number: str, written: str) -> bool:
    if source.articles is None:
        return True
    if isinstance(source.articles, int):
        return 1 <= int(number) <= source.articles
    return number in source.articles or written in source.articles


def _unknown_edition(cite: Cite, source: Source) -> Problem:
    known = [name for name, _ in source.editions]
    near = nearest(cite.edition, known)
    if near is not None:
        step = Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
    elif known:
        step = Words("登记的版本：" + "、".join(known), "registered editions: " + ", ".join(known))
    else:
        step = Words("请在 sources.yaml 中登记 editions", "register its `editions` in sources.yaml")
    return Problem(
        "cite.unknown-edition",
        Words(
            f"{source.id}（{source.title.zh}）没有登记“{cite.edition}”这个版本",
            f"{source.id} ({source.title.en}) has no registered edition `{cite.edition}`",
        ),
        cite.place,
        step,
    )


def _beyond(cite: Cite, source: Source, number: str) -> Problem:
    if isinstance(source.articles, int):
        has = Words(f"登记为共 {source.articles} 条", f"is registered with {source.articles} articles")
    else:
        articles = source.articles or ()
        shown = ", ".join(articles[:12]) + (" …" if len(articles) > 12 else "")
        has = Words(f"登记的条目是 {shown}", f"is registered with the articles {shown}")
    return Problem(
        "cite.no-such-article",
        Words(
            f"引用了 {cite.instrument} 第 {number} 条，而{source.title.zh}{has.zh}",
            f"article {number} of {cite.instrument} is cited, but {source.title.en} {has.en}",
        ),
        cite.place,
        Words(
            "请核对条号；登记有误的，请改 sources.yaml",
            "check the number of the article; if the registration is wrong, correct sources.yaml",
        ),
    )


# -- rules ---------------------------------------------------------------------------------------------------------


def _missing(survey: Survey) -> Iterator[Problem]:
    for definition in survey.definitions:
        declaration = definition.declaration
        if not declaration.cites and not survey.layers[declaration.layer].overlay:
            name = survey.rule(definition.key)
            yield Problem(
                "cite.missing",
                Words(f"规则{name.zh}没有出处（cite）", f"the rule {name.en} cites nothing"),
                declaration.place,
                Words(
                    "请写上依据的文件和条款，例如 cite: M57#13；条文没有写而由我们取的，再写 status: position",
                    "name the instrument and article it rests on, as in `cite: M57#13`; if the texts are silent, add `status: position`",
                ),
            )


def _out_of_force(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    for definition in survey.definitions:
        declaration = definition.declaration
        for index in survey.in_force(definition):
            day, sources = survey.stretches[index].first, survey.rulebook.sources
            if declaration.cites and not any(sources.in_force(cite, day) for cite in declaration.cites):
                findings.add(id(definition), index, partial(_none_in_force, definition, survey))
                continue
            for item in _cited_items(declaration):
                if _of_known(item.cites, survey) and not any(sources.in_force(c, day) for c in item.cites):
                    findings.add((id(definition), item.place), index, partial(_item_not_in_force, item))
    yield from findings.problems()


def _cited_items(declaration: Declaration) -> Iterator[Item]:
    yield from (item for item in items_of(declaration) if item.cites)


def _of_known(cites: tuple[Cite, ...], survey: Survey) -> bool:
    return all(cite.instrument in survey.rulebook.sources.by_id for cite in cites)


def _none_in_force(definition: Definition, survey: Survey, dates: Words) -> Problem:
    name = survey.rule(definition.key)
    cites = listed(_written(cite) for cite in definition.declaration.cites)
    return Problem(
        "cite.not-in-force",
        dated(
            Words(
                f"规则{name.zh}有效，而它引用的 {cites.zh} 那时都不施行",
                f"the rule {name.en} is in force when nothing it cites ({cites.en}) is",
            ),
            dates,
        ),
        definition.declaration.cites[0].place,
        Words(
            "请改日期，或补上那段时间的依据；依据已废止的，请写 until",
            "change the dates, or add what it rests on then; if the basis was repealed, write `until`",
        ),
    )


def _item_not_in_force(item: Item, dates: Words) -> Problem:
    cites = listed(_written(cite) for cite in item.cites)
    return Problem(
        "cite.item-not-in-force",
        dated(
            Words(
                f"这条规则有效，而这一项引用的 {cites.zh} 那时不施行",
                f"the rule is in force when nothing this item cites ({cites.en}) is",
            ),
            dates,
        ),
        item.cites[0].place,
        Words(
            "请补上那段时间的依据，或把这一项写进另一个版本",
            "add what the item rests on then, or move it to a version of its own",
        ),
        "warning",
    )


def _written(cite: Cite) -> Words:
    text = cite.instrument + (f"@{cite.edition}" if cite.edition else "") + (f"#{cite.article}" if cite.article else "")
    return Words(text, text)


CHECKS = (
    Check(
        "citations",
        Words("引用的文件、版本和条号存不存在", "citations of instruments, editions or articles that do not exist"),
        _each,
    ),
    Check("uncited rules", Words("规则有没有出处", "rules that cite nothing"), _missing),
    Check(
        "citations in force",
        Words("规则有效的每一天，依据是否施行", "rules in force on days on which nothing they cite is"),
        _out_of_force,
    ),
)
