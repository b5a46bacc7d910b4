"""The pages about the rule language say what the code does: their tables, results and outputs are made anew and compared.

After a change of the language, run ``python docs/language/make.py`` and read what it changed.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from minzheng_rules.language.resolving import FUNCTIONS
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.rulebook.schema import KEYS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [
    *(DOCS / "language" / f"{name}{suffix}" for name in ("reference", "messages", "tutorial") for suffix in (".md", ".zh.md")),
    *(DOCS / "how-to" / f"write-your-first-program{suffix}" for suffix in (".md", ".zh.md")),
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_says_what_is_so(make: ModuleType, path: Path) -> None:
    page = make.Page(path)
    assert page.made() == page.written, "run python docs/language/make.py and read what it changed"


def test_no_page_is_left_out(make: ModuleType) -> None:
    assert set(make.PAGES) == set(PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_run_or_is_what_came_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for block in re.finditer(r"^```(\w*)\n", text, re.MULTILINE):
        before = text[: block.start()]
        came_out = re.search(r"<!-- (gives|prints)(: [^>]*)? -->\n\Z", before) is not None
        a_message = path.name.startswith("messages") and before.endswith("`\n\n")
        assert block[1] in ("yaml", "sh") or came_out or a_message or not block[1], before[-80:]


def test_the_reference_has_every_part_of_a_file_and_every_function(make: ModuleType) -> None:
    for path in PAGES[:2]:
        text = path.read_text(encoding="utf-8")
        for part in KEYS:
            assert f"<!-- made: keys {part} -->" in text, part
        for name in (*make.TABLES.keys() - {"keys", "example", "messages"}, *FUNCTIONS):
            assert name in text
        examples = {example.stem for example in (DOCS / "language" / "examples").glob("*.yaml")}
        assert set(re.findall(r"<!-- made: example (\w+) -->", text)) == examples


def test_both_languages_have_the_same_chapters_and_examples() -> None:
    for english, chinese in zip(PAGES[::2], PAGES[1::2], strict=True):
        texts = [path.read_text(encoding="utf-8") for path in (english, chinese)]
        assert len({len(re.findall(r"^## ", text, re.MULTILINE)) for text in texts}) == 1
        assert len({tuple(re.findall(r"<!-- (?!prints)([^>]*) -->", text)) for text in texts}) == 1


def test_only_the_chapter_on_mistakes_shows_mistakes(make: ModuleType) -> None:
    for path in sorted((DOCS / "language" / "examples").glob("*.yaml")):
        example = make.Example()
        for block in re.split(r"^(?:---|# gives.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            if block:
                example.add(block)
        loaded = make.outcome(tuple(sorted(example.files.items())), None)
        assert isinstance(loaded, Rulebook) is (path.stem != "refused"), path.name
