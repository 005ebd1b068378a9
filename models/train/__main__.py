"""`python -m models.train`: from the base encoder and the labelled sets to the weights that are shipped.

Trains the layer of words, the large reader, then the small one on its answers; calibrates each reader beside the words,
prints its dev figures, writes its folder.
A stopped run goes on where it was when the same command is given again. The numbers of a run are `Recipe`'s; the data
is every `*-train-*` set of the gold folder and of `models/train/data`.
"""

from __future__ import annotations

import argparse
import os
import random
import tarfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.train import data
from models.train.evaluate import FIGURES, evaluate, show
from models.train.export import activation_ranges, borrow, save
from models.train.fit import Recipe, fit, label_weights
from models.train.network import Batch, Reader, fresh
from models.train.student import halved, taught
from models.train.words import FOLDER, learn
from nlp.encoder import tokenizer_of
from nlp.heads import WIDTH
from nlp.windows import Window

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAMPLE = 240  # training windows from which activation ranges are taken
STANDARD = 300  # training windows from which states are standardised
LARGE, SMALL = "reader-large", "reader"
RECIPES = {LARGE: Recipe(), SMALL: Recipe(rate=3e-4, frozen_layers=0, head_rate=3e-4)}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m models.train", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of gold/ and encoder/")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "train", help="checkpoints and the unpacked base")
    parser.add_argument("--out", type=Path, default=ROOT / "models", help="where the weights' folders go")
    return parser.parse_args()


def unpack(archive: Path, work: Path) -> Path:
    """The folder of the base encoder, unpacked where it is not yet."""
    folder = work / "encoder"
    if not (folder / "config.json").is_file():
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
    return folder


class Network:
    """A trained reader as something that scores messages."""

    def __init__(self, reader: Reader, tokenizer: Tokenizer) -> None:
        self._reader, self._tokenizer = reader.eval(), tokenizer

    def __call__(self, messages: Sequence[data.Message]) -> list[NDArray[np.float32]]:
        """Scores of each message's sentences; a sentence without a token scores zero throughout."""
        scores = []
        with torch.inference_mode():
            for message in messages:
                rows = np.zeros((len(message.sentences), WIDTH), dtype=np.float32)
                windows = data.message_windows(message, self._tokenizer)
                if windows:
                    rows[[s.sentence for w in windows for s in w.spans]] = self._reader(Batch(windows)).scores.numpy()
                scores.append(rows)
        return scores


def main() -> None:
    """Run the recipe."""
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)
    base = unpack(given.shared / "encoder" / "encoder.tar.xz", given.work)
    tokenizer = tokenizer_of(base)
    stems = data.training_sets([given.shared / "gold", HERE / "data"])
    messages = data.training(stems, given.shared / "data" / "mail", RECIPES[LARGE].seed)
    made = data.examples(messages, tokenizer)
    learned_from = {"data": [stem.name for stem in stems], "sentences": sum(len(e.labels) for e in made)}
    print(f"{learned_from['sentences']:,} sentences of {len(stems)} sets, {len(made):,} windows", flush=True)
    words = learn(messages, given.out / FOLDER, learned_from)

    def ship(reader: Reader, name: str) -> None:
        network = Network(reader, tokenizer)
        calibration, table = evaluate(given.shared / "gold", network, label_weights(made).numpy(), words)
        print(show({name: table}), flush=True)
        notes = {
            "words": words.digest,
            "recipe": msgspec.to_builtins(RECIPES[name]),
            **learned_from,
            "dev": {name: {k: round(row[k], 4) for k in FIGURES if row[k] == row[k]} for name, row in table.items()},
        }
        save(reader, activation_ranges(reader, sample(made, SAMPLE)), calibration, base, given.out / name, notes)
        print(f"Weights in {given.out / name}", flush=True)

    large = fresh(base)
    large.standardise(map(Batch, sample(made, STANDARD)))
    ship(trained(large, made, LARGE, given.work), LARGE)
    large.standardise(map(Batch, sample(made, STANDARD)))
    ship(trained(halved(large), taught(large, made), SMALL, given.work), SMALL)
    borrow(given.out / LARGE, given.out / SMALL)


def trained(reader: Reader, made: Sequence[data.Example], name: str, work: Path) -> Reader:
    """The reader after its recipe; checkpoints are in a folder of `work`."""
    (work / name).mkdir(exist_ok=True)
    torch.manual_seed(RECIPES[name].seed)
    fit(reader, made, RECIPES[name], work / name)
    return reader


def sample(made: Sequence[data.Example], windows: int) -> list[list[Window]]:
    """Batches of so many training windows."""
    chosen = random.Random(RECIPES[LARGE].seed)
    examples = chosen.sample(list(made), min(windows, len(made)))
    return [[e.window for e in batch] for batch in data.batches(examples, RECIPES[LARGE].batch_tokens, chosen)]


if __name__ == "__main__":
    main()
