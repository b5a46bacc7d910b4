"""The module that makes the pages about the language lies beside them, outside any package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def make() -> ModuleType:
    """docs/language/make.py."""
    spec = importlib.util.spec_from_file_location("docs_language_make", ROOT / "docs" / "language" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_language_make"] = module
    spec.loader.exec_module(module)
    return module
