"""The centre as SimPy processes, one family a file; `assembly.simulate` puts them together.

This is the definition of what happens. Amounts and decisions come from `ncpcsim.rules`; only the
flow, who waits for what, is written here.
"""
