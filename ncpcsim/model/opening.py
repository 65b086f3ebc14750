"""The opening entry: what stands in the books before the first posting.

Both engines make it from this text (see `ncpcsim.rules` for the part of Python it may use).
"""

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import NONE, Inputs
from ncpcsim.rules import cents


def open_books(inputs: Inputs, balances: list[int]) -> None:
    """Enter what the centre owns and owes; the opening fund is what is left.

    Args:
        inputs: the plan.
        balances: net debits by account, all of them 0.
    """
    opening = inputs.opening
    balances[Account.CASH] = cents(opening.cash)
    balances[Account.RECEIVABLES] = cents(opening.receivables)
    balances[Account.EQUIPMENT] = cents(opening.equipment)
    balances[Account.PAYABLES] = -cents(opening.payables)
    for i in range(len(inputs.grants)):
        row = inputs.grants[i].unspent_row
        if row != NONE:
            held = cents(inputs.tranches[row].amount)
            balances[Account.EARMARKED_CASH] += held
            balances[Account.EARMARKED_GRANTS_UNSPENT] -= held
    own = balances[Account.CASH] + balances[Account.RECEIVABLES] + balances[Account.EQUIPMENT]
    balances[Account.OPENING_FUND] = -(own + balances[Account.PAYABLES])
