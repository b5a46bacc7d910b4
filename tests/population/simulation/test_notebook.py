"""The example notebook runs from top to bottom, and what is kept of its last run is small and names no machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[3] / "examples" / "county_reform.ipynb"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after a run of its own, in an empty folder."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = str(tmp_path_factory.mktemp("notebook"))
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return notebook


def _printed(notebook: Any) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return "\n".join(output.text for output in outputs if output.output_type == "stream")


def _pictures(notebook: Any) -> list[str]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output.data["image/svg+xml"] for output in outputs if "image/svg+xml" in output.get("data", {})]


def test_it_runs_and_draws_and_explains(run: Any) -> None:
    assert len(_pictures(run)) == 4
    said = _printed(run)
    assert "低保标准提高五十元" in said
    assert "低保标准 × 家庭人口" in said, "one family is explained"
    assert re.search(r"低保标准 \d+：达到", said), "the goal is met"
    widgets = [cell for cell in run.cells for output in cell.get("outputs", ()) if "interactive" in str(output)]
    assert widgets, "there is a slider"


def test_what_is_kept_of_a_run_is_small_and_names_no_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < 200_000
    assert not re.search(r"/(home|root|tmp|work|Users)/|[A-Z]:\\\\", text)
    kept = nbformat.read(NOTEBOOK, as_version=4)
    assert len(_pictures(kept)) == 4
    assert "Traceback" not in text
