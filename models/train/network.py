"""The network in torch: encoder, pooling, heads. The reference that serving is held to.

A sentence is the mean and the maximum of its own tokens' last hidden states; one linear layer answers all heads.
The embeddings and the lowest layers stay as they were (see fit), which keeps rare words in place.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoModel, BertConfig, BertModel

from nlp.encoder import RANGES
from nlp.heads import WIDTH
from nlp.windows import Window

PAD, MASK = 1, 4


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


class Reader(nn.Module):
    """Encoder and heads. Returns logits, sentences × WIDTH, in the order of the batch's spans."""

    def __init__(self, encoder: BertModel, dropout: float = 0.2) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(2 * encoder.config.hidden_size, WIDTH)

    def forward(self, batch: Batch) -> Tensor:
        """Logits of the batch's sentences."""
        hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state.float()
        logits: Tensor = self.heads(self.dropout(pooled(hidden, batch)))
        return logits


def fresh(folder: Path) -> Reader:
    """A reader on the base encoder in `folder`, its heads untrained."""
    return Reader(
        AutoModel.from_pretrained(
            folder, dtype=torch.float32, add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
    )


def restore(folder: Path) -> Reader:
    """The reader whose weights are in `folder`, as shipped."""
    tensors = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
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
    reader.load_state_dict({name: tensor for name, tensor in tensors.items() if not name.startswith(RANGES)})
    return reader.eval()


def pooled(hidden: Tensor, batch: Batch) -> Tensor:
    """Mean and maximum of each sentence's own tokens, sentences × 2·hidden."""
    own = batch.segment >= 0
    values, segment = hidden[own], batch.segment[own]
    wide = segment[:, None].expand_as(values)
    zeros = hidden.new_zeros((batch.sentences, hidden.shape[-1]))
    mean = zeros.scatter_reduce(0, wide, values, "mean", include_self=False)
    most = zeros.scatter_reduce(0, wide, values, "amax", include_self=False)
    return torch.cat((mean, most), dim=1)
