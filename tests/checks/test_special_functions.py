"""The special functions of the checks are those of SciPy, which they stand in for because it is slow to load."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from summarizer.checks.beta import incomplete_beta
from summarizer.checks.normal import quantile_above, upper_tail, width_factor


@given(st.floats(0.5, 600), st.floats(0.5, 600), st.floats(0, 1))
def test_incomplete_beta(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(float(special.betainc(a, b, x)), abs=1e-8)


@given(st.floats(-8, 8))
def test_normal_tail(z: float) -> None:
    assert upper_tail(z) == pytest.approx(float(stats.norm.sf(z)), rel=1e-9)


@given(st.floats(1e-12, 0.999))
def test_normal_quantile(tail: float) -> None:
    assert quantile_above(tail) == pytest.approx(float(stats.norm.isf(tail)), abs=1e-8)


@pytest.mark.parametrize(("level", "factor"), [(None, 1.95996), (95, 1.95996), (97.5, 2.24140), (99, 2.57583)])
def test_width_of_an_interval(level: float | None, factor: float) -> None:
    assert width_factor(level) == pytest.approx(factor, abs=1e-5)


def test_checks_do_not_load_scipy() -> None:
    code = "import sys, summarizer.checks; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
