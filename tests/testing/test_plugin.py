"""The pytest plugin in a project of its own: what it collects, how it reports, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LAMPWICK = Path(__file__).parents[1] / "toy"
"""The invented county: its rules do not change with any law."""
CASE = """
about: 一口好钟
case:
  雾钟名单: [{编号: 大钟, 钟声: {响亮: 9, 清越: 7, 余韵: 5}, 有裂纹: false}]
expect: {lamps.bell: {大钟: {eligible: true}}}
variants:
  - about: 一声不响
    change:
      雾钟名单[0].钟声: {响亮: 0, 清越: 0, 余韵: 0}
    expect: {lamps.bell: {大钟: {eligible: EXPECTED}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with worked cases where they usually lie, and other YAML files elsewhere."""
    files = {
        "tests/cases/bells/fog.yaml": CASE.replace("EXPECTED", "false"),
        "tests/data/numbers.yaml": "1: [not, a, case]\n",
        "settings.yaml": "not: a case\n",
        "pytest.ini": f"[pytest]\nminzheng_rulebook = {LAMPWICK}\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def _pytest(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_worked_cases_are_tests_and_other_files_are_left_alone(project: Path) -> None:
    done = _pytest(project, "-vv")
    assert done.returncode == 0, done.stdout
    assert "tests/cases/bells/fog.yaml::一口好钟 PASSED" in done.stdout
    assert "2 passed" in done.stdout


def test_a_failure_shows_the_reasons_and_not_the_program(project: Path) -> None:
    case = project / "tests/cases/bells/fog.yaml"
    case.write_text(CASE.replace("EXPECTED", "true"), encoding="utf-8")
    done = _pytest(project)
    assert done.returncode == 1
    assert "结论：应为 符合，得到 不符合" in done.stdout
    assert "钟声总分（雾钟 大钟）：21 分 → 0 分" in done.stdout
    assert "Traceback" not in done.stdout
    assert "runner.py" not in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_file_that_cannot_be_read_is_named_with_its_line(project: Path) -> None:
    case = project / "tests/cases/bells/fog.yaml"
    case.write_text(CASE.replace("about: 一口", "abuot: 一口"), encoding="utf-8")
    done = _pytest(project)
    assert done.returncode == 2
    assert "fog.yaml:2:1" in done.stdout
    assert "您是否想写“about”" in done.stdout


def test_the_folders_the_rulebook_and_the_language_can_be_chosen(project: Path) -> None:
    (project / "worked").mkdir()
    (project / "tests/cases/bells/fog.yaml").rename(project / "worked/fog.yaml")
    (project / "worked/fog.yaml").write_text(CASE.replace("EXPECTED", "true"), encoding="utf-8")
    ini = project / "pytest.ini"
    ini.write_text(
        f"[pytest]\nminzheng_cases = worked\nminzheng_language = en\nminzheng_rulebook = {LAMPWICK}\n", "utf-8"
    )
    assert "status: expected eligible, got ineligible" in _pytest(project).stdout
    ini.write_text("[pytest]\nminzheng_cases = worked\nminzheng_rulebook = nowhere\n", "utf-8")
    assert "rulebook.yaml" in _pytest(project).stdout


def test_the_plugin_costs_a_project_without_worked_cases_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n\ndef test_light():\n    assert 'minzheng_rules.evaluator.deciding' not in sys.modules\n"
        "    assert 'pydantic' not in sys.modules and 'yaml' not in sys.modules\n",
        encoding="utf-8",
    )
    done = _pytest(tmp_path)
    assert done.returncode == 0, done.stdout
