"""Where the shipped plans and accounts lie: inside an installed wheel, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder of shipped data called `name` ("scenarios" or "calibration").

    A wheel carries them in `ncpcsim/_data`; an editable install reads the checkout itself.

    Raises:
        FileNotFoundError: the installation has neither.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of ncpcsim has no {name} folder")
