"""A student of half as many layers: it starts from every second layer of its teacher and learns the teacher's scores.

Distillation of answers (Hinton et al. 2015) into a network cut from the teacher (Sanh et al. 2019).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import msgspec
import numpy as np
import torch
from torch import nn

from models.train.data import Example
from models.train.network import Batch, Reader

TOKENS = 2048  # of a batch that the teacher reads


def halved(teacher: Reader) -> Reader:
    """A reader of every second layer of `teacher`, the lowest included; its heads start anew when it is fitted."""
    student = copy.deepcopy(teacher)
    student.encoder.encoder.layer = nn.ModuleList(list(student.encoder.encoder.layer)[::2])
    student.encoder.config.num_hidden_layers = len(student.encoder.encoder.layer)
    return student


def taught(teacher: Reader, made: Sequence[Example]) -> list[Example]:
    """The examples with the scores that the teacher gives their sentences."""
    found: dict[int, Example] = {}
    order = sorted(range(len(made)), key=lambda n: -len(made[n].window.ids))
    while order:
        rows = max(1, TOKENS // len(made[order[0]].window.ids))
        chosen, order = order[:rows], order[rows:]
        with torch.inference_mode():
            scores, marks = (part.numpy() for part in teacher(Batch([made[n].window for n in chosen])))
        ends, token_ends = (np.cumsum([len(getattr(made[n], of)) for n in chosen])[:-1] for of in ("labels", "marks"))
        for n, one, two in zip(chosen, np.split(scores, ends), np.split(marks, token_ends), strict=True):
            found[n] = msgspec.structs.replace(made[n], taught=one, taught_marks=two)
    return [found[n] for n in range(len(made))]
