"""`minzheng decide`: cases from files and from standard input, problems in their places, records, JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.trail.rendering.layout import display_width
from tests.cli.conftest import Run

NARROWED = ("--overlay", "illustrative", "--program", "dibao")


def _amount(said: Result) -> Any:
    (entry,) = json.loads(said.stdout)["decisions"]
    return entry["decision"]["outcomes"][0]["amounts"]["amount"]["value"]


def test_decides_a_case_and_marks_what_is_illustrative(run: Run) -> None:
    said = run("decide", "couple.yaml", *NARROWED)
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert lines[0] == "夫妻二人"
    assert lines[1] == "审核基准日 2025-06-01　地区 海宁市"
    assert "! 本结果用到示例数，只作演示，不能作为审核依据。" in lines
    assert "✓ 最低生活保障：符合〔家庭〕" in lines
    assert "    月低保金：800.00 元/月" in lines


def test_answers_in_english(run: Run) -> None:
    said = run("decide", "couple.yaml", *NARROWED, "--lang", "en")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "as of 2025-06-01  place Haining" in said.stdout
    assert "800.00 yuan/month" in said.stdout
    assert "eligible" in said.stdout


def test_says_the_same_every_time_without_colours_or_long_lines(run: Run) -> None:
    first, second = (run("decide", "couple.yaml", *NARROWED).stdout for _ in range(2))
    assert first == second
    assert "\x1b" not in first
    assert max(display_width(line) for line in first.splitlines()) <= 100


def test_undetermined_is_an_answer_and_no_failure(run: Run) -> None:
    said = run("decide", "couple.yaml", "--program", "dibao")
    assert said.exit_code == 0
    assert "? 最低生活保障：待定〔家庭〕" in said.stdout
    assert "还缺：低保标准" in said.stdout


def test_json_holds_the_decision_of_each_file(run: Run) -> None:
    said = run("decide", "couple.yaml", *NARROWED, "--json")
    assert said.exit_code == 0
    written = json.loads(said.stdout)
    assert (written["format"], written["problems"]) == ("minzheng-decisions/1", [])
    (entry,) = written["decisions"]
    book = Rulebook.load(overlays=["illustrative"])
    assert entry == {
        "file": "couple.yaml",
        "decision": decide(Case.read("couple.yaml"), book, programs=["dibao"]).to_json(),
    }


def test_several_files_are_decided_under_their_names(run: Run, folder: Path) -> None:
    (folder / "again.yaml").write_text((folder / "couple.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    said = run("decide", "couple.yaml", "again.yaml", *NARROWED)
    assert said.exit_code == 0
    assert [line for line in said.stdout.splitlines() if line.startswith("==")] == ["== couple.yaml", "== again.yaml"]


def test_one_bad_file_of_several_is_told_and_the_others_are_decided(run: Run) -> None:
    said = run("decide", "comma.yaml", "couple.yaml", "missing.yaml", *NARROWED, "--json")
    assert said.exit_code == 3
    written = json.loads(said.stdout)
    assert [entry["file"] for entry in written["decisions"]] == ["couple.yaml"]
    assert [problem["file"] for problem in written["problems"]] == ["comma.yaml", "missing.yaml"]
    first = written["problems"][0]
    assert (first["line"], first["column"], first["path"]) == (5, 17, "members[0].wages[0].amount")
    assert said.stderr.startswith("comma.yaml:5:17 members[0].wages[0].amount：")
    assert "\nmissing.yaml：" in said.stderr


def test_text_of_the_good_ones_is_still_printed(run: Run) -> None:
    said = run("decide", "comma.yaml", "couple.yaml", *NARROWED)
    assert said.exit_code == 3
    assert said.stdout.startswith("== couple.yaml\n夫妻二人\n")


# -- standard input ----------------------------------------------------------------------------------------------------


def test_reads_yaml_from_standard_input(run: Run, folder: Path) -> None:
    text = (folder / "couple.yaml").read_text(encoding="utf-8")
    said = run("decide", "-", *NARROWED, "--json", input=text)
    assert said.exit_code == 0
    assert _amount(said) == "800.00"
    assert json.loads(said.stdout)["decisions"][0]["file"] == "-"


def test_reads_json_from_standard_input(run: Run) -> None:
    text = json.dumps(Case.read("couple.yaml").to_json(), ensure_ascii=False, indent="\t")
    said = run("decide", "-", *NARROWED, "--json", input=text)
    assert said.exit_code == 0
    assert _amount(said) == "800.00"


def test_a_flow_mapping_is_still_yaml(run: Run) -> None:
    said = run("decide", "-", "--json", input="{as_of: 2025-06-01, members: [{relation: applicant}]}")
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            '{"as_of": "2025-06-01", "members": [{"relation": "applicant", "wages": [{"amount": 1e3}]}]}',
            "<stdin>:1:84 members[0].wages[0].amount：“月金额”不能是“1e3”：应为以元计的金额，至多两位小数，如 1820.10\n",
            '<stdin>:1:84 members[0].wages[0].amount: amount cannot be "1e3": '
            "expected an amount in yuan, at most two decimals, such as 1820.10\n",
        ),
        (
            "\ufeffmembers: [\n".encode("utf-16"),
            "<stdin>：输入不是 UTF-8 编码\n",
            "<stdin>: the input is not UTF-8\n",
        ),
        (
            "a" * 2_000_001,
            "<stdin>：输入超过 2 MB：一次只读一户\n",
            "<stdin>: the input is larger than 2 MB: it holds one case\n",
        ),
        (
            "",
            "<stdin>：案件应为一组键值，如“申报成员: …”\n",
            "<stdin>: a case is a mapping of facts to values, such as `members: …`\n",
        ),
    ],
    ids=["number", "encoding", "size", "nothing"],
)
def test_problems_of_standard_input_name_it(run: Run, text: str | bytes, zh: str, en: str) -> None:
    for lang, expected in (("zh", zh), ("en", en)):
        said = run("decide", "-", "--lang", lang, input=text)
        assert (said.exit_code, said.stdout) == (3, "")
        assert said.stderr.startswith(expected)


# -- what cannot be used -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "zh", "en"),
    [
        (
            ["unclosed.yaml"],
            3,
            "unclosed.yaml:3:1：不是有效的 YAML：从这里起读不下去\n"
            "  → 检查缩进、括号和引号；冒号要用半角，后面空一格（关系: 本人）\n",
            "unclosed.yaml:3:1: not valid YAML: it cannot be read from here on\n"
            "  → check indentation, brackets and quotes; a colon is followed by a space (relation: applicant)\n",
        ),
        (
            ["comma.yaml"],
            3,
            "comma.yaml:5:17 members[0].wages[0].amount：“月金额”不能是“1 820”：应为以元计的金额，至多两位小数，如 1820.10\n"
            "          - amount: 1 820\n"
            "                    ^\n",
            'comma.yaml:5:17 members[0].wages[0].amount: amount cannot be "1 820": '
            "expected an amount in yuan, at most two decimals, such as 1820.10\n"
            "          - amount: 1 820\n"
            "                    ^\n",
        ),
        (
            ["undated.yaml"],
            3,
            "undated.yaml：没有基准日：不知道按哪一天的规定裁断\n"
            "  → 请在个案里写 基准日: 2025-06-01，或加 --as-of 2025-06-01\n",
            "undated.yaml: no date: it is not known by which day's rules to decide\n"
            "  → write as_of: 2025-06-01 in the case, or add --as-of 2025-06-01\n",
        ),
        (
            ["elsewhere.yaml"],
            3,
            "elsewhere.yaml:2:8：规则手册里没有“hainning”这个地方\n"
            "    place: hainning\n"
            "           ^\n"
            "  → 您是否想写“haining”？\n",
            "elsewhere.yaml:2:8: the rulebook has no place `hainning`\n"
            "    place: hainning\n"
            "           ^\n"
            "  → did you mean `haining`?\n",
        ),
        (
            ["couple.yaml", "--place", "hainign"],
            2,
            "--place：规则手册里没有“hainign”这个地方\n  → 您是否想写“haining”？\n",
            "--place: the rulebook has no place `hainign`\n  → did you mean `haining`?\n",
        ),
        (
            ["couple.yaml", "--overlay", "ilustrative"],
            2,
            "--overlay：没有“ilustrative”这份补充值\n  → 您是否想写“illustrative”？\n",
            "--overlay: there is no overlay `ilustrative`\n  → did you mean `illustrative`?\n",
        ),
        (
            ["couple.yaml", "--program", "dibaoo"],
            2,
            "--program：没有“dibaoo”这个项目\n  → 您是否想写“dibao”？\n",
            "--program: there is no program `dibaoo`\n  → did you mean `dibao`?\n",
        ),
        (
            ["couple.yaml", "--set", "低保标准准=1000"],
            2,
            "--set：没有“低保标准准”这个参数\n    低保标准准: 1000\n    ^\n  → 您是否想写“低保标准”？\n",
            "--set: there is no parameter `低保标准准`\n    低保标准准: 1000\n    ^\n  → did you mean `低保标准`?\n",
        ),
        (
            ["couple.yaml", "--set", "收入口径=计入"],
            2,
            "--set：参数“收入口径”按“转移性收入类别”、“项目”取值，不能只给一个值\n"
            "    收入口径: 计入\n    　　　　  ^\n"
            "  → 请写一份补充值文件，像 policies/ 里那样按日期列出，再用它的路径\n",
            "--set: the parameter `income_counting` varies by `transfer_in_kind` and `income_program`: one value does not fill it\n"
            "    收入口径: 计入\n    　　　　  ^\n"
            "  → write an overlay file, its values by date as in policies/, and give its path\n",
        ),
        (
            ["couple.yaml", "--rulebook", "nowhere"],
            3,
            "nowhere：这里没有规则手册\n  → 应是含有 rules/rulebook.yaml 的文件夹\n",
            "nowhere: there is no rulebook here\n  → name the folder that holds rules/rulebook.yaml\n",
        ),
        (
            ["couple.yaml", "--record", "no/such/folder.json"],
            3,
            "no/such/folder.json：写不了这个文件：没有这个文件或文件夹\n  → 请换一个地方写，或先把这里准备好\n",
            "no/such/folder.json: the file cannot be written: there is no such file or folder\n"
            "  → write it elsewhere, or make the place ready first\n",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_used_is_told_in_full(run: Run, arguments: list[str], code: int, zh: str, en: str) -> None:
    for lang, expected in (("zh", zh), ("en", en)):
        said = run("decide", *arguments, "--lang", lang)
        assert (said.exit_code, said.stdout) == (code, "")
        assert said.stderr == expected


@pytest.mark.parametrize(
    ("lang", "expected"), [("zh", "missing.yaml：文件打不开："), ("en", "missing.yaml: the file cannot be opened: ")]
)
def test_a_missing_file_is_named(run: Run, lang: str, expected: str) -> None:
    said = run("decide", "missing.yaml", "--lang", lang)
    assert said.exit_code == 3
    assert said.stderr.startswith(expected)


def test_a_figure_that_is_no_number_is_shown_where_it_was_written(run: Run) -> None:
    said = run("decide", "couple.yaml", "--set", "低保标准=1,000")
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.startswith("--set：")
    assert "\n    低保标准: 1,000\n    　　　　  ^\n  → " in said.stderr


def test_a_problem_all_files_share_is_told_once(run: Run) -> None:
    said = run("decide", "couple.yaml", "undated.yaml", "--place", "hainign")
    assert said.exit_code == 2
    assert said.stderr.count("hainign") == 1


def test_mistakes_in_a_file_outweigh_those_on_the_command_line(run: Run) -> None:
    assert run("decide", "couple.yaml", "comma.yaml", "--place", "hainign").exit_code == 3


def test_a_rulebook_with_mistakes_names_its_files(run: Run, rulebook: Path) -> None:
    rules = rulebook / "rules" / "national" / "dibao.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "家庭月收入 < 低保标准 * 家庭人口" in text
    rules.write_text(
        text.replace("家庭月收入 < 低保标准 * 家庭人口", "家庭月收入 < 低保标准准 * 家庭人口"), encoding="utf-8"
    )
    said = run("decide", "couple.yaml", "--rulebook", rulebook)
    assert (said.exit_code, said.stdout) == (3, "")
    assert said.stderr.startswith("rules/national/dibao.yaml:")
    assert "低保标准准" in said.stderr


# -- date, place, figures ----------------------------------------------------------------------------------------------


def test_another_date_than_the_cases_own(run: Run) -> None:
    said = run("decide", "couple.yaml", *NARROWED, "--as-of", "2025-09-01", "--json")
    assert json.loads(said.stdout)["decisions"][0]["decision"]["as_of"] == "2025-09-01"


def test_a_date_the_case_does_not_fit_is_told_in_its_lines(run: Run) -> None:
    said = run("decide", "couple.yaml", "--as-of", "1980-06-01")
    assert said.exit_code == 3
    assert said.stderr.startswith(
        "couple.yaml:9:27 members[1].birth_date：“出生日期”1981-07-01 晚于基准日 1980-06-01\n"
    )


def test_the_option_wins_over_the_cases_own_place(run: Run) -> None:
    said = run("decide", "elsewhere.yaml", "--place", "zhejiang", "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout)["decisions"][0]["decision"]["place"] == "zhejiang"


def test_the_rulebooks_last_place_when_nobody_names_one(run: Run) -> None:
    decided = json.loads(run("decide", "couple.yaml", "--json").stdout)["decisions"][0]["decision"]
    assert decided["place"] == Rulebook.load().place


@pytest.mark.parametrize("setting", ["低保标准=1000", "dibao_standard=1000", "低保标准＝1000", " 低保标准 = 1000 "])
def test_a_figure_given_on_the_command_line_is_used_and_marked(run: Run, setting: str) -> None:
    said = run("decide", "couple.yaml", "--program", "dibao", "--set", setting, "--json")
    assert _amount(said) == "800.00"
    outcome = json.loads(said.stdout)["decisions"][0]["decision"]["outcomes"][0]
    assert outcome["weakest_status"] == "illustrative"


def test_a_figure_that_is_not_used_is_told(run: Run) -> None:
    said = run("decide", "couple.yaml", "--program", "dibao", "--set", "成年年龄=18")
    assert said.exit_code == 0
    assert said.stderr == (
        "提醒：--set：“成年年龄”在 2025-06-01 已有自己的值，给出的 18 没有用上\n"
        "  → 示例值只填未知的数；要试另一种规定，请改一份规则手册，用 --rulebook\n"
    )
    said = run("decide", "couple.yaml", "--program", "dibao", "--set", "成年年龄=18", "--lang", "en", "--json")
    assert json.loads(said.stdout)["problems"][0]["severity"] == "warning"
    assert said.stderr.startswith("warning: --set: `")
    assert " has a value of its own on 2025-06-01; the 18 given is not used\n" in said.stderr


def test_an_overlay_may_be_a_file(run: Run, folder: Path) -> None:
    overlay = folder / "mine.yaml"
    overlay.write_text(
        "overlay: 我的数\nparameters:\n  dibao_standard: {values: {2012-12-12: {value: 900, status: illustrative}}}\n",
        encoding="utf-8",
    )
    assert _amount(run("decide", "couple.yaml", "--program", "dibao", "--overlay", overlay, "--json")) == "600.00"


def test_another_rulebook(run: Run, rulebook: Path) -> None:
    said = run("decide", "couple.yaml", *NARROWED, "--rulebook", rulebook, "--json")
    assert _amount(said) == "800.00"


def test_a_program_by_its_term(run: Run) -> None:
    said = run("decide", "couple.yaml", "--program", "最低生活保障", "--json")
    (entry,) = json.loads(said.stdout)["decisions"]
    assert [outcome["program"] for outcome in entry["decision"]["outcomes"]] == ["dibao"]


# -- records -----------------------------------------------------------------------------------------------------------


def test_records_are_kept_one_a_line(run: Run, folder: Path) -> None:
    (folder / "again.yaml").write_text((folder / "couple.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    said = run("decide", "couple.yaml", "comma.yaml", "again.yaml", *NARROWED, "--record", "kept.jsonl")
    assert said.exit_code == 3
    lines = (folder / "kept.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["format"] for line in lines] == ["minzheng-record/1"] * 2
    assert lines[0] == lines[1]


def test_a_record_replaces_an_older_one_as_a_whole(run: Run, folder: Path) -> None:
    (folder / "kept.json").write_text("older", encoding="utf-8")
    assert run("decide", "couple.yaml", *NARROWED, "--record", "kept.json").exit_code == 0
    assert json.loads((folder / "kept.json").read_text(encoding="utf-8"))["decision"]
    assert sorted(path.name for path in folder.glob(".*")) == []


def test_nothing_is_kept_when_nothing_was_decided(run: Run, folder: Path) -> None:
    (folder / "kept.json").write_text("older", encoding="utf-8")
    assert run("decide", "comma.yaml", "--record", "kept.json").exit_code == 3
    assert (folder / "kept.json").read_text(encoding="utf-8") == "older"
