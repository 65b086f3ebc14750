"""What the documents point at is there: files, sections of a plan, items of the checklist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ncpcsim.plan.fields import field_at, inner_type, is_model, model_at
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Numbers

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
SECTION = re.compile(r"`\[([\w.]+)\]`")
ITEM = re.compile(r"^\*\*(\d\.\d) [^*]+\.\*\*", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ITEMS = {1: 3, 2: 5, 3: 4, 4: 3, 5: 4, 6: 1}
"""Items of each section of the STRESS-DES checklist."""
ANY = "NAME"
"""Stands for a name that a plan chooses."""


def links(document: Path) -> list[str]:
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if "://" not in link]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    found = links(document)
    assert found
    for link in found:
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(document: Path) -> set[str]:
    """The names by which a page's headings can be linked to."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in headings}


def test_every_section_that_the_model_names_is_in_the_schema() -> None:
    named = SECTION.findall(MODEL)
    assert len(named) > 20
    for section in named:
        path = tuple(section.split("."))
        assert model_at(path) or field_at(path), section


def test_every_section_of_the_schema_is_named_in_the_model() -> None:
    named = {re.sub(r"\b[A-Z]+\b", ANY, section) for section in SECTION.findall(MODEL)}
    missing = [
        ".".join(map(str, path)) for path in sections() if ".".join(map(str, path)) not in named
    ]
    assert missing == []


def sections(path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every section that a plan can have, "NAME" where the plan chooses the name."""
    model = model_at(path) if path else Numbers
    assert model is not None
    for name, field in model.model_fields.items():
        inner = (*path, name)
        if not is_model(inner_type(field.annotation)):
            inner = (*inner, ANY)
        if model_at(inner):
            yield inner
            yield from sections(inner)


def test_every_file_that_the_model_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", MODEL))
    assert len(named) > 15
    for name in named:
        places = [ROOT / name, *(ROOT / "ncpcsim").rglob(name)]
        assert any(place.is_file() for place in places), name


def test_every_name_of_code_that_the_model_mentions_is_defined() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "ncpcsim").rglob("*.py"))
    named = set(re.findall(r"`(_?[A-Z]+(?:_[A-Z]+)+)`", MODEL))
    assert named
    for name in named:
        assert re.search(rf"^{name} = ", source, re.MULTILINE), name


def test_the_headings_of_the_model_follow_odd() -> None:
    order = [title for title in HEADING.findall(FENCED.sub("", MODEL)) if re.match(r"\d\. ", title)]
    assert order[:7] == [
        "1. Purpose",
        "2. Entities, state and scales",
        "3. Process overview and scheduling",
        "4. Design concepts",
        "5. Initialisation",
        "6. Input data",
        "7. Submodels",
    ]


def test_the_checklist_has_its_twenty_items_in_order_each_with_a_link() -> None:
    text = (ROOT / "docs" / "stress.md").read_text(encoding="utf-8")
    expected = [f"{part}.{item + 1}" for part, items in ITEMS.items() for item in range(items)]
    assert len(expected) == 20
    assert ITEM.findall(text) == expected
    for item in re.split(r"^(?=\*\*\d\.\d )", text, flags=re.MULTILINE)[1:]:
        assert LINK.search(item), item
