"""What a value is, in Python's annotations and in C."""

from dataclasses import dataclass
from functools import cache
from typing import Any, NewType, get_args, get_origin, get_type_hints


class TranslationError(Exception):
    """A text that cannot be translated; the message names file, line and what was expected."""


@dataclass(frozen=True)
class TypeKind:
    """What a value is.

    Attributes:
        name: "int", "float", "bool", "key", "none", "row", "group" or "list".
        of: the class of a row or group; the kind of a list's members.
    """

    name: str
    of: Any = None

    @property
    def is_number(self) -> bool:
        """Whether it is one number."""
        return self.name in ("int", "float", "bool", "key")

    @property
    def is_whole(self) -> bool:
        """Whether it is a signed whole number, or true or false."""
        return self.name in ("int", "bool")

    @property
    def c(self) -> str:
        """Its type in C."""
        if self.name == "list":
            member: TypeKind = self.of
            return f"{member.c if member.is_number else member.of.__name__} *"
        if self.name in ("row", "group"):
            return f"{self.of.__name__} *"
        return {"float": "double", "key": "u64", "none": "void"}.get(self.name, "i64")


INT, FLOAT, BOOL, KEY, NONE = (TypeKind(name) for name in ("int", "float", "bool", "key", "none"))
_NUMBERS: dict[Any, TypeKind] = {int: INT, float: FLOAT, bool: BOOL, type(None): NONE}
_WORDS_OF_C = frozenset(
    (
        *("auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else"),
        *("enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register"),
        *("restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch"),
        *("typedef", "union", "unsigned", "void", "volatile", "while"),
    )
)


def kind_of(hint: Any) -> TypeKind | None:
    """The kind that an annotation states, or None if it states none that C could have."""
    if hint in _NUMBERS:
        return _NUMBERS[hint]
    if isinstance(hint, NewType):
        return KEY if hint.__name__ == "Key" else kind_of(hint.__supertype__)
    if get_origin(hint) is list:
        member = kind_of(get_args(hint)[0])
        plain = member is not None and (member.is_number or member.name == "row")
        return TypeKind("list", member) if plain else None
    if isinstance(hint, type):
        numbers = {field.is_number for field in fields_of(hint).values()}
        if len(numbers) == 1:
            return TypeKind("row" if numbers == {True} else "group", hint)
    return None


@cache
def fields_of(kind: type) -> dict[str, TypeKind]:
    """The fields of a row or group, in order; none of a class that is neither."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        field = kind_of(hint)
        if field is None:
            return {}
        found[name] = field
    return found


def field_name(name: str) -> str:
    """A field's name, kept apart from the words of C."""
    return f"{name}_" if name in _WORDS_OF_C else name


def local_name(name: str) -> str:
    """A function's own name, kept apart from the names of functions in C."""
    return f"{name}_"


def struct(kind: TypeKind) -> str:
    """A row or group as a C structure: numbers of eight bytes, or where its tables are."""
    lines = []
    for own, field in fields_of(kind.of).items():
        name = field_name(own)
        if field.name == "list":
            lines.append(f"    {field.c}{name};\n    i64 {name}_rows;")
        else:
            lines.append(f"    {field.c} {name};".replace("* ", "*"))
    return "typedef struct {\n" + "\n".join(lines) + f"\n}} {kind.of.__name__};\n"


def opener(kind: TypeKind) -> str:
    """A function that finds the tables of a group in memory; groups within it are left alone.

    The directory holds the first word and the number of rows of each table, in order.
    """
    name = kind.of.__name__
    lines, place = [], 0
    for own, field in fields_of(kind.of).items():
        table = field_name(own)
        if field.name == "group":
            continue
        lines.append(f"    group->{table} = ({field.c})(memory + directory[{place}]);")
        if field.name == "list":
            lines.append(f"    group->{table}_rows = directory[{place + 1}];")
        place += 2
    head = f"static const i64 *open_{name}({name} *group, i64 *memory, const i64 *directory)"
    return head + " {\n" + "\n".join(lines) + f"\n    return directory + {place};\n}}\n"
