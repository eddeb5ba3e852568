"""Whether pairs of CPU times show that something became slower, by more than the noise of the pairs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# Student's t, one-sided, 99 %, by the number of pairs (degrees of freedom: one less); any table of the t-distribution has these.
_T = {3: 6.965, 4: 4.541, 5: 3.747, 6: 3.365, 7: 3.143, 8: 2.998, 9: 2.896, 10: 2.821}
PAIRS = (min(_T), max(_T))  # how few and how many pairs are judged


@dataclass(frozen=True)
class Change:
    """How the CPU time of a build changed: `ratio` is new/base of a typical pair, `noise` what chance explains of it."""

    ratio: float
    noise: float

    @property
    def is_slower(self) -> bool:
        return self.ratio - 1 > self.noise

    @property
    def is_faster(self) -> bool:
        return 1 - self.ratio > self.noise


def change(pairs: Sequence[tuple[float, float]], least: float) -> Change:
    """The change that pairs of (base, new) CPU seconds show; `least` is the smallest noise that is assumed.

    The ratio is the geometric mean of the pairs' ratios. The noise is half the width of its one-sided 99 % confidence interval
    (Student's t of the logarithms). Raises KeyError for fewer or more pairs than PAIRS.
    """
    logarithms = [math.log(new / base) for base, new in pairs]
    spread = statistics.stdev(logarithms) / math.sqrt(len(logarithms))
    return Change(math.exp(statistics.fmean(logarithms)), max(least, math.expm1(_T[len(pairs)] * spread)))
