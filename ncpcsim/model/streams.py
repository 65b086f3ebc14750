"""Random numbers addressed by name: what differs between two replications of the same plan.

Every source of randomness is a *stream* with a name. A draw is addressed by (seed, replication,
stream, entity), never by the order in which it is used: adding a stream, or changing a plan, leaves
all other draws as they were, so that two plans are compared under common random numbers.

The generator is Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
key = (seed, hash of the stream's name), counter = (entity's block, 0, 0, replication). It gives
random access, and the same bits in numpy and in compiled code.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from ncpcsim.model.fields import Key
from ncpcsim.rules import exponential

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS_PER_BLOCK = 4
MOST_RENEWALS = 1 << 12
"""Times that a payer can commission the same again; blocks of its stream that each call has."""
MAX_SEED = 2**64 - 1
_UNIT = 2.0**-52
_NO_WORDS = (0,) * WORDS_PER_BLOCK


class Streams:
    """All the randomness of one replication.

    Attributes:
        seed: the batch's random seed, 0 to 2**64 - 1; 0 is a seed like any other.
        replication: the run's number within the batch.
        first, second, third, fourth: the uniforms that `block` drew last.
    """

    seed: Key
    replication: Key
    first: float
    second: float
    third: float
    fourth: float

    def __init__(self, seed: int, replication: int) -> None:
        import numpy as np

        self.seed, self.replication = Key(seed), Key(replication)
        self.first = self.second = self.third = self.fourth = 0.0
        self._generator = np.random.Philox(0)

    def table(self, key: Key, first: int, entities: int, width: int) -> "NDArray[np.float64]":
        """Uniform draws of consecutive entities of a stream.

        Args:
            key: the stream's key.
            first: index of the first entity.
            entities: how many.
            width: draws per entity, a multiple of four, the same for a stream ever after.

        Returns:
            Numbers strictly between 0 and 1, shape (entities, width).
        """
        import numpy as np

        words = self.bits(key, first * (width // WORDS_PER_BLOCK)).random_raw(entities * width)
        # 52 bits and a half: never 0 or 1, and exactly representable.
        uniforms = ((words >> np.uint64(12)).astype(np.float64) + 0.5) * _UNIT
        return uniforms.reshape(entities, width)

    def bits(self, key: Key, number: int) -> "np.random.Philox":
        """The generator, about to make a block of a stream."""
        bits = self._generator
        # Moving one is quicker than making one. A used-up buffer: the next word begins a block.
        state: Any = {
            "bit_generator": "Philox",
            "state": {"counter": (number, 0, 0, self.replication), "key": (self.seed, key)},
            "buffer": _NO_WORDS,
            "buffer_pos": WORDS_PER_BLOCK,
            "has_uint32": 0,
            "uinteger": 0,
        }
        bits.state = state
        return bits


def block(streams: Streams, key: Key, number: int) -> None:
    """Draw the four uniforms of a block of a stream into `streams.first` to `streams.fourth`."""
    words = streams.bits(key, number).random_raw(WORDS_PER_BLOCK).tolist()
    streams.first, streams.second, streams.third, streams.fourth = (
        ((word >> 12) + 0.5) * _UNIT for word in words
    )


def one(streams: Streams, key: Key, entity: int) -> float:
    """The first draw of an entity of width four: one uniform, strictly between 0 and 1."""
    return ((int(streams.bits(key, entity).random_raw()) >> 12) + 0.5) * _UNIT


@lru_cache(maxsize=4096)
def stream_key(stream: str) -> Key:
    """The key of a stream of random numbers, from its name."""
    return Key(int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little"))


class Candidate(NamedTuple):
    """An arrival that may come to something.

    Attributes:
        time: when it comes, in months.
        thinning: the draw that decides, against the state at its time, whether it does.
        row: all its draws; the first made the time since the one before, the second is `thinning`.
    """

    time: float
    thinning: float
    row: "NDArray[np.float64]"


def candidates(
    streams: Streams,
    key: Key,
    rate_month: float,
    months: float,
    width: int,
    after: Callable[[float, float], float] = add,
) -> Iterator[Candidate]:
    """Arrivals of a Poisson process at its largest possible rate, to be thinned by the state.

    The same candidate meets the same draws under every plan.

    Args:
        streams: the replication's randomness.
        key: the stream's key.
        rate_month: the largest rate, arrivals a month.
        months: no arrivals after this time.
        width: draws per candidate, a multiple of four.
        after: from the time of one and the months that the next is due later at that rate, when
            the next comes.
    """
    if not rate_month > 0:
        return
    mean_months = 1.0 / rate_month
    block_size = int(rate_month * months * 1.2) + 8
    time, first = 0.0, 0
    while True:
        table = streams.table(key, first, block_size, width)
        for arrival, thinning, row in zip(*table[:, :2].T.tolist(), table, strict=True):
            time = after(time, exponential(mean_months, arrival))
            if time >= months:
                return
            yield Candidate(time, thinning, row)
        first += block_size
