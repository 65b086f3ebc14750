"""The donor's review of results: what of the rest is paid, and whether there is a second phase."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.leadership import trust_in_leaders
from ncpcsim.compiled.market import credibility
from ncpcsim.compiled.state import Centre
from ncpcsim.model.counts import OfService
from ncpcsim.model.fields import NONE
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import one
from ncpcsim.rules import kept_by_review, of_plan, results

YEAR = 12


def start_review(centre: Centre) -> None:
    """The review, if the plan has one, on the first day of its month."""
    terms = centre.inputs.review
    if terms.present:
        month, what = float(terms.month), What.EXTENSION_DECIDED
        wait(centre, month, EventKind.OPENING, terms.order, what, NONE, 0)


def on_review_of_results(centre: Centre) -> None:
    """The donor decides, by results."""
    terms = centre.inputs.review
    found = results_so_far(centre)
    kept = kept_by_review(found, terms.cut_share, terms.added_share)
    second = one(centre.streams, terms.stream, 0) < terms.second_phase_probability * found
    for i in range(len(centre.inputs.grants)):
        grant = centre.inputs.grants[i]
        if grant.second:
            centre.funds[i].kept = 1.0 if second else 0.0
        elif grant.reviewed:
            centre.funds[i].kept = kept


def results_so_far(centre: Centre) -> float:
    """What the centre has done, against the plan."""
    terms, months, done = centre.inputs.review, centre.inputs.horizon.months, 0
    for i in range(len(centre.inputs.services)):
        service = centre.inputs.services[i]
        if service.finds_options:
            row = service.counts + OfService.DONE
            for month in range(centre.clock.month + 1):
                done += centre.counts[row * months + month]
    planned = terms.planned_assessments_year * terms.month / 12.0
    trusted = trust_in_leaders(centre)
    credible = credibility(centre) * trusted
    return results(
        of_plan(float(done), planned),
        of_plan(coverage_lately(centre), terms.asked_coverage),
        of_plan(credible, terms.asked_credibility),
    )


def coverage_lately(centre: Centre) -> float:
    """Own income of the last year to what it spent of its own."""
    own, spent = 0, 0
    for account in range(Account.DOMESTIC_PUBLIC, Account.NEWER_CENTRES + 1):
        if account != Account.OTHER_EARMARKED:
            own -= net_lately(centre, account)
    for account in range(Account.FEES, len(centre.balances)):
        own -= net_lately(centre, account)
    for account in range(Account.SALARIES, Account.BAD_DEBTS + 1):
        spent += net_lately(centre, account)
    return float(own) / spent if spent > 0 else 0.0


def net_lately(centre: Centre, account: int) -> int:
    """Net debits of an account in the last year, and in this month so far."""
    months, net = centre.inputs.horizon.months, 0
    for month in range(max(centre.clock.month - YEAR, 0), min(centre.clock.month + 1, months)):
        net += centre.net_cents[account * months + month]
    return net
