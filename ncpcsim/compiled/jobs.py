"""Places for pieces of work, used again when a piece is done, and own staff at work on them."""

from ncpcsim.compiled.books import stop
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import release
from ncpcsim.faults import Fault
from ncpcsim.model.order import EventKind

BLOCKS = 3
"""Blocks of draws of one candidate: arrival, thinning, price, patience; work, payment, default,
adoption; what it asks for next, failure, options, relapse."""


def new_job(centre: Centre, kind: int, source: int, index: int) -> int:
    """A place for a piece of work; the last one, and the end of the run, if all are taken."""
    jobs = centre.jobs
    number = len(centre.job) - 1
    if jobs.free > 0:
        jobs.free -= 1
        number = centre.free_jobs[jobs.free]
    elif jobs.used < len(centre.job):
        number = jobs.used
        jobs.used += 1
        centre.job[number].generation = 0
    else:
        stop(centre, Fault.JOBS)
    job = centre.job[number]
    job.kind = kind
    job.source = source
    job.index = index
    job.waits = False
    return number


def drop_job(centre: Centre, number: int) -> None:
    """A piece of work is over, and its place free."""
    if centre.jobs.free >= len(centre.free_jobs):
        stop(centre, Fault.JOBS)
        return
    centre.job[number].generation += 1
    centre.free_jobs[centre.jobs.free] = number
    centre.jobs.free += 1


def begin_work(centre: Centre, number: int, team: int, order: int) -> None:
    """Keep one person busy with a job for its days of own staff."""
    job, crowd = centre.job[number], centre.crowds[team]
    crowd.at_work += 1
    crowd.worked_months -= centre.clock.now
    months = job.own_days / centre.inputs.staff.working_days_month
    wait(centre, months, EventKind.COMPLETION, order, What.WORK_ENDS, number, 0)


def end_work(centre: Centre, team: int) -> None:
    """One person is free again."""
    crowd = centre.crowds[team]
    crowd.at_work -= 1
    crowd.worked_months += centre.clock.now
    release(centre, team)
