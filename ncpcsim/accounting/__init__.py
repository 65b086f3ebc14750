"""The books: the chart of accounts, the ledger, and the statements read from it."""
