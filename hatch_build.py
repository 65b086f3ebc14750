"""Puts the commit a wheel is built from into it, so that results made by it can name the commit."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface[Any]):
    """Adds `ncpcsim/_data/commit` to a wheel; an editable install asks git itself."""

    _scratch: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the commit beside the build, outside the source tree."""
        commit = None if version == "editable" else self._commit()
        if commit is None:
            return
        self._scratch = Path(tempfile.mkdtemp())
        file = self._scratch / "commit"
        file.write_text(commit)
        build_data["force_include"][str(file)] = "ncpcsim/_data/commit"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave nothing behind."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _commit(self) -> str | None:
        """The checkout's commit, marked if files differ from it; nothing outside a checkout."""
        top = self._git("rev-parse", "--show-toplevel")
        if top is None or Path(top).resolve() != Path(self.root).resolve():
            return None
        head = self._git("rev-parse", "HEAD")
        return f"{head}-modified" if head and self._git("status", "--porcelain") else head

    def _git(self, *arguments: str) -> str | None:
        try:
            answer = subprocess.run(
                ["git", "-C", self.root, *arguments],  # noqa: S607
                capture_output=True,
                text=True,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return answer.stdout.strip() or None
