"""`minzheng schema`: the JSON Schema of what the library reads."""

from __future__ import annotations

import click

from minzheng_rules.cli.asking import language_option, output_option, rulebook_option
from minzheng_rules.cli.commanding import Command, argument
from minzheng_rules.cli.files import as_json, emit
from minzheng_rules.cli.kinds import kind_option, model_of
from minzheng_rules.cli.values import OneOf
from minzheng_rules.problems import Words

_WORDS = Words(
    "给出个案文件、规则文件或参数文件的 JSON Schema：编辑器据此提示和检查，别的程序据此生成个案。",
    "Print the JSON Schema of a case, rule or parameter file, for editors and for programs that write cases.",
)
_NOTES = Words(
    """例：
  minzheng schema --output case.schema.json
  minzheng schema rule-file --output rule-file.schema.json
  并在个案文件首行写
  # yaml-language-server: $schema=case.schema.json""",
    """Example:
  minzheng schema --output case.schema.json
  minzheng schema rule-file --output rule-file.schema.json
  and as the first line of a case file:
  # yaml-language-server: $schema=case.schema.json""",
)


RULEBOOK_FILES = ("rule-file", "parameter-file", "sources", "manifest")


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "what",
    required=False,
    default="case",
    type=OneOf("case", *RULEBOOK_FILES),
    metavar="[WHAT]",
    words=Words(
        "哪种文件：case（个案，不写即此）、" + "、".join(RULEBOOK_FILES),
        "of which file: case (unless said), " + ", ".join(RULEBOOK_FILES),
    ),
)
@kind_option
@rulebook_option
@output_option
@language_option
def command(what: str, kind: str | None, rulebook: str | None, output: str | None) -> None:
    """Print a JSON Schema."""
    if what == "case":
        from minzheng_rules.case.schema import case_schema

        schema = case_schema(model_of(kind, rulebook))
    else:
        from minzheng_rules.rulebook.schema import SCHEMAS

        schema = SCHEMAS[what]()
    emit(as_json(schema, output not in (None, "-")), output)
