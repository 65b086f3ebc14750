"""A plan as tables: once a plan, whatever the number of runs."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account, account_names
from ncpcsim.model.counts import OfClients, OfContract, counted, teaching
from ncpcsim.model.fields import NONE, Earmark, Inputs, Origin, Payer, Variability
from ncpcsim.model.names import Names, names_of
from ncpcsim.model.order import order
from ncpcsim.model.streams import stream_key
from ncpcsim.model.tables import Span, columns, objects, row_type, spans, tables_of
from ncpcsim.plan.problems import KeyPath, dotted
from ncpcsim.plan.schema import Contract, Grant, Numbers, Post, Service

NEVER = 1 << 53
"""More of anything than there can be."""
LINES = (
    Account.PREMISES,
    Account.MATERIALS,
    Account.TRAVEL,
    Account.OVERHEAD,
    Account.MISCELLANEOUS,
)
"""The lines of running costs, in the order in which they are paid."""
_MEMO = {
    Account.PREMISES: Account.IN_KIND_PREMISES,
    Account.MATERIALS: Account.IN_KIND_LOGISTICS,
    Account.OVERHEAD: Account.IN_KIND_LOGISTICS,
}
_GRANT_INCOME = {
    "programme": Account.PROGRAMME_DISCRETIONARY,
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "corporate": Account.CORPORATE_SUPPORT,
    "other": Account.OTHER_SUPPORT,
}
_CONTRACT_INCOME = {
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "international": Account.INTERNATIONAL_PROJECTS,
    "corporate": Account.CORPORATE_SUPPORT,
    "newer_centres": Account.NEWER_CENTRES,
}
_SHAPES = {"even": rules.EVEN, "front_loaded": rules.FRONT_LOADED, "tapered": rules.TAPERED}


class CollisionError(ValueError):
    """Two names of a plan that cannot be told apart by their numbers."""


class At(NamedTuple):
    """A number of the plan, and where it stands there."""

    path: KeyPath
    value: Any


@dataclass(frozen=True, eq=False)
class Tables:
    """A plan's numbers as tables, uncertain ones at their median.

    Attributes:
        words: all tables one after the other, read-only, shape (words,).
        places: where each table stands, by its name in `Inputs`.
        cells: the words in which each number of the plan stands, by dotted path.
        accounts: names of the accounts, in order.
        counted: names of what is counted, in order.
        names: names of the rows, for a trace.
    """

    words: NDArray[np.int64]
    places: Mapping[str, Span]
    cells: Mapping[str, tuple[int, ...]]
    accounts: tuple[str, ...]
    counted: tuple[str, ...]
    names: Names

    @cached_property
    def inputs(self) -> Inputs:
        """The tables at the medians, for the reference engine."""
        return self.read(self.words)

    def read(self, words: NDArray[np.int64]) -> Inputs:
        """Words as the reference engine reads them."""
        found: Inputs = objects(Inputs, words, self.places)
        return found

    def filled(self, values: Mapping[str, float]) -> NDArray[np.int64]:
        """A copy of the words with other values of some of the plan's numbers, by dotted path."""
        words = self.words.copy()
        for path, value in values.items():
            for cell in self.cells.get(path, ()):
                words.view(np.float64)[cell] = value
        return words

    @property
    def months(self) -> int:
        """Length of a run."""
        return self.inputs.horizon.months


def tables_of_plan(numbers: Numbers) -> Tables:
    """The tables of a plan's numbers.

    Raises:
        CollisionError: two of its names have the same number.
    """
    return _Builder(numbers).build()


class _Builder:
    """Writes a plan's tables, and remembers where each number went."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._rows: dict[str, list[Any]] = defaultdict(list)
        self._cells: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self._names: dict[tuple[str, int], str] = {}
        self._counts = {each: row for row, each in enumerate(counted(numbers))}
        self._roles = list(dict.fromkeys(post.role for post in numbers.posts.values()))
        self._segments = list(numbers.segments)
        self._services = list(numbers.services)
        self._donors = list(numbers.donors)
        self._grants = list(numbers.grants)
        self._givers = [*numbers.grants, *numbers.contracts]
        self._positions: list[str] = []

    def build(self) -> Tables:
        """All tables."""
        self._setting()
        self._director()
        self._surroundings()
        self._host()
        self._clients()
        self._people()
        self._funding()
        self._contracts()
        return self._laid_out()

    # -------------------------------------------------------------- writing

    def _add(self, table: str, section: Any = None, path: KeyPath = (), /, **others: Any) -> None:
        """Write a row: `others`, and every field the section has of the same name.

        What the section leaves out is 0.
        """
        kind, _ = tables_of(Inputs)[table]
        row = []
        for column, name in enumerate(columns(kind)):
            found = others.pop(name) if name in others else self._stated(section, path, name)
            row.append(self._number(table, column, found))
        if others:
            raise TypeError(f"table {table} has no {', '.join(others)}")
        self._rows[table].append(tuple(row))

    def _list(self, table: str, number: Any) -> None:
        """Write a row that is one number."""
        self._rows[table].append(self._number(table, 0, number))

    def _stated(self, section: Any, path: KeyPath, name: str) -> Any:
        if section is None:
            return 0
        value = getattr(section, name)
        return 0 if value is None else At((*path, name), value)

    def _number(self, table: str, column: int, found: Any) -> Any:
        if not isinstance(found, At):
            return found
        self._cells[dotted(found.path)].append((table, len(self._rows[table]), column))
        return found.value

    def _key(self, stream: str) -> int:
        return self._named("stream", stream_key(stream), stream)

    def _order(self, stream: str) -> int:
        return self._named("order", order(stream), stream)

    def _named(self, what: str, number: int, name: str) -> int:
        """A number for a name, refused if another name has it."""
        other = self._names.setdefault((what, number), name)
        if other != name:
            raise CollisionError(f"{other!r} and {name!r} have the same number: rename one of them")
        return number

    def _laid_out(self) -> Tables:
        lists = {name: len(self._rows[name]) for name in tables_of(Inputs)}
        places = spans(Inputs, lists)
        words = np.zeros(sum(span.words for span in places.values()), np.int64)
        for name, span in places.items():
            rows = np.array(self._rows[name], row_type(span.kind))
            words[span.first : span.first + span.words] = rows.view(np.int64)
        words.flags.writeable = False
        cells = {
            path: tuple(places[t].first + row * places[t].width + column for t, row, column in at)
            for path, at in self._cells.items()
        }
        numbers = self._numbers
        counts = tuple(f"{subject}.{what}" for subject, what in self._counts)
        names = names_of(numbers, tuple(self._positions))
        return Tables(words, places, cells, account_names(numbers.services), counts, names)

    # -------------------------------------------------------------- sections

    def _setting(self) -> None:
        numbers = self._numbers
        start_month = numbers.start.month - 1
        self._add("horizon", months=numbers.horizon.months, start_month=start_month)
        self._add("thresholds", numbers.thresholds, ("thresholds",))
        self._add("opening", numbers.opening, ("opening",))
        self._add("closing", order=self._order("closing"))
        self._add("staff", numbers.staff, ("staff",))
        step_months = numbers.declaration.step_months if numbers.declaration else 1
        self._add("declaration", step_months=step_months)
        self._add(
            "counters",
            people=self._row("staff", "people"),
            hired=self._row("staff", "hired"),
            let_go=self._row("staff", "let_go"),
            skipped=self._row("mission", "skipped"),
        )
        self._costs()

    def _row(self, subject: str, what: str) -> int:
        return self._counts.get((subject, what), NONE)

    def _costs(self) -> None:
        costs, host = self._numbers.costs, self._numbers.host
        travel = costs.travel_from_month
        first = {Account.TRAVEL: costs.from_month if travel is None else travel}
        for account in LINES:
            name = account.name.lower()
            share: Any = 0.0
            if host is not None and account is Account.PREMISES:
                share = At(("host", "premises_share"), host.premises_share)
            elif host is not None and account in _MEMO and host.logistics_share is not None:
                share = At(("host", "logistics_share"), host.logistics_share)
            stated = f"{name}_month_usd"
            self._add(
                "lines",
                account=account,
                memo=_MEMO.get(account, NONE),
                month_usd=At(("costs", stated), getattr(costs, stated)),
                from_month=first.get(account, costs.from_month),
                host_share=share,
                strays=account is not Account.PREMISES,
                stream=self._key(f"costs.{name}"),
            )
        spread = 0.0 if costs.yearly_spread is None else costs.yearly_spread
        self._add(
            "running_costs",
            first_month=min(costs.from_month, *first.values()),
            yearly_spread=At(("costs", "yearly_spread"), spread),
            order=self._order("costs.running"),
        )
        terms = self._numbers.management
        self._add(
            "equipment",
            usd=At(("costs", "equipment_usd"), costs.equipment_usd),
            month=costs.equipment_month,
            life_months=costs.equipment_life_months,
            waits=terms is not None and terms.spending is not None,
            order=self._order("costs.equipment"),
        )

    def _director(self) -> None:
        terms, path = self._numbers.management, ("management",)
        giving_up = terms.giving_up if terms else None
        spending = terms.spending if terms else None
        if giving_up is None:  # no runway is short enough, or long enough
            posts: dict[str, Any] = {"below_runway_months": -1.0, "refill_runway_months": math.inf}
            posts["fewest_people"] = 0
        else:
            posts = _all_of(giving_up, (*path, "giving_up"))
        if spending is None:  # as planned, whatever the runway
            cash: dict[str, Any] = {"normal_runway_months": 1.0}
            cash |= {"least_share": 1.0, "most_share": 1.0}
        else:
            cash = _all_of(spending, (*path, "spending"))
        self._add(
            "management",
            terms,
            path,
            present=terms is not None,
            team=self._roles.index(terms.hires_role) if terms else NONE,
            review_order=self._order("review"),
            **posts,
            **cash,
        )

    def _surroundings(self) -> None:
        numbers = self._numbers
        self._add(
            "exchange",
            numbers.exchange,
            ("exchange",),
            stream=self._key("economy.exchange"),
        )
        self._add("economy", numbers.economy, ("economy",), cycle_stream=self._key("economy.cycle"))
        learning = {} if numbers.learning else {"months": 1.0, "productivity_at_start": 1.0}
        self._add("learning", numbers.learning, ("learning",), **learning)
        self._add("turnover", numbers.turnover, ("turnover",))
        overflow = {} if numbers.overflow else {"above_waiting": NEVER, "days_month": -1.0}
        self._add("overflow", numbers.overflow, ("overflow",), **overflow)
        self._add("market", numbers.market, ("market",))
        competition = {} if numbers.competition else {"trained_scale": 1.0}
        self._add("competition", numbers.competition, ("competition",), **competition)
        credibility = {} if numbers.credibility else {"at_start": 1.0}
        self._add("credibility", numbers.credibility, ("credibility",), **credibility)
        self._add("ministry", numbers.ministry, ("ministry",))
        for name, event in numbers.events.items():
            self._add("events", event, ("events", name), order=self._order(f"event.{name}"))

    def _host(self) -> None:
        host, path = self._numbers.host, ("host",)
        trouble = host.trouble if host else None
        names = ("defaults_year", "default_months", "losses_year", "move_months")
        failing = _all_of(trouble, (*path, "trouble")) if trouble else dict.fromkeys(names, 0.0)
        self._add(
            "host",
            host,
            path,
            contribution_order=self._order("host.contribution"),
            default_stream=self._key("host.default"),
            default_order=self._order("host.default"),
            recovery_order=self._order("host.recovery"),
            loss_stream=self._key("host.loss"),
            loss_order=self._order("host.loss"),
            move_order=self._order("host.move"),
            **failing,
        )

    # -------------------------------------------------------------- clients

    def _clients(self) -> None:
        numbers = self._numbers
        for name, segment in numbers.segments.items():
            self._add("segments", segment, ("segments", name))
        joined = self._row("members", "joined")
        self._add("membership", numbers.membership, ("membership",), counts=joined)
        savings = numbers.savings
        clients = self._row("clients", OfClients.KEPT.name.lower())
        present = savings is not None
        self._add("savings", savings, ("savings",), present=present, counts=clients)
        categories = savings.categories if savings else {}
        for name in sorted(categories):
            self._add(
                "categories",
                categories[name],
                ("savings", "categories", name),
                counts=self._row(f"options.{name}", "found"),
            )
        for name, service in numbers.services.items():
            self._service(name, service)
            self._demands(name, service)
        self._sources()

    def _service(self, name: str, service: Service) -> None:
        path, charged = ("services", name), service.charge_from_month
        taught = name in teaching(self._numbers)
        rates = service.offered_by_step or ()
        self._add(
            "services",
            service,
            path,
            team=self._roles.index(service.role),
            variability=Variability[service.variability.upper()],
            charge_from_month=self._numbers.market.charge_from_month
            if charged is None
            else charged,
            fees=Account.FEES + self._services.index(name),
            counts=self._row(name, "asked"),
            teaching=self._row(name, "person_days") if taught else NONE,
            first_step=len(self._rows["offered"]),
            steps=len(rates) or 1,
        )
        for rate in rates or (At((*path, "offered_year"), service.offered_year),):
            self._list("offered", rate)

    def _demands(self, name: str, service: Service) -> None:
        """What every segment asks: 0 of those that do not."""
        for segment in self._segments:
            demand = service.clients.get(segment)
            path = ("services", name, "clients", segment)
            unpaid = {} if self._numbers.ministry else {"ministry_pays_usd": 0.0}
            self._add("demands", demand, path, **unpaid)

    def _sources(self) -> None:
        """Streams of engagements: those that come by themselves first, then what follows them."""
        services = self._numbers.services
        for name, service in services.items():
            if service.offered_by_step or service.offered_year:
                self._source(Origin.OFFER, name, None, f"offer.{name}", 0, ())
        found = [
            (Origin.ENQUIRY, name, segment, f"enquiry.{name}.{segment}")
            for name, service in services.items()
            for segment in service.clients
        ]
        offers = len(self._rows["sources"])
        index = 0
        while index < len(found):
            origin, name, segment, stream = found[index]
            after = [
                (Origin.FOLLOW_ON, other, segment, f"{other}.after.{stream}")
                for other, service in services.items()
                if service.follows
                and service.follows.service == name
                and segment in service.clients
            ]
            first = offers + len(found)
            found += after
            self._source(origin, name, segment, stream, first, after)
            index += 1

    def _source(
        self,
        origin: Origin,
        name: str,
        segment: str | None,
        stream: str,
        first: int,
        after: Any,
    ) -> None:
        service = self._services.index(name)
        column = NONE if segment is None else self._segments.index(segment)
        follows = self._numbers.services[name].follows
        streams = ("assessors", "institutions", "finance", "joining", "membership", "options")
        self._add(
            "sources",
            origin=origin,
            service=service,
            segment=column,
            demand=NONE if segment is None else service * len(self._segments) + column,
            probability=At(("services", name, "follows", "probability"), follows.probability)
            if follows and origin is Origin.FOLLOW_ON
            else 0.0,
            first_follow_on=first,
            follow_ons=len(after),
            stream=self._key(stream),
            ministry_stream=self._key(f"{stream}.ministry"),
            order=self._order(stream),
            membership_order=self._order(f"{stream}.membership"),
            relapse_order=self._order(f"{stream}.relapse"),
            success_order=self._order(f"{stream}.success"),
            ministry_order=self._order(f"{stream}.ministry"),
            **{f"{what}_stream": self._key(f"{stream}.{what}") for what in streams},
        )

    # -------------------------------------------------------------- people

    def _people(self) -> None:
        everyone = list(self._places())
        rank = {name: i for i, name in enumerate(sorted(name for _, name, *_ in everyone))}
        for team, role in enumerate(self._roles):
            first = len(self._rows["positions"])
            for theirs, name, person, post, path in everyone:
                if theirs == role:
                    self._position(team, name, person, post, path, rank[name])
            held = len(self._rows["positions"]) - first
            self._add("teams", first_position=first, positions=held)

    def _places(self) -> Iterator[tuple[str, str, int, Post | None, KeyPath]]:
        """Role, name, number among its post's, post and path of every place for a person."""
        for name, post in self._numbers.posts.items():
            for person in range(post.people):
                yield post.role, f"{name}.{person}", person, post, ("posts", name)
        terms = self._numbers.management
        for number in range(terms.most_hired) if terms else ():
            yield terms.hires_role, f"hired.{number}", number, None, ("management",)  # type: ignore[union-attr]

    def _position(
        self, team: int, name: str, person: int, post: Post | None, path: KeyPath, rank: int
    ) -> None:
        terms = self._numbers.management
        if post is None:
            assert terms is not None  # noqa: S101  who may be hired has somebody who hires
            salary = At((*path, "hire_salary_month_usd"), terms.hire_salary_month_usd)
            payer, ends, begins, until = int(Payer.CENTRE), False, math.inf, math.inf
        else:
            salary = At((*path, "salary_month_usd"), post.salary_month_usd)
            ends, begins = post.then == "ends", float(post.from_month)
            until = math.inf if post.until_month is None else float(post.until_month)
            payer = {"centre": int(Payer.CENTRE), "host": int(Payer.HOST)}.get(
                post.payer, self._grants.index(post.payer) if post.payer in self._grants else NONE
            )
        who = name.rpartition(".")[0]
        self._positions.append(name)
        self._add(
            "positions",
            team=team,
            payer=payer,
            then_ends=ends,
            from_month=begins,
            until_month=until,
            salary_month_usd=salary,
            hired=post is None,
            person=person,
            name_rank=rank,
            seconded_stream=self._key(f"host.seconds.{who}"),
            turnover_stream=self._key(f"turnover.{name}"),
            order=self._order(f"chair.{name}"),
            turnover_order=self._order(f"turnover.{name}"),
            hire_order=self._order(f"hire.{name}"),
            let_go_order=self._order(f"let_go.{name}"),
            default_order=self._order(f"host.default.{name}"),
            loss_order=self._order(f"host.loss.{name}"),
            move_order=self._order(f"host.move.{name}"),
        )

    # -------------------------------------------------------------- money given

    def _funding(self) -> None:
        for name, donor in self._numbers.donors.items():
            agreements = [g.from_month for g in self._numbers.grants.values() if g.donor == name]
            self._add(
                "donors",
                donor,
                ("donors", name),
                first_month=min(agreements, default=0),
                early_end_stream=self._key(f"donor.{name}.early_end"),
                suspension_stream=self._key(f"donor.{name}.suspension"),
            )
        for name, grant in self._numbers.grants.items():
            self._grant(name, grant)

    def _grant(self, name: str, grant: Grant) -> None:
        path, programme = ("grants", name), grant.giver == "programme"
        schedule, extension = grant.schedule, grant.extension
        first = len(self._rows["tranches"])
        number = self._tranches(name, grant)
        terms: dict[str, Any] = {
            f"extension_{what}": At((*path, "extension", what), getattr(extension, what))
            if extension
            else 0
            for what in ("credibility", "probability", "months")
        }
        self._add(
            "grants",
            grant,
            path,
            programme=programme,
            earmarked=grant.terms == "earmarked",
            donor=NONE if grant.donor is None else self._donors.index(grant.donor),
            scheduled_usd=At((*path, "schedule", "total_usd"), schedule.total_usd)
            if schedule
            else 0.0,
            income=_GRANT_INCOME[grant.giver],
            earmarked_income=Account.PROGRAMME_EARMARKED if programme else Account.OTHER_EARMARKED,
            first_tranche=first,
            tranches=number,
            source=self._givers.index(name),
            stream=self._key(f"grant.{name}"),
            order=self._order(f"grant.{name}"),
            extension_stream=self._key(f"grant.{name}.extension"),
            extension_order=self._order(f"grant.{name}.extension"),
            **terms,
        )

    def _tranches(self, name: str, grant: Grant) -> int:
        """The rows of a grant's tranches, and of what extends it; how many tranches there are."""
        row, path, due = self._grants.index(name), ("grants", name), tranches_due(grant)
        for number, (month, share) in enumerate(due):
            listed = grant.tranches[number] if grant.tranches else None
            where = (*path, "tranches", number)
            self._add(
                "tranches",
                grant=row,
                number=number,
                month=month,
                amount_usd=At((*where, "amount_usd"), listed.amount_usd) if listed else 0.0,
                share=share,
            )
            own = listed.earmarks if listed else None
            self._earmarks(grant, own, where if own else path)
        if grant.extension:
            self._add(
                "tranches",
                grant=row,
                number=len(due),
                month=grant.until_month,
                amount_usd=At((*path, "extension", "amount_usd"), grant.extension.amount_usd),
                share=0.0,
            )
            self._earmarks(grant, None, path)
        return len(due)

    def _earmarks(self, grant: Grant, own: Any, path: KeyPath) -> None:
        stated = own or grant.earmarks
        for category in Earmark:
            name = category.name.lower()
            share = None if stated is None else getattr(stated, name)
            where = (*path, "earmarks", name)
            self._list("earmarks", -1.0 if share is None else At(where, share))

    def _contracts(self) -> None:
        for name, contract in self._numbers.contracts.items():
            self._contract(name, contract)

    def _contract(self, name: str, contract: Contract) -> None:
        self._add(
            "contracts",
            contract,
            ("contracts", name),
            team=self._roles.index(contract.role),
            income=_CONTRACT_INCOME[contract.giver],
            source=self._givers.index(name),
            counts=self._row(name, OfContract.BIDS.name.lower()),
            stream=self._key(f"contract.{name}"),
            order=self._order(f"contract.{name}"),
            costs_order=self._order(f"contract.{name}.costs"),
        )


def tranches_due(grant: Grant) -> list[tuple[int, float]]:
    """The tranches agreed: month, and share of the schedule's total; a share of 0 if listed."""
    schedule = grant.schedule
    if schedule is None:
        return [(tranche.month, 0.0) for tranche in grant.tranches]
    months = range(grant.from_month, grant.until_month, schedule.every_months)
    shape = _SHAPES[schedule.shape]
    return [(m, rules.tranche_share(i, len(months), shape)) for i, m in enumerate(months)]


def amounts_due(grant: Grant) -> list[tuple[int, float]]:
    """The tranches agreed: month and amount in USD."""
    if grant.schedule is None:
        return [(tranche.month, tranche.amount_usd) for tranche in grant.tranches]
    total_usd = grant.schedule.total_usd
    return [(month, total_usd * share) for month, share in tranches_due(grant)]


def _all_of(section: Any, path: KeyPath) -> dict[str, At]:
    """Every number of a section."""
    return {name: At((*path, name), getattr(section, name)) for name in type(section).model_fields}
