"""Rows of a plan's tables that say what the centre and its surroundings are."""

from math import inf
from typing import Any

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import NETWORK_HOURS
from ncpcsim.model.fields import NONE
from ncpcsim.model.writer import NEVER, At, Writer, all_of
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import AnotherHost

LINES = (
    Account.PREMISES,
    Account.MATERIALS,
    Account.TRAVEL,
    Account.OVERHEAD,
    Account.MISCELLANEOUS,
)
"""The lines of running costs, in the order in which they are paid."""
NO_HOST = "none"
"""The name, among kinds of host, of having none."""
_MEMO = {
    Account.PREMISES: Account.IN_KIND_PREMISES,
    Account.MATERIALS: Account.IN_KIND_LOGISTICS,
    Account.OVERHEAD: Account.IN_KIND_LOGISTICS,
}


def setting(tables: Writer) -> None:
    """The horizon, the thresholds, the staff's terms, and what is counted of the centre."""
    numbers = tables.numbers
    tables.add(
        "horizon",
        months=numbers.months,
        start_month=numbers.first_day.month - 1,
        elapsed_months=numbers.elapsed_months,
    )
    lends = numbers.host.lends if numbers.host else None
    tables.add(
        "liquidity",
        numbers.liquidity,
        ("liquidity",),
        host_lends=0.0 if lends is None else At(("host", "lends"), lends),
        programme_end=numbers.programme_end,
        refusal_stream=tables.key("liquidity.refusal"),
        advance_stream=tables.key("liquidity.advance"),
    )
    tables.add("closing", order=tables.order("closing"))
    tables.add("staff", numbers.staff, ("staff",))
    step_months = numbers.declaration.step_months if numbers.declaration else 1
    tables.add("declaration", step_months=step_months)
    tables.add(
        "counters",
        people=tables.row("staff", "people"),
        dormant=tables.row("centre", "dormant"),
        turned_away=tables.row("centre", "turned_away"),
        hired=tables.row("staff", "hired"),
        let_go=tables.row("staff", "let_go"),
        skipped=tables.row("mission", "skipped"),
    )
    _costs(tables)


def _costs(tables: Writer) -> None:
    """Running costs and equipment."""
    costs, host = tables.numbers.costs, tables.numbers.host
    travel = costs.travel_from_month
    first = {Account.TRAVEL: costs.from_month if travel is None else travel}
    for account in LINES:
        name = account.name.lower()
        share: Any = 0.0
        if host is not None and account is Account.PREMISES:
            share = At(("host", "premises_share"), host.premises_share)
        elif host is not None and account in _MEMO and host.logistics_share is not None:
            share = At(("host", "logistics_share"), host.logistics_share)
        stated = f"{name}_month"
        tables.add(
            "lines",
            account=account,
            memo=_MEMO.get(account, NONE),
            amount_month=At(("costs", stated), getattr(costs, stated)),
            from_month=first.get(account, costs.from_month),
            host_share=share,
            strays=account is not Account.PREMISES,
            stream=tables.key(f"costs.{name}"),
        )
    spread = 0.0 if costs.yearly_spread is None else costs.yearly_spread
    begins = 0 if costs.needs else min(costs.from_month, *first.values())
    tables.add(
        "running_costs",
        costs.needs,
        ("costs", "needs"),
        first_month=max(begins, tables.numbers.elapsed_months),
        yearly_spread=At(("costs", "yearly_spread"), spread),
        order=tables.order("costs.running"),
    )
    terms, bought = tables.numbers.management, tables.is_past(costs.equipment_month)
    tables.add(
        "equipment",
        amount=0.0 if bought else At(("costs", "equipment"), costs.equipment),
        month=tables.numbers.elapsed_months if bought else costs.equipment_month,
        life_months=costs.equipment_life_months,
        waits=terms is not None and terms.spending is not None,
        order=tables.order("costs.equipment"),
    )


def director(tables: Writer) -> None:
    """The director's rules and the equipment."""
    terms, path = tables.numbers.management, ("management",)
    giving_up = terms.giving_up if terms else None
    spending = terms.spending if terms else None
    posts: dict[str, Any] = {"fewest_people": 0}
    if giving_up is not None:
        posts = all_of(giving_up, (*path, "giving_up"))
    if spending is None:  # as planned, whatever the forecast
        cash: dict[str, Any] = {"least_share": 1.0, "most_share": 1.0}
    else:
        cash = all_of(spending, (*path, "spending"))
    always: dict[str, Any] = {}
    if terms is None or terms.bid_up_to_waiting is None:
        always["bid_up_to_waiting"] = NEVER
    if terms is None or terms.short_time_share is None:
        always["short_time_share"] = 1.0
    tables.add(
        "management",
        terms,
        path,
        present=terms is not None,
        team=tables.roles.index(terms.hires_role) if terms else NONE,
        review_order=tables.order("review"),
        offers_order=tables.order("mission.offers"),
        plans_posts=giving_up is not None,
        **always,
        **posts,
        **cash,
    )


def surroundings(tables: Writer) -> None:
    """The market, the economy and the policy of the country."""
    numbers = tables.numbers
    tables.add(
        "exchange",
        numbers.exchange,
        ("exchange",),
        stream=tables.key("economy.exchange"),
    )
    tables.add("economy", numbers.economy, ("economy",), cycle_stream=tables.key("economy.cycle"))
    learning = {} if numbers.learning else {"months": 1.0, "productivity_at_start": 1.0}
    if numbers.learning and numbers.learning.counterpart_fits_months is None:
        learning["counterpart_fits_months"] = inf
    tables.add("learning", numbers.learning, ("learning",), **learning)
    tables.add("turnover", numbers.turnover, ("turnover",))
    overflow = {} if numbers.overflow else {"above_waiting": NEVER, "days_month": -1.0}
    tables.add("overflow", numbers.overflow, ("overflow",), **overflow)
    tables.add("market", numbers.market, ("market",))
    competition = {} if numbers.competition else {"trained_scale": 1.0}
    tables.add("competition", numbers.competition, ("competition",), **competition)
    credibility: dict[str, Any] = {} if numbers.credibility else {"at_start": 1.0}
    if numbers.opening.credibility is not None:
        credibility["at_start"] = At(("opening", "credibility"), numbers.opening.credibility)
    tables.add("credibility", numbers.credibility, ("credibility",), **credibility)
    tables.add("ministry", numbers.ministry, ("ministry",))
    uncut = {} if numbers.public_budget else {"left_share": 1.0, "delay_ratio": 1.0}
    tables.add(
        "public_budget",
        numbers.public_budget,
        ("public_budget",),
        stream=tables.key("economy.public_budget"),
        **uncut,
    )
    for name, event in numbers.events.items():
        if tables.is_past(event.month):
            continue
        tables.events.append(name)
        tables.add("events", event, ("events", name), order=tables.order(f"event.{name}"))


def network(tables: Writer) -> None:
    """Regional centres and members."""
    for name, part in tables.numbers.network.items():
        tables.add(
            "network",
            part,
            ("network", name),
            team=tables.roles.index(part.role),
            counts=tables.row(f"network.{name}", NETWORK_HOURS),
            order=tables.order(f"network.{name}"),
        )


def host(tables: Writer) -> None:
    """What the host gives, and how it may fail."""
    host, path = tables.numbers.host, ("host",)
    trouble = host.trouble if host else None
    failing: dict[str, Any] = dict.fromkeys(
        ("defaults_year", "default_months", "losses_year", "move_months"), 0.0
    )
    failing |= dict.fromkeys(("found_probability", "search_months", "another_share"), 0.0)
    if trouble:
        failing |= all_of(trouble, (*path, "trouble"))
        failing |= _another(failing.pop("another").value, (*path, "trouble", "another"))
    if host is None or host.available_share is None:
        failing["available_share"] = 1.0
    if host is None or host.most_people is None:
        failing["most_people"] = inf
    kinds = sorted(tables.numbers.host_kinds)  # the next one is drawn by their order
    for kind in kinds:
        tables.add("host_kinds", tables.numbers.host_kinds[kind], ("host_kinds", kind))
    alone = kinds.index(NO_HOST) if NO_HOST in kinds else NONE
    tables.add(
        "host",
        host,
        path,
        present=host is not None,
        kind=kinds.index(host.kind) if host and kinds else alone,
        kind_alone=alone,
        promised_people=sum(
            post.people for post in tables.numbers.posts.values() if post.payer == "host"
        ),
        contribution_order=tables.order("host.contribution"),
        default_stream=tables.key("host.default"),
        default_order=tables.order("host.default"),
        recovery_order=tables.order("host.recovery"),
        loss_stream=tables.key("host.loss"),
        loss_order=tables.order("host.loss"),
        move_order=tables.order("host.move"),
        another_stream=tables.key("host.another"),
        another_order=tables.order("host.another"),
        **failing,
    )


def _another(terms: AnotherHost | None, path: KeyPath) -> dict[str, At]:
    """What comes after a loss."""
    if terms is None:
        return {}
    found = all_of(terms, path)
    return {"another_share": found.pop("delivered_share"), **found}
