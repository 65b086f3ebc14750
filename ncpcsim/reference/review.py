"""The donor's review of results: what of the rest is paid, and whether there is a second phase."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import OPERATING_EXPENSES, Account
from ncpcsim.model.counts import OfService
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import one
from ncpcsim.reference import leadership
from ncpcsim.reference.state import OWN_INCOME, Centre

_YEAR = 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The review, if the plan has one."""
    if centre.inputs.review.present:
        yield review(centre)


def review(centre: Centre) -> Generator[Event]:
    """On the first day of its month the donor decides, by results."""
    terms = centre.inputs.review
    yield centre.clock.wait(terms.month, EventKind.OPENING, terms.order)
    found = _results(centre)
    kept = rules.kept_by_review(found, terms.cut_share, terms.added_share)
    u = one(centre.streams, terms.stream, 0)
    second = u < terms.second_phase_probability * found
    for grant, fund in zip(centre.inputs.grants, centre.funds, strict=True):
        if grant.reviewed:
            fund.kept = float(second) if grant.second else kept
    if centre.say:
        phase = "granted" if second else "not granted"
        also = f"; a second phase is {phase}" if terms.second_phase_probability else ""
        centre.say(f"review: results {found:.2f} of the plan, {kept:.0%} of the rest is paid{also}")


def _results(centre: Centre) -> float:
    """What the centre has done, against the plan."""
    terms, done = centre.inputs.review, 0
    for service in centre.inputs.services:
        if service.finds_options:
            done += sum(centre.counts.rows[service.counts + OfService.DONE])
    planned = terms.planned_assessments_year * terms.month / 12
    credible = centre.market.credibility() * leadership.trust(centre)
    return rules.results(
        rules.of_plan(done, planned),
        rules.of_plan(_coverage(centre), terms.asked_coverage),
        rules.of_plan(credible, terms.asked_credibility),
    )


def _coverage(centre: Centre) -> float:
    """Own income of the last year to what it spent of its own."""
    net, first = [0] * len(centre.ledger.balances), centre.ledger.month - _YEAR
    for month, debit, credit, cents in centre.ledger.journal:
        if month >= first:
            net[debit] += cents
            net[credit] -= cents
    own = -sum(net[account] for account in OWN_INCOME) - sum(net[Account.FEES :])
    spent = sum(net[account] for account in OPERATING_EXPENSES)
    return own / spent if spent > 0 else 0.0
