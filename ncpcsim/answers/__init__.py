"""The questions of the two readers, answered from the runs of a batch."""
