"""Loading: places, overlays, folders, the vocabulary, several programs' facts."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.household import Household
from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.problems import ProblemsFound, RequestProblems, RulebookProblems
from minzheng_rules.rulebook.rulebook import Rulebook

Load = Callable[..., Rulebook]
TOY = Path(__file__).parents[1] / "toy"
RULE = """
    program: boats
    term: 船
    layer: realm
    subject: member
    member:
      aboard: {term: 上船, cite: FOG#1, when: 守灯}
    decides: {eligible: 上船}
"""


def _codes(raised: pytest.ExceptionInfo[ProblemsFound]) -> list[str]:
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("place", "layers"),
    [
        (None, ["realm", "fogshire", "lampwick"]),
        ("lampwick", ["realm", "fogshire", "lampwick"]),
        ("雾省", ["realm", "fogshire"]),
        ("realm", ["realm"]),
    ],
)
def test_a_place_brings_the_layers_above_it(load: Load, place: str | None, layers: list[str]) -> None:
    book = load({"rules/realm/a.yaml": RULE}, place=place)
    assert [layer.id for layer in book.layers] == layers
    assert book.place == layers[-1]


def test_layers_below_the_place_are_not_read(load: Load) -> None:
    files = {"rules/realm/a.yaml": RULE, "rules/lampwick/a.yaml": "nonsense: [", "policies/lampwick/a.yaml": "- 甲"}
    assert load(files, place="fogshire").programs
    with pytest.raises(RulebookProblems) as refused:
        load(files)
    assert _codes(refused) == ["file.not-a-mapping", "yaml.syntax"], "all problems of a load, together"


def test_an_unknown_place_names_the_nearest(load: Load) -> None:
    with pytest.raises(RequestProblems) as refused:
        load({"rules/realm/a.yaml": RULE}, place="lampwik")
    assert refused.value.problems[0].next_step is not None
    assert refused.value.problems[0].next_step.en == "did you mean `lampwick`?"


def test_a_file_in_the_wrong_folder_is_refused(load: Load) -> None:
    with pytest.raises(RulebookProblems) as refused:
        load({"rules/fogshire/a.yaml": RULE})
    assert _codes(refused) == ["rule-file.layer"]


def test_folders_below_a_layers_folder_are_read_too(load: Load) -> None:
    assert [p.id for p in load({"rules/realm/deep/er/a.yaml": RULE}).programs] == ["boats"]


# -- overlays ----------------------------------------------------------------------------------------------------------

FEE = "fee: {term: 泊费, unit: yuan/person, values: {2020-01-01: {status: unknown}}}"
SHOW = "overlay: 演示\noverlay_en: For show\nparameters:\n  fee: {values: {2020-01-01: 5}}\n"


def test_an_overlay_may_be_a_name_a_file_or_a_folder(load: Load, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine.yaml"
    elsewhere.write_text(SHOW, encoding="utf-8")
    files = {
        "rules/realm/a.yaml": RULE,
        "policies/realm/f.yaml": FEE,
        "policies/overlays/show.yaml": SHOW,
        "policies/overlays/both/figures.yaml": SHOW,
        "policies/overlays/both/rules.yaml": """
            program: boats
            layer: both
            member: {more: {term: 更多, cite: FOG#1, replaces: 上船, when: 独臂}}
        """,
    }
    for overlay in ("show", elsewhere, "both"):
        book = load(files, overlays=[overlay])
        assert book.on(dt.date(2024, 1, 1)).reading("fee").value == 500
        assert book.layers[-1].overlay
        assert book.layers[-1].term.en == "For show"
    rule = load(files, overlays=["both"]).on(dt.date(2024, 1, 1)).rules["member.aboard"]
    assert rule.definition.declaration.id == "more"


def test_an_unknown_overlay_lists_what_there_is(load: Load) -> None:
    with pytest.raises(RequestProblems) as refused:
        load({"rules/realm/a.yaml": RULE, "policies/overlays/show.yaml": SHOW}, overlays=["nothing"])
    assert refused.value.problems[0].next_step is not None
    assert refused.value.problems[0].next_step.en == "possible: show"


# -- the vocabulary ----------------------------------------------------------------------------------------------------


def test_facts_of_a_program_become_facts_of_cases(load: Load) -> None:
    facts = (
        RULE.replace("when: 守灯", "when: 会唱号子 and 胡子 > 胡子线")
        + """
    facts:
      member:
        sings: {term: 会唱号子, type: bool}
        beard: {term: 胡子, unit: metre, range: [0, 9.5], source: 船医}
    """
    )
    book = load(
        {
            "rules/realm/a.yaml": facts,
            "policies/realm/f.yaml": "line: {term: 胡子线, unit: metre, range: [0, 9], values: {2020-01-01: 0.5}}",
        }
    )
    case = Case.parse({"members": [{"会唱号子": True, "beard": "0.51"}]}, book.model)
    assert decide(case, book, as_of=dt.date(2024, 1, 1)).outcomes[0].status.value == "eligible"
    assert book.vocabulary.kinds["member"].facts["beard"].sources == ("船医",)


def test_two_programs_cannot_add_the_same_fact(load: Load) -> None:
    other = RULE.replace("boats", "bells").replace("aboard", "abell").replace("上船", "上钟")
    block = "\n    facts: {member: {sings: {term: 会唱号子, type: bool}}}\n"
    with pytest.raises(RulebookProblems) as refused:
        load({"rules/realm/a.yaml": RULE + block, "rules/realm/b.yaml": other + block})
    assert _codes(refused) == ["facts.same-name"]


def test_the_shipped_household_is_the_vocabulary_unless_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "sources.yaml").write_text("FOG: {title: 雾季生活保障法}", encoding="utf-8")
    manifest = tmp_path / "rules" / "rulebook.yaml"
    manifest.write_text("layers: [{id: realm, level: national}]\n", encoding="utf-8")
    assert Rulebook.load(tmp_path).models == (Household,)
    manifest.write_text("layers: [{id: realm, level: national}]\nvocabulary: little.py:Boat\n", encoding="utf-8")
    models = tmp_path / "little.py"
    models.write_text(_BOAT.format(fact="masts"), encoding="utf-8")
    first = Rulebook.load(tmp_path)
    assert first.model.__name__ == "Boat"
    assert Rulebook.load(tmp_path).model is first.model, "the same file is run once"
    models.write_text(_BOAT.format(fact="sails"), encoding="utf-8")
    assert "sails" in Rulebook.load(tmp_path).model.model_fields, "a file that changed is run again"
    given = Rulebook.load(tmp_path, vocabulary=[Household])
    assert given.models == (Household,), "the caller's word goes first"


_BOAT = """
from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Whole


class Boat(Entity):
    kind: ClassVar[str] = "boat"
    term: ClassVar[str] = "船"

    {fact}: Whole | None = fact("桅杆", unit="1", range=(0, 9))
"""


def test_a_vocabulary_may_be_a_module(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "sources.yaml").write_text("FOG: {title: 雾季生活保障法}", encoding="utf-8")
    (tmp_path / "rules" / "rulebook.yaml").write_text(
        "layers: [{id: realm, level: national}]\nvocabulary: minzheng_rules.case.household:Household\n",
        encoding="utf-8",
    )
    assert Rulebook.load(tmp_path).models == (Household,)


def test_a_vocabulary_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "sources.yaml").write_text("FOG: {title: 雾季生活保障法}", encoding="utf-8")
    (tmp_path / "rules" / "rulebook.yaml").write_text(
        "layers: [{id: realm, level: national}]\nvocabulary: broken.py:Boat\n", encoding="utf-8"
    )
    (tmp_path / "broken.py").write_text("1 / 0", encoding="utf-8")
    before = set(sys.modules)
    with pytest.raises(RulebookProblems) as refused:
        Rulebook.load(tmp_path)
    assert _codes(refused) == ["manifest.vocabulary"]
    assert not {name for name in set(sys.modules) - before if name.startswith("minzheng_vocabulary")}


def test_the_same_files_give_the_same_digest(model: type[Entity]) -> None:
    assert Rulebook.load(TOY).digest == Rulebook.load(TOY, vocabulary=[model]).digest
    assert Rulebook.load(TOY, place="fogshire").digest != Rulebook.load(TOY).digest


LOWER = """
    program: boats
    layer: lampwick
    stacking:
      with_others:
        term: 与其他待遇
        cite: FOG#1
        table: |
          | 另一待遇 | 上船费 |
          | 守灯     | 不得   |
    checks:
      lamp: {term: 上船的应守灯, cite: FOG#1, expect: not 独臂 or 守灯}
"""


def test_a_file_of_a_lower_layer_is_about_whom_the_program_is_about(load: Load) -> None:
    """Its stacking and its checks read the member's amounts and facts though it names no subject itself."""
    paid = RULE.replace(
        "    decides:",
        "      fee: {term: 上船费, unit: yuan/month, cite: FOG#1, value: sum(e.月金额 for e in 收入)}\n    decides:",
    )
    book = load({"rules/realm/a.yaml": paid, "rules/lampwick/a.yaml": LOWER})
    assert [(stack.label, stack.relation) for stack in book.stacks["member.fee"]] == [("守灯", "excluded")]
    assert [one.kind for one in book.expected] == ["member"]
