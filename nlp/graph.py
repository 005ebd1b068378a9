"""The encoder as an OpenVINO graph, built straight from the weights: no torch, no exporter.

A BERT of post-norm layers (Devlin et al. 2019), word for word what the recipe trains. Where activation ranges are
given, each linear layer runs in 8 bits: weights symmetric per output channel, activations asymmetric per tensor
after the ranges of the channels were evened out between activations and weights (SmoothQuant, Xiao et al. 2023).
Where the feed-forward narrows again, one channel is far greater than all others; it is left out and added in floating
point, which halves what 8 bits cost. Attention, normalisation and everything between the linear layers stay in
floating point.

Not known here: windows, sentences, heads, how the graph is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset15 as op

Array = NDArray[np.float32]
Weights = Mapping[str, Array]
EPSILON = 1e-12
SMOOTHING = 0.7  # share of a channel's range that moves from activations to weights
LEVELS = 256
TINY = 1e-5  # no range is smaller


def build(weights: Weights, heads: int, ranges: Weights | None = None) -> ov.Model:
    """The graph of an encoder with `heads` attention heads.

    Inputs: `ids` (batch × tokens, int32) and `mask` (same shape, float32: 0 for tokens, -inf or the like for
    padding, added to the attention scores). Output: the last hidden states, batch × tokens × width.
    `weights` are named as in transformers' BertModel. `ranges` holds for each linear layer `<name>.low` and
    `<name>.high`, the least and greatest values seen per input channel; None builds in floating point.
    """
    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    layers = _Layers(weights, heads, ranges)
    hidden = layers.embed(ids)
    wide = op.unsqueeze(mask, op.constant(np.array([1, 2], dtype=np.int64)))
    for n in range(sum(name.endswith("attention.self.query.weight") for name in weights)):
        hidden = layers.layer(f"encoder.layer.{n}", hidden, wide)
    for node, name in ((ids, "ids"), (mask, "mask")):
        node.output(0).set_names({name})
    return ov.Model([hidden], [ids, mask], "encoder")


class _Layers:
    """The parts of the graph, over one set of weights."""

    def __init__(self, weights: Weights, heads: int, ranges: Weights | None) -> None:
        self.weights, self.heads, self.ranges = weights, heads, ranges
        self.width = weights["embeddings.word_embeddings.weight"].shape[1]

    def embed(self, ids: ov.Node) -> ov.Node:
        """Word, position and type embeddings, summed and normalised."""
        zero = op.constant(np.int64(0))
        words = op.gather(op.constant(self.weights["embeddings.word_embeddings.weight"]), ids, zero)
        places = self.weights["embeddings.position_embeddings.weight"]
        places = places + self.weights["embeddings.token_type_embeddings.weight"][0]
        length = op.gather(op.shape_of(ids), op.constant(np.array([1], dtype=np.int64)), zero)
        first = op.slice(op.constant(places), op.constant([0]), length, op.constant([1]), op.constant([0]))
        return self.norm("embeddings.LayerNorm", op.add(words, first))

    def layer(self, name: str, hidden: ov.Node, mask: ov.Node) -> ov.Node:
        """Self-attention and feed-forward, each added to its input and normalised."""
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joint = self.linear(f"{name}.attention.self", hidden, parts)
        mixed = self.attend(joint, mask)
        dense = self.linear(f"{name}.attention.output.dense", mixed)
        hidden = self.norm(f"{name}.attention.output.LayerNorm", op.add(dense, hidden))
        inner = op.gelu(self.linear(f"{name}.intermediate.dense", hidden), "erf")
        dense = self.linear(f"{name}.output.dense", inner, narrowing=True)
        return self.norm(f"{name}.output.LayerNorm", op.add(dense, hidden))

    def attend(self, joint: ov.Node, mask: ov.Node) -> ov.Node:
        """Scaled dot-product attention of queries, keys and values that stand side by side."""
        shape = np.array([0, 0, 3, self.heads, self.width // self.heads], dtype=np.int64)
        apart = op.reshape(joint, op.constant(shape), special_zero=True)
        apart = op.transpose(apart, op.constant(np.array([2, 0, 3, 1, 4], dtype=np.int64)))
        q, k, v = (op.gather(apart, op.constant(np.int64(n)), op.constant(np.int64(0))) for n in range(3))
        mixed = op.scaled_dot_product_attention(q, k, v, mask)
        mixed = op.transpose(mixed, op.constant(np.array([0, 2, 1, 3], dtype=np.int64)))
        return op.reshape(mixed, op.constant(np.array([0, 0, self.width], dtype=np.int64)), special_zero=True)

    def norm(self, name: str, x: ov.Node) -> ov.Node:
        """Layer normalisation over the width."""
        even = op.mvn(x, op.constant(np.array([-1], dtype=np.int64)), True, EPSILON, "inside_sqrt")
        scaled = op.multiply(even, op.constant(self.weights[f"{name}.weight"]))
        return op.add(scaled, op.constant(self.weights[f"{name}.bias"]))

    def linear(self, name: str, x: ov.Node, parts: Sequence[str] = (), *, narrowing: bool = False) -> ov.Node:
        """`x` times the weights plus the bias; `parts` names several layers over the same input, done as one."""
        names = parts or (name,)
        weight = np.concatenate([self.weights[f"{n}.weight"] for n in names])
        bias = op.constant(np.concatenate([self.weights[f"{n}.bias"] for n in names]))
        if self.ranges is None:
            return op.add(op.matmul(x, op.constant(weight), False, True), bias)
        low, high = self.ranges[f"{name}.low"], self.ranges[f"{name}.high"]
        if not narrowing:
            return op.add(_whole(x, weight, low, high), bias)
        greatest = int(np.maximum(-low, high).argmax())
        rest = np.arange(len(low)) != greatest
        alone = op.gather(x, op.constant(np.array([greatest], dtype=np.int64)), op.constant(np.int64(2)))
        apart = op.matmul(alone, op.constant(np.ascontiguousarray(weight[:, [greatest]])), False, True)
        return op.add(op.add(_whole(x, weight * rest, low * rest, high * rest), apart), bias)


def _whole(x: ov.Node, weight: Array, low: Array, high: Array) -> ov.Node:
    """`x` times the weights in 8 bits, `low` and `high` bounding each channel of `x`."""
    reach = np.maximum(np.maximum(-low, high), TINY)
    even = reach**SMOOTHING / np.maximum(np.abs(weight).max(axis=0), TINY) ** (1 - SMOOTHING)
    bottom, top = np.float32(min((low / even).min(), 0)), np.float32(max((high / even).max(), TINY))
    bounds = [op.constant(bound) for bound in (bottom, top, bottom, top)]
    x = op.fake_quantize(op.multiply(x, op.constant((1 / even).astype(np.float32))), *bounds, LEVELS)
    weight = weight * even
    step = np.maximum(np.abs(weight).max(axis=1, keepdims=True), TINY) / 127
    whole = op.convert(op.constant(np.round(weight / step).astype(np.int8)), np.float32)
    return op.matmul(x, op.multiply(whole, op.constant(step.astype(np.float32))), False, True)
