"""Services that clients ask for because they lack the capital for their options."""

from collections.abc import Iterator
from typing import Any

from ncpcsim.plan.problems import Problem
from ncpcsim.plan.tree import section, table


def finance_problems(tree: dict[str, Any]) -> Iterator[Problem]:
    """What such services say nothing without, and that one client gets one loan."""
    services, first = dict(section(tree, "services")), dict[str, str]()
    for name, service in services.items():
        follows = table(service, "follows")
        if follows.get("lacks_capital") is not True:
            continue
        path, finder = ("services", name, "follows", "service"), follows.get("service")
        if not isinstance(finder, str) or finder not in services or finder == name:
            continue
        if table(services, finder).get("finds_options") is not True:
            what = f"{finder!r} finds no options that lack capital, expected one that does"
            yield Problem(path, what)
        elif not _any_capital(tree):
            what = "nobody lacks capital, expected a capital_share in [savings.categories]"
            yield Problem((*path[:-1], "lacks_capital"), what)
        elif finder in first:
            what = f"{first[finder]!r} finds the capital after it, expected one such service"
            yield Problem(path, what)
        else:
            first[finder] = name


def _any_capital(tree: dict[str, Any]) -> bool:
    """Whether some option needs capital; without any savings counted, that is no question."""
    if "savings" not in tree:
        return True
    categories = section(table(tree, "savings"), "categories")
    return any("capital_share" in category for _, category in categories)
