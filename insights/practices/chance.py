"""What chance alone would do, where the relationship is the unit that repeats itself.

Cases of one relationship are alike (the same people, the same contract), so they are never treated as independent:
each relationship gives one score. Every function is a function of its arguments alone: the draws are seeded.

- `flipped`: is the sum of scores with mean zero more than chance? Signs are flipped at random, as the scores of
  independent clusters are symmetric enough under the null (Hemerik, Goeman & Finos 2020, JRSS B 82:841).
- `shuffled`, `reassigned`, `fallen_short`: the same question, where cases of one relationship are exchangeable: Mantel
  and Haenszel's test (1959), the conditional test of matched sets, the binomial one, each by its exact distribution.
  These need no symmetry, which few or rare cases lack; `flipped` needs no independence. The larger p counts.
- `permuted`: do two sorts of relationships differ? Labels are permuted over relationships; the statistic is Welch's t,
  which keeps the test right where the sorts vary unequally (Janssen 1997; Chung & Romano 2013, Ann. Statist. 41:484).
- `share`: a share over clusters, Wilson's interval at its effective size.
- `ratio`: a ratio of sums over clusters with its interval: linearised variance, t with k - 1 degrees of freedom
  (Cameron & Miller 2015, J. Human Resources 50:317).
- `standing_out`: is one count larger than the others'? Fisher's exact tail, widened by the spread that there is
  among all of them (Spiegelhalter 2005, Statistics in Medicine 24:1185).
- `adjusted`: Benjamini & Hochberg (1995) with weights (Genovese, Roeder & Wasserman 2006, Biometrika 93:509).
- A p by simulation is (b + 1) / (B + 1) (Phipson & Smyth 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_DRAWS = 9999
_BLOCK = 500  # draws at a time, so that memory does not grow with them
_SEED = 20260101
_TAIL = 0.1  # of the scores at each end that are drawn in before their spread is judged …
_DRAWN = 0.6787  # … and the mean square that is left of a normal spread of 1
_NORMAL = NormalDist()


class Stratum(NamedTuple):
    """One stratum: how many cases, how many of them in the group, hits in all and in the group."""

    size: int
    inside: int
    hits: int
    hits_inside: int


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def flipped(scores: Sequence[float], *, below: bool = False) -> float:
    """The p of independent scores, one a relationship, whose mean is zero by chance alone.

    It is two-sided, or of a mean `below` zero.
    """
    found = np.asarray(scores, dtype=np.float64)
    rng, beyond, slack = np.random.default_rng(_SEED), 0, 1e-9 * np.abs(found).sum()
    for size in _blocks():
        heads = rng.integers(0, 2, size=(size, len(found)), dtype=np.int8)
        sums = 2.0 * (heads @ found) - found.sum()
        far = -sums >= -found.sum() - slack if below else np.abs(sums) >= abs(found.sum()) - slack
        beyond += int(np.count_nonzero(far))
    return (beyond + 1) / (_DRAWS + 1)


def shuffled(strata: Sequence[Stratum]) -> float:
    """Two-sided p that hits fall on a group within its strata by chance alone: the distribution of their sum."""
    sums: Numbers = np.ones(1)
    least = 0  # hits, to which the first of `sums` belongs
    for t in strata:
        fewest, ways = max(0, t.inside + t.hits - t.size), comb(t.size, t.inside)
        span = range(fewest, min(t.inside, t.hits) + 1)
        sums = np.convolve(sums, [comb(t.hits, i) * comb(t.size - t.hits, t.inside - i) / ways for i in span])
        least += fewest
    expected = sum(t.hits * t.inside / t.size for t in strata)
    off = np.abs(np.arange(least, least + len(sums)) - expected)
    observed = abs(sum(t.hits_inside for t in strata) - expected)
    return min(1.0, float(sums[off >= observed - 1e-9].sum()))


def reassigned(sets: Sequence[tuple[float, Sequence[float]]]) -> float:
    """Two-sided p that of each set, (case, controls), another member might as well have been the case."""
    rng, drawn, observed = np.random.default_rng(_SEED), np.zeros(_DRAWS), 0.0
    for case, controls in sets:
        members = np.asarray([case, *controls], dtype=np.float64)
        scores = members - (members.sum() - members) / len(controls)
        drawn += scores[rng.integers(0, len(members), _DRAWS)]
        observed += float(scores[0])
    return _beyond(drawn, observed)


def fallen_short(hits: int, trials: int, target: float) -> float:
    """The p that independent trials, each a hit with the chance `target`, give so few hits."""
    drawn = np.random.default_rng(_SEED).binomial(trials, target, _DRAWS)
    return (int(np.count_nonzero(drawn <= hits)) + 1) / (_DRAWS + 1)


def permuted(some: Sequence[float], others: Sequence[float]) -> float:
    """Two-sided p that two sets of relationships, one value each, differ in their means by chance alone."""
    values = np.asarray([*some, *others], dtype=np.float64)
    observed, rng, beyond = abs(_welch(values[None, :], len(some))[0]), np.random.default_rng(_SEED), 0
    for size in _blocks():
        shuffled = rng.permuted(np.broadcast_to(values, (size, len(values))), axis=1)
        beyond += int(np.count_nonzero(np.abs(_welch(shuffled, len(some))) >= observed * (1 - 1e-9)))
    return (beyond + 1) / (_DRAWS + 1)


def difference(some: Sequence[float], others: Sequence[float]) -> Interval:
    """The difference of two means with Welch's interval."""
    a, b = np.asarray(some, dtype=np.float64), np.asarray(others, dtype=np.float64)
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if va + vb == 0:
        return _around(float(a.mean() - b.mean()), 0.0, 1)
    freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    return _around(float(a.mean() - b.mean()), sqrt(va + vb), freedom)


def ratio(scores: Sequence[float], weights: Sequence[float]) -> Interval:
    """The sum of scores over the sum of weights, both one a relationship (two or more), with its interval."""
    s, w = np.asarray(scores, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    value, k = float(s.sum() / w.sum()), len(s)
    spread = sqrt(k / (k - 1) * float(np.square(s - value * w).sum())) / float(w.sum())
    return _around(value, spread, k - 1)


def share(hits: Sequence[float], trials: Sequence[float]) -> Interval:
    """A share over relationships (two or more) with Wilson's interval at the size that the sample is worth.

    That is the number of independent trials with the same variance (Dean & Pagano 2015, J. Surv. Stat. Meth. 3:484);
    where relationships do not differ at all, their number.
    """
    whole = ratio(hits, trials)
    spread = (whole.high - whole.low) / 2 / _t(len(trials) - 1)
    worth = whole.value * (1 - whole.value) / spread**2 if spread > 0 else float(len(trials))
    return wilson(whole.value * worth, worth)


def standing_out(hits: Sequence[int], trials: Sequence[int]) -> list[float]:
    """For each relationship the one-sided p that its share of hits is as much above the others' by chance alone."""
    y, n = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    spread = sqrt(max(1.0, _spread(y, n)))
    all_hits, all_trials = int(y.sum()), int(n.sum())
    exact = (_tail(int(a), int(b), all_hits, all_trials) for a, b in zip(y, n, strict=True))
    return [p if p >= 0.5 else _NORMAL.cdf(_NORMAL.inv_cdf(max(p, 1e-300)) / spread) for p in exact]


def apart(hits: int, trials: int, other_hits: int, other_trials: int) -> Interval:
    """The difference of two independent shares with Newcombe's interval (1998, Statistics in Medicine 17:873)."""
    a, b = wilson(hits, trials), wilson(other_hits, other_trials)
    below = sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    above = sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    effect = a.value - b.value
    return Interval(effect, effect - below, effect + above)


def wilson(hits: float, trials: float) -> Interval:
    """A share of independent trials with Wilson's interval (1927)."""
    z, found = _NORMAL.inv_cdf(0.975), hits / trials
    middle = (found + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * sqrt(max(found * (1 - found), 0.0) / trials + z * z / (4 * trials * trials))
    return Interval(found, max(middle - half, 0.0), min(middle + half, 1.0))


def adjusted(chances: Sequence[float], weights: Sequence[float]) -> list[float]:
    """For each p the smallest false discovery rate at which it stands. `weights` are relative."""
    if not chances:
        return []
    w = np.asarray(weights, dtype=np.float64)
    p = np.asarray(chances, dtype=np.float64) * w.mean() / w
    order = np.argsort(p, kind="stable")
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty_like(p)
    found[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return [float(q) for q in found]


def _beyond(drawn: Numbers, observed: float) -> float:
    far = int(np.count_nonzero(np.abs(drawn) >= abs(observed) - 1e-9))
    return (far + 1) / (_DRAWS + 1)


def _blocks() -> list[int]:
    return [min(_BLOCK, _DRAWS - done) for done in range(0, _DRAWS, _BLOCK)]


def _welch(values: Numbers, first: int) -> Numbers:
    a, b = values[:, :first], values[:, first:]
    spread = a.var(axis=1, ddof=1) / a.shape[1] + b.var(axis=1, ddof=1) / b.shape[1]
    found: Numbers = (a.mean(axis=1) - b.mean(axis=1)) / np.sqrt(spread + 1e-12)
    return found


def _around(value: float, spread: float, freedom: float) -> Interval:
    half = _t(max(freedom, 1.0)) * spread
    return Interval(value, value - half, value + half)


def _t(freedom: float) -> float:
    """The 0.975 quantile of Student's t (Abramowitz & Stegun 26.7.5; within 0.01 from four degrees of freedom on)."""
    z = _NORMAL.inv_cdf(0.975)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _tail(hits: int, trials: int, all_hits: int, all_trials: int) -> float:
    """The hypergeometric chance of `hits` or more among `trials`."""
    most = min(trials, all_hits)
    ways = sum(comb(all_hits, i) * comb(all_trials - all_hits, trials - i) for i in range(hits, most + 1))
    return ways / comb(all_trials, trials)


def _spread(hits: Numbers, trials: Numbers) -> float:
    """How much more counts vary than chance alone would make them: 1 where it is chance."""
    share = hits.sum() / trials.sum()
    expected = share * (1 - share) * trials * (1 - trials / trials.sum())
    z = np.sort((hits - share * trials) / np.sqrt(np.maximum(expected, 1e-12)))
    cut = int(len(z) * _TAIL)
    drawn = np.clip(z, z[cut], z[-1 - cut])
    return float(np.square(drawn).mean()) / _DRAWN
