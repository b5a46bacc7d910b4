"""The programs the tests ask about: of households and of persons, settled and open ones, one the reform cannot reach."""

from __future__ import annotations

PROGRAMS = ["dibao", "dibao_edge", "dibao_topup", "disability_subsidies.living", "tekun", "childcare"]
