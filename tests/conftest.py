"""What holds for every test, however the suite was started."""

import signal

# A shell without job control starts what runs in the background deaf to interrupts, and all that
# it starts in turn; the tests send some.
signal.signal(signal.SIGINT, signal.default_int_handler)
