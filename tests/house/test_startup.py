"""Start-up is quick: what is slow to import waits until it is used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "openai",
    "instructor",
    "scipy",
    "numpy",
    "trafilatura",
    "lxml",
    "pyarrow",
    "pandas",
    "ftfy",
    "nupunkt",
    "duckdb",
    "pebble",
    "ray",
}

PRINT_LOADED = "\nimport json\nprint('\\n' + json.dumps(sorted(sys.modules)))"
IMPORT = "import sys\nfrom summarizer import summarize"
HELP = """
import sys
from summarizer.cli import main
sys.argv = ["summarizer", "--help"]
try:
    main()
except SystemExit as stop:
    assert not stop.code
"""


@pytest.mark.parametrize("program", [IMPORT, HELP], ids=["import", "help"])
def test_heavy_packages_are_not_imported(program: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", program + PRINT_LOADED]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert loaded & HEAVY == set()
