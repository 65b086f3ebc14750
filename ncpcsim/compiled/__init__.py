"""The centre as an event loop, in a part of Python that is translated to C.

The flow of `ncpcsim.reference`, written a second time: file by file, as its counterpart, under
the same names, so that the two can be read side by side and each checks the other.
"""
