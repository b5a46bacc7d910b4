"""The published JSON Schemas: what loads validates, unknown keys do not, and the files are those the source gives."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from minzheng_rules.language.reading import Listing, Mapping, Reader, Text, Tree
from minzheng_rules.rulebook.schema import FOLDER, KEYS, SCHEMAS, WORDS, schema_for, written

REPOSITORY = Path(__file__).resolve().parents[2]
TOY = REPOSITORY / "tests" / "toy"
BAD = REPOSITORY / "tests" / "language" / "bad_files"


def _files(root: Path) -> list[tuple[Path, str]]:
    paths = [*(root / "rules").rglob("*.yaml"), *(root / "policies").rglob("*.yaml")]
    paths = [path for path in paths if "monitors" not in path.parts]  # monitors have a form of their own
    return [(path, path.relative_to(root).as_posix()) for path in sorted(paths)]


GOOD = [*_files(REPOSITORY), *_files(TOY), *_files(BAD / "base")]


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _plain(tree: Tree, typed: bool) -> Any:
    """A file as an editor sees it: scalars as text, or with the types YAML 1.2 gives plain ones."""
    if isinstance(tree, Mapping):
        return {key: _plain(inner, typed) for key, inner in tree.entries.items()}
    if isinstance(tree, Listing):
        return [_plain(item, typed) for item in tree.items]
    assert isinstance(tree, Text)
    if typed and tree.style is None:
        if tree.value in ("true", "false"):
            return tree.value == "true"
        if re.fullmatch(r"-?\d+(\.\d+)?", tree.value):
            return float(tree.value)
    return tree.value


def _schema_name(path: Path, within: str) -> str:
    """A rule file of an overlay lies among the policies."""
    tree = Reader().read(path)
    return "rule-file" if tree is not None and "program" in tree else str(schema_for(within))


@pytest.mark.parametrize("typed", [False, True], ids=["text", "typed"])
@pytest.mark.parametrize(("path", "within"), GOOD, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_every_good_file_validates(path: Path, within: str, typed: bool) -> None:
    tree = Reader().read(path)
    assert tree is not None
    errors = list(_validator(_schema_name(path, within)).iter_errors(_plain(tree, typed)))
    assert not errors, "\n".join(f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors)


REFUSED = [
    "file.unknown-key",
    "file.unknown-key.none_near",
    "file.unknown-key.manifest",
    "file.unknown-key.sources",
    "file.status",
    "facts.incomplete.text",
    "manifest.layer",
    "manifest.layers",
    "rule.level.manifest",
    "parameter.range",
    "parameter.shape",
    "parameter.values",
    "rule-file.header",
    "rule-file.block",
    "rule-file.rules",
    "rule.cases",
    "rule.hit",
    "rule.id",
    "rule.items",
    "rule.shape",
    "rule.versions",
    "rule.wording",
    "sources.shape",
    "sources.title",
    "yaml.brackets.comma",
]


@pytest.mark.parametrize("name", REFUSED)
def test_bad_files_do_not_validate(name: str) -> None:
    path = BAD / f"{name}.yaml"
    (within,) = re.findall(r"^# as: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    import yaml

    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # as an editor: keys a comma made stay
    assert not _validator(str(schema_for(within))).is_valid(loaded)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_files_are_those_the_source_gives(name: str) -> None:
    text = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == written(SCHEMAS[name]()), "run: python -m minzheng_rules.rulebook.schema"


@pytest.mark.parametrize("part", KEYS)
def test_every_key_is_explained(part: str) -> None:
    assert set(WORDS[part]) == set(KEYS[part])
