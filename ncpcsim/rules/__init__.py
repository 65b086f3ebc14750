# ruff: noqa: F403  the rules are one list, in several files by subject
"""Decisions and amounts as pure functions of numbers: no clock, no state, no numpy.

The reference engine calls these as they stand; the compiled one is made from the same text. They
are written in the part of Python that `ncpcsim.compiled.translate` can translate: numbers and flat
lists, `if`, `while`, `for` over a range, calls of other rules and of `math`. Sums of floats are
loops in a stated order, because the order decides the last bit. A draw `u` is uniform on (0, 1).

Amounts of money are whole cents, and no amount above `MOST_CENTS` in size exists: an amount that
would be is `NOT_MONEY`, which no ledger takes.
"""

from ncpcsim.rules.ability import *
from ncpcsim.rules.boards import *
from ncpcsim.rules.chance import *
from ncpcsim.rules.direction import *
from ncpcsim.rules.forecast import *
from ncpcsim.rules.funding import *
from ncpcsim.rules.liquidity import *
from ncpcsim.rules.market import *
from ncpcsim.rules.money import *
from ncpcsim.rules.people import *
