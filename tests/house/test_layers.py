"""Each layer imports only from those below it (the contracts stand in ``pyproject.toml``)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own: import-linter disables the loggers of the process that it runs in.
CHECK = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir={!r}))"


def test_layers_hold(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHECK.format(str(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
