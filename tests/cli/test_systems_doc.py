"""The document of the book's systems is what its commands print."""

import re
from pathlib import Path

import pytest

from docs import systems

ROOT = Path(__file__).parents[2]
DOCUMENT = systems.DOCUMENT.read_text(encoding="utf-8")
SECTIONS = re.findall(r"^#+ ([0-9.]*[0-9])[. ]", (ROOT / "docs/model.md").read_text(), re.MULTILINE)


def test_there_are_twenty_systems_each_with_a_section_of_the_model_and_something_to_see() -> None:
    assert len(systems.SYSTEMS) == 20
    assert {system.section for system in systems.SYSTEMS} <= set(SECTIONS)
    shown = re.findall(r"^```text\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert len(shown) == 20
    assert all(lines.strip() for lines in shown)


@pytest.mark.slow
def test_the_document_is_what_the_commands_print() -> None:
    assert systems.text() == DOCUMENT
