"""The network in torch: encoder and heads. The reference that serving is held to.

A label's score is the sum of two answers: a linear one from the mean and the maximum of the sentence's own tokens, and
one in which the label chooses the tokens it looks at (label-wise attention, Mullenbach et al. 2018).

Notable: what the base encoder says differs little from sentence to sentence beside what it says of all, so heads learn
on standardised states (`standardise`); without it they take the first epochs just to find the differences. When
training ends the means and deviations are folded into the heads' weights, and serving never meets them.
The embeddings and the lowest layers stay as they were (see fit), which keeps rare words in place.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoModel, BertConfig, BertModel

from nlp import weights_file
from nlp.encoder import RANGES
from nlp.heads import MARKS, WIDTH
from nlp.windows import MASK, Window

PAD = 1


class Batch:
    """Windows padded to one length. `segment` numbers each token's sentence over the whole batch, -1 for none."""

    def __init__(self, windows: Sequence[Window], mask: float = 0.0, random_: random.Random | None = None) -> None:
        longest = max(len(w.ids) for w in windows)
        self.sentences = sum(len(w.spans) for w in windows)
        self.ids = torch.full((len(windows), longest), PAD)
        self.attention = torch.zeros((len(windows), longest), dtype=torch.long)
        self.segment = torch.full((len(windows), longest), -1)
        number = 0
        for row, window in enumerate(windows):
            self.ids[row, : len(window.ids)] = torch.tensor(window.ids)
            self.attention[row, : len(window.ids)] = 1
            for span in window.spans:
                self.segment[row, span.start : span.end] = number
                number += 1
        if random_ is not None and mask > 0:
            generator = torch.Generator().manual_seed(random_.getrandbits(32))
            drop = (torch.rand(self.ids.shape, generator=generator) < mask) & (self.segment >= 0)
            self.ids[drop] = MASK


class Said(NamedTuple):
    """What a reader says of a batch, in the order of its spans and tokens."""

    scores: Tensor  # logits, sentences × WIDTH
    marks: Tensor  # logits, the sentences' own tokens × MARKS
    states: Tensor  # all tokens but the padding × hidden


class Reader(nn.Module):
    """Encoder and heads."""

    center: Tensor
    spread: Tensor

    def __init__(self, encoder: BertModel, dropout: float = 0.2) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(2 * width, WIDTH)  # of mean and maximum
        self.query = nn.Linear(width, WIDTH)  # how much each token matters to a label
        self.value = nn.Linear(width, WIDTH)  # what it says of it
        self.marks = nn.Linear(width, len(MARKS))  # what a token by itself says
        self.register_buffer("center", torch.zeros(3 * width))  # of a token, then of mean and maximum
        self.register_buffer("spread", torch.ones(3 * width))
        for layer in (self.heads, self.query, self.value, self.marks):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.query.weight, std=0.02)

    def forward(self, batch: Batch) -> Said:
        """What it says of the batch."""
        hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state.float()
        width = hidden.shape[-1]
        whole = self.dropout((pooled(hidden, batch) - self.center[width:]) / self.spread[width:])
        tokens, segment = owned(hidden, batch)
        tokens = self.dropout((tokens - self.center[:width]) / self.spread[:width])
        chosen = attended(self.query(tokens), self.value(tokens), segment, batch.sentences)
        return Said(self.heads(whole) + chosen, self.marks(tokens), hidden[batch.attention.bool()])

    def standardise(self, batches: Iterable[Batch]) -> None:
        """Take means and deviations from these batches; what the heads answer stays as it is."""
        tokens, sentences = [], []
        with torch.inference_mode():
            for batch in batches:
                hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state.float()
                tokens.append(owned(hidden, batch)[0])
                sentences.append(pooled(hidden, batch))
        for buffer, kind in ((self.center, Tensor.mean), (self.spread, Tensor.std)):
            buffer.copy_(torch.cat([kind(torch.cat(rows), dim=0) for rows in (tokens, sentences)]))
        with torch.no_grad():
            for layer, part in self._parts():
                layer.bias.add_(layer.weight @ self.center[part])
                layer.weight.mul_(self.spread[part])

    def fold(self) -> None:
        """Put means and deviations into the heads' weights, so that raw states give the same logits."""
        with torch.no_grad():
            for layer, part in self._parts():
                layer.weight.div_(self.spread[part])
                layer.bias.sub_(layer.weight @ self.center[part])
        self.center.zero_()
        self.spread.fill_(1.0)

    def _parts(self) -> Iterable[tuple[nn.Linear, slice]]:
        """The heads, each with the part of the means and deviations that it stands on."""
        width = self.encoder.config.hidden_size
        yield self.heads, slice(width, None)
        for layer in (self.query, self.value, self.marks):
            yield layer, slice(width)


def fresh(folder: Path) -> Reader:
    """A reader on the base encoder in `folder`, its heads untrained."""
    return Reader(
        AutoModel.from_pretrained(
            folder, dtype=torch.float32, add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
    )


def restore(folder: Path) -> Reader:
    """The reader whose weights are in `folder`, as shipped."""
    tensors = {n: torch.from_numpy(t) for n, t in weights_file.read(folder / "model.safetensors").items()}
    words, places = (tensors[f"encoder.embeddings.{kind}_embeddings.weight"] for kind in ("word", "position"))
    attention_heads = json.loads((folder / "config.json").read_bytes())["attention_heads"]
    inner = tensors["encoder.encoder.layer.0.intermediate.dense.weight"].shape[0]
    shape = BertConfig(
        vocab_size=words.shape[0],
        hidden_size=words.shape[1],
        intermediate_size=inner,
        num_hidden_layers=sum(name.endswith("attention.self.query.weight") for name in tensors),
        num_attention_heads=attention_heads,
        max_position_embeddings=places.shape[0],
    )
    reader = Reader(BertModel(shape, add_pooling_layer=False))
    folded = {name: getattr(reader, name) for name in ("center", "spread")}
    weights = {name: tensor for name, tensor in tensors.items() if not name.startswith(RANGES)}
    reader.load_state_dict(weights | folded)
    return reader.eval()


def owned(hidden: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """The sentences' own tokens (tokens × hidden) and the number of the sentence of each."""
    own = batch.segment >= 0
    return hidden[own], batch.segment[own]


def pooled(hidden: Tensor, batch: Batch) -> Tensor:
    """Mean and maximum of each sentence's own tokens, sentences × 2·hidden."""
    values, segment = owned(hidden, batch)
    wide = segment[:, None].expand_as(values)
    zeros = hidden.new_zeros((batch.sentences, hidden.shape[-1]))
    mean = zeros.scatter_reduce(0, wide, values, "mean", include_self=False)
    most = zeros.scatter_reduce(0, wide, values, "amax", include_self=False)
    return torch.cat((mean, most), dim=1)


def attended(query: Tensor, value: Tensor, segment: Tensor, sentences: int) -> Tensor:
    """Per sentence and label the mean of `value` over its tokens, weighed by the softmax of `query`."""
    wide = segment[:, None].expand_as(query)
    zeros = query.new_zeros((sentences, query.shape[-1]))
    most = zeros.scatter_reduce(0, wide, query.detach(), "amax", include_self=False)
    raised = (query - most.gather(0, wide)).exp()
    weight = zeros.scatter_add(0, wide, raised)
    return zeros.scatter_add(0, wide, raised * value) / weight.clamp_min(1e-9)
