"""A student of half as many layers: it starts as every second layer of its teacher and learns what the teacher says.

Distillation of answers (Hinton et al. 2015) and of states (Sun et al. 2019) into a network cut from the teacher (Sanh
et al. 2019); the heads are the teacher's from the start.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import accumulate

import msgspec
import numpy as np
import torch
from torch import nn

from models.train.data import Example, Taught
from models.train.network import Batch, Reader
from nlp.windows import by_length

TOKENS = 2048  # of a batch that the teacher reads


def halved(teacher: Reader) -> Reader:
    """A reader of half of `teacher`'s layers, evenly spread, the lowest and the topmost included."""
    student = copy.deepcopy(teacher)
    layers = list(student.encoder.encoder.layer)
    kept = np.linspace(0, len(layers) - 1, len(layers) // 2).round().astype(int)
    student.encoder.encoder.layer = nn.ModuleList([layers[n] for n in kept])
    student.encoder.config.num_hidden_layers = len(kept)
    return student


def taught(teacher: Reader, made: Sequence[Example]) -> list[Example]:
    """The examples with what the teacher says of them."""
    found: dict[int, Example] = {}
    for chosen in by_length([e.window for e in made], TOKENS):
        with torch.inference_mode():
            said = teacher(Batch([made[n].window for n in chosen]))
        scores = np.split(said.scores.numpy(), _ends([len(made[n].labels) for n in chosen]))
        marks = np.split(said.marks.numpy(), _ends([len(made[n].marks) for n in chosen]))
        states = np.split(said.states.half().numpy(), _ends([len(made[n].window.ids) for n in chosen]))
        for n, *parts in zip(chosen, scores, marks, states, strict=True):
            found[n] = msgspec.structs.replace(made[n], taught=Taught(*parts))
    return [found[n] for n in range(len(made))]


def _ends(lengths: Sequence[int]) -> list[int]:
    """Where each part but the last ends."""
    return list(accumulate(lengths[:-1]))
