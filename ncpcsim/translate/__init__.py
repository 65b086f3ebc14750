"""From a part of Python to C: typed functions of numbers, rows of numbers and lists of them.

What may be written is listed in `ncpcsim.translate.functions`; anything else is refused with its
file and line. The translator knows nothing of the centre.
"""
