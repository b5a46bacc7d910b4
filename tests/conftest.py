"""What all tests share: how many examples Hypothesis tries.

pytest tests/properties                              as in CI: the same examples every time
pytest tests/properties --hypothesis-profile=deep    many more, other ones every time
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Drawing a family takes longer than Hypothesis expects of small data; that is no fault of the test.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _patient, derandomize=True, max_examples=60, database=None)
settings.register_profile("deep", _patient, max_examples=5000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
