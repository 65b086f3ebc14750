"""Puts the commit a wheel is built from into it, so that results made by it can name the commit."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface[Any]):
    """Adds `ncpcsim/_data/commit` to a wheel; an editable install asks git itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the commit beside the build, outside the source tree."""
        if version == "editable":
            return
        answer = subprocess.run(
            ["git", "-C", self.root, "rev-parse", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == 0:
            file = Path(tempfile.mkdtemp()) / "commit"
            file.write_text(answer.stdout.strip())
            build_data["force_include"][str(file)] = "ncpcsim/_data/commit"
