"""A village whose rules each test writes for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluator.village import Village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    return Village(tmp_path)
