"""What the words of a sentence say by themselves: a linear layer on its hashed words and parts of words.

It stands beside the encoder and errs elsewhere, so both together are better than either (wide and deep, Cheng et al.
2016). A sentence's features are its words, pairs of neighbouring words, and parts of words of 2 to 5 code points that
may begin or end with the space beside the word. Each is hashed to a row of one table (Weinberger et al. 2009), which
holds how rare it is and what it says of each label, in 8 bits. Words with pairs, and parts, each weigh 1 in all.

Notable: no loop over features. A part's hash is a polynomial of its code points, built at all places at once from that
of the part one shorter; a word's is the difference of two running sums (Karp and Rabin 1987).

Not known here: the encoder, the labels, how the table was learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from errors import ModelError

GAP = "\0"  # in a sentence: no feature reaches over it
BITS = 18  # of a row's number
LONGEST = 2000  # code points of a sentence that are read
TOGETHER = 512  # sentences looked up at once
PARTS = (2, 3, 4, 5)  # code points
SPACE = 32
BASE = 0x9E3779B97F4A7C15  # of the polynomials: odd, so that it has an inverse
INVERSE = pow(BASE, -1, 1 << 64)
WORD, PAIR, PART = 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB  # the kinds of features, apart
# Letters and digits stand together in a word. Beyond the basic plane there are few of them, and many emoji.
_LETTERS = np.array([chr(code).isalnum() for code in range(1 << 16)] + [False])

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.float32]


class Config(msgspec.Struct, frozen=True):
    """What the layer's config.json must say for serving; the rest of it is for people."""

    digest: str


class Features(NamedTuple):
    """Features of one kind and length: the row of each and its sentence, in the sentences' order."""

    rows: Numbers
    sentences: Numbers


class Words:
    """The layer, loaded. `table` is rows × labels in 8 bits, to be multiplied by its rows' `scale`."""

    def __init__(self, table: NDArray[np.int8], scale: Rows, rarity: Rows, bias: Rows) -> None:
        self._table, self._rarity, self._bias = table, rarity, bias
        self._weight = rarity * scale

    @classmethod
    def load(cls, folder: Path, digest: str) -> Self:
        """The layer in `folder`. Raises ModelError where there is none, or another than that of this digest."""
        try:
            found = msgspec.json.decode((folder / "config.json").read_bytes(), type=Config).digest
            tensors = load_file(folder / "model.safetensors")
        except (OSError, msgspec.DecodeError, SafetensorError) as error:
            raise ModelError(f"no layer of words in {folder}: {error}.") from error
        if found != digest:
            raise ModelError(f"the layer of words in {folder} is not the one that the model was calibrated with.")
        rest = (tensors[name].astype(np.float32) for name in ("scale", "rarity", "bias"))
        return cls(tensors["table"], *rest)

    def scores(self, sentences: Sequence[str]) -> Rows:
        """What their words say, before calibration: sentences × labels."""
        parts = [sentences[n : n + TOGETHER] for n in range(0, len(sentences), TOGETHER)]
        return np.concatenate([self._scores(part) for part in parts] or [self._bias[None][:0]])

    def _scores(self, sentences: Sequence[str]) -> Rows:
        found = np.tile(self._bias, (len(sentences), 1))
        for group in features(sentences):
            total = np.zeros_like(found)
            square = np.zeros(len(sentences))
            for rows, owners in group:
                rarity = self._rarity[rows]
                square += np.bincount(owners, weights=rarity * rarity, minlength=len(sentences))
                kept = rarity > 0
                known, whose = rows[kept], owners[kept]
                said = self._table[known] * self._weight[known, None]
                firsts = np.flatnonzero(np.diff(whose, prepend=-1))
                total[whose[firsts]] += np.add.reduceat(said, firsts, axis=0)
            found += total / np.sqrt(np.maximum(square, 1e-9))[:, None]
        return found.astype(np.float32)


def features(sentences: Sequence[str]) -> tuple[list[Features], list[Features]]:
    """Of these sentences the words and pairs of words, and the parts of words."""
    texts = [" ".join(("", *sentence[:LONGEST].casefold().split(), GAP)) for sentence in sentences]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    gaps = np.cumsum(codes == 0)
    with np.errstate(over="ignore"):  # all hashes are counted modulo 2 ** 64
        return list(_words(codes, owners, gaps)), list(_parts(codes, owners, gaps))


def _words(codes: Codes, owners: Numbers, gaps: Numbers) -> Iterator[Features]:
    """Runs of letters and digits, and every other sign by itself; then pairs of neighbours."""
    letters = _LETTERS[np.minimum(codes, len(_LETTERS) - 1)]
    signs = (codes != SPACE) & (codes != 0)
    inside = letters[1:] & letters[:-1]
    first = np.flatnonzero(signs & ~np.concatenate(([False], inside)))
    last = np.flatnonzero(signs & ~np.concatenate((inside, [False])))
    if not len(first):
        return
    sums = np.cumsum(codes * _powers(BASE, len(codes)))
    hashes = (sums[last] - sums[first - 1]) * _powers(INVERSE, len(codes))[first]
    yield Features(_rows(hashes, WORD), owners[first])
    paired = np.flatnonzero(gaps[first[1:]] == gaps[first[:-1]])
    pairs = _mixed(hashes[paired], PAIR) + hashes[paired + 1]
    yield Features(_rows(pairs, PAIR), owners[first[paired]])


def _parts(codes: Codes, owners: Numbers, gaps: Numbers) -> Iterator[Features]:
    """Stretches of so many code points without a gap, and without a space but at their ends."""
    spaces = np.cumsum(codes == SPACE)
    hashes = codes.astype(np.uint64)
    for length in PARTS:
        hashes = hashes[:-1] * np.uint64(BASE) + codes[length - 1 :]
        count = len(hashes)
        whole = (gaps[length - 1 :] == gaps[:count]) & (codes[:count] != 0)
        whole &= spaces[length - 2 : length - 2 + count] == spaces[:count]
        place = np.flatnonzero(whole)
        yield Features(_rows(hashes[place], PART), owners[place])


def _powers(of: int, count: int) -> Hashes:
    """The first so many powers, from 1 on."""
    powers: Hashes = np.multiply.accumulate(np.full(count, of, dtype=np.uint64))
    return powers


def _rows(hashes: Hashes, kind: int) -> Numbers:
    return (_mixed(_mixed(hashes, kind), BASE) >> np.uint64(64 - BITS)).astype(np.int64)


def _mixed(hashes: Hashes, by: int) -> Hashes:
    mixed: Hashes = (hashes ^ (hashes >> np.uint64(32))) * np.uint64(by)
    return mixed
