"""What installation adds: the compiled engine, and the commit a wheel is built from."""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ENGINE = Path("ncpcsim") / "compiled"


class EngineAndCommit(BuildHookInterface[Any]):
    """Compiles the engine; adds `ncpcsim/_data/commit` to a wheel.

    An editable install has the engine in its checkout, and asks git itself for the commit. Where
    the engine cannot be compiled the install continues; the program then runs on SimPy and says so.
    """

    _scratch: Path | None = None

    def dependencies(self) -> list[str]:
        """A compiler from PyPI where the machine has none."""
        return [] if shutil.which("cc") else ["ziglang>=0.13"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what is added, outside the build but for an editable install."""
        self._scratch = Path(tempfile.mkdtemp())
        editable = version == "editable"
        self._add_engine(build_data, editable=editable)
        commit = None if editable else self._commit()
        if commit is not None:
            file = self._scratch / "commit"
            file.write_text(commit)
            build_data["force_include"][str(file)] = "ncpcsim/_data/commit"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave nothing behind."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _add_engine(self, build_data: dict[str, Any], *, editable: bool) -> None:
        """The library, and the one for browsers where there is a compiler for it."""
        sys.path.insert(0, self.root)
        from ncpcsim.compiled.build import WASM, BuildError, build, build_wasm, library_name

        folder = Path(self.root) / _ENGINE if editable else self._made_in()
        try:
            build(folder / library_name())
        except BuildError as error:
            self.app.display_warning(f"there will be no compiled engine: {error}")
            return
        files = [library_name()]
        try:
            build_wasm(folder / WASM)
            files.append(WASM)
        except BuildError as error:
            self.app.display_debug(f"there will be no engine for browsers: {error}")
        if not editable:
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"
            for name in files:
                build_data["force_include"][str(folder / name)] = (_ENGINE / name).as_posix()

    def _made_in(self) -> Path:
        assert self._scratch is not None  # noqa: S101  made before
        return self._scratch

    def _commit(self) -> str | None:
        """The checkout's commit, marked if files differ from it; None outside a checkout."""
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
