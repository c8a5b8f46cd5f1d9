#!/usr/bin/python3
"""Makes the golden checkpoints in this directory: tiny random models and the logits that an independent forward pass gives for them.

Needs numpy and torch (any version) only. The forward pass below is written from the published architectures, in float64 on the weights
as stored, and shares nothing with the engines it checks. Running it again reproduces every file byte for byte on the same torch version;
`--check` compares instead of writing.
"""

import argparse
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
PROMPT = 24
DTYPE = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
DTYPE_NAME = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}


# ---- the model, as plain numbers -------------------------------------------------------------------------------------------------------

class Model:
    """One case: its sizes, what is special about it, and config.json as that family writes it."""

    def __init__(self, name, family, seed, *, vocab=80, hidden=32, ffn=24, layers=2, heads=4, kv_heads=2, head_dim=8, eps=1e-5,
                 theta=10000.0, scaling=None, tied=False, qkv_bias=False, out_bias=False, mlp_bias=False, qk_norm=False, windows=None,
                 dtype="F32", shards=1, config=None):
        self.name, self.family, self.seed = name, family, seed
        self.vocab, self.hidden, self.ffn, self.layers = vocab, hidden, ffn, layers
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, head_dim
        self.eps, self.theta, self.scaling, self.tied = eps, theta, scaling, tied
        self.qkv_bias, self.out_bias, self.mlp_bias, self.qk_norm = qkv_bias, out_bias, mlp_bias, qk_norm
        self.windows = windows or [0] * layers
        self.dtype, self.shards = dtype, shards
        self.config = {
            "architectures": [{"llama": "LlamaForCausalLM", "mistral": "MistralForCausalLM", "qwen2": "Qwen2ForCausalLM",
                               "qwen3": "Qwen3ForCausalLM"}[family]],
            "model_type": family, "vocab_size": vocab, "hidden_size": hidden, "intermediate_size": ffn, "num_hidden_layers": layers,
            "num_attention_heads": heads, "num_key_value_heads": kv_heads, "hidden_act": "silu", "max_position_embeddings": 128,
            "rms_norm_eps": eps, "initializer_range": 0.02, "use_cache": True, "attention_dropout": 0.0, "tie_word_embeddings": tied,
            **(config or {}),
        }

    def shapes(self):
        """Name and shape of every tensor, in the order in which they are drawn."""
        h, f, q, kv = self.hidden, self.ffn, self.heads * self.head_dim, self.kv_heads * self.head_dim
        yield "model.embed_tokens.weight", (self.vocab, h)
        for i in range(self.layers):
            p = f"model.layers.{i}."
            yield p + "input_layernorm.weight", (h,)
            for part, rows in (("q_proj", q), ("k_proj", kv), ("v_proj", kv)):
                yield p + f"self_attn.{part}.weight", (rows, h)
                if self.qkv_bias:
                    yield p + f"self_attn.{part}.bias", (rows,)
            yield p + "self_attn.o_proj.weight", (h, q)
            if self.out_bias:
                yield p + "self_attn.o_proj.bias", (h,)
            if self.qk_norm:
                yield p + "self_attn.q_norm.weight", (self.head_dim,)
                yield p + "self_attn.k_norm.weight", (self.head_dim,)
            yield p + "post_attention_layernorm.weight", (h,)
            for part, rows, cols in (("gate_proj", f, h), ("up_proj", f, h), ("down_proj", h, f)):
                yield p + f"mlp.{part}.weight", (rows, cols)
                if self.mlp_bias:
                    yield p + f"mlp.{part}.bias", (rows,)
        yield "model.norm.weight", (h,)
        if not self.tied:
            yield "lm_head.weight", (self.vocab, h)

    def weights(self):
        """Random weights, large enough for peaked attention and for every bias, norm and rotation to show in the logits."""
        draw = np.random.RandomState(self.seed)
        tensors = {}
        for name, shape in self.shapes():
            values = draw.standard_normal(shape)
            if name.endswith("norm.weight"):
                values = 1.0 + 0.25 * values
                if "q_norm" in name or "k_norm" in name:
                    values = 1.3 * values
            elif name.endswith(".bias"):
                values = 0.5 * values
            elif "embed_tokens" in name:
                values = 0.7 * values
            else:
                gain = 2.0 if ("q_proj" in name or "k_proj" in name) else 1.2
                values = gain * values / math.sqrt(shape[-1])
            tensors[name] = torch.from_numpy(values).to(torch.float32).to(DTYPE[self.dtype])
        tokens = [int(t) for t in draw.randint(0, self.vocab, PROMPT)]
        return tensors, tokens


# ---- the forward pass -------------------------------------------------------------------------------------------------------------------

def rms_norm(x, weight, eps):
    """RMSNorm over the last dimension."""
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * weight


def inverse_frequencies(m):
    """Angle per position of each rotated pair, after scaling."""
    frequencies = [m.theta ** (-2.0 * i / m.head_dim) for i in range(m.head_dim // 2)]
    if m.scaling is None:
        return frequencies
    factor = m.scaling["factor"]
    if m.scaling["rope_type"] == "linear":
        return [f / factor for f in frequencies]
    low, high = m.scaling["low_freq_factor"], m.scaling["high_freq_factor"]
    original = m.scaling["original_max_position_embeddings"]
    result = []
    for f in frequencies:
        turns = original * f / (2 * math.pi)  # how often the pair turns within the original context
        if turns > high:
            result.append(f)
        elif turns < low:
            result.append(f / factor)
        else:
            keep = (turns - low) / (high - low)
            result.append(keep * f + (1 - keep) * f / factor)
    return result


def rotate(x, angles):
    """Turns element i with element i + head_dim/2; x is [positions, heads, head_dim], angles [positions, head_dim/2]."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    cos, sin = torch.cos(angles)[:, None, :], torch.sin(angles)[:, None, :]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def forward(m, tensors, tokens):
    """Logits [positions, vocabulary] in float64, and the mean of the largest attention weight beyond position 4 (how peaked it is)."""
    w = {name: value.to(torch.float64) for name, value in tensors.items()}
    n, peaks = len(tokens), []
    angles = torch.arange(n, dtype=torch.float64)[:, None] * torch.tensor(inverse_frequencies(m), dtype=torch.float64)[None, :]
    x = w["model.embed_tokens.weight"][tokens]

    def linear(value, name):
        out = value @ w[name + ".weight"].T
        return out + w[name + ".bias"] if name + ".bias" in w else out

    for layer in range(m.layers):
        p = f"model.layers.{layer}."
        h = rms_norm(x, w[p + "input_layernorm.weight"], m.eps)
        q = linear(h, p + "self_attn.q_proj").view(n, m.heads, m.head_dim)
        k = linear(h, p + "self_attn.k_proj").view(n, m.kv_heads, m.head_dim)
        v = linear(h, p + "self_attn.v_proj").view(n, m.kv_heads, m.head_dim)
        if m.qk_norm:
            q = rms_norm(q, w[p + "self_attn.q_norm.weight"], m.eps)
            k = rms_norm(k, w[p + "self_attn.k_norm.weight"], m.eps)
        q, k = rotate(q, angles), rotate(k, angles)
        out = torch.zeros(n, m.heads, m.head_dim, dtype=torch.float64)
        group = m.heads // m.kv_heads
        for head in range(m.heads):
            for t in range(n):
                first = max(0, t - m.windows[layer] + 1) if m.windows[layer] else 0
                scores = k[first:t + 1, head // group] @ q[t, head] / math.sqrt(m.head_dim)
                share = torch.softmax(scores, -1)
                out[t, head] = share @ v[first:t + 1, head // group]
                if t - first > 4:
                    peaks.append(float(share.max()))
        x = x + linear(out.reshape(n, -1), p + "self_attn.o_proj")
        h = rms_norm(x, w[p + "post_attention_layernorm.weight"], m.eps)
        gate = linear(h, p + "mlp.gate_proj")
        x = x + linear(gate * torch.sigmoid(gate) * linear(h, p + "mlp.up_proj"), p + "mlp.down_proj")
    x = rms_norm(x, w["model.norm.weight"], m.eps)
    head = w["model.embed_tokens.weight" if m.tied else "lm_head.weight"]
    return x @ head.T, sum(peaks) / len(peaks)


# ---- files ------------------------------------------------------------------------------------------------------------------------------

def tensor_bytes(tensor):
    """Little-endian bytes of a tensor."""
    if tensor.dtype == torch.bfloat16:
        return tensor.contiguous().view(torch.int16).numpy().tobytes()
    return tensor.contiguous().numpy().tobytes()


def safetensors(tensors, dtype):
    """A safetensors file: header length, JSON header padded with spaces to a multiple of 8, then the bytes."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name in sorted(tensors):
        size = len(tensor_bytes(tensors[name]))
        header[name] = {"dtype": dtype, "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(tensor_bytes(tensors[name]) for name in sorted(tensors))


def files(m):
    """Every file of a case as bytes, by name."""
    tensors, tokens = m.weights()
    logits, peak = forward(m, tensors, tokens)
    result = {
        "config.json": json.dumps(m.config, indent=2).encode() + b"\n",
        "tokens.json": json.dumps(tokens).encode() + b"\n",
        "logits.bin": logits.to(torch.float32).numpy().astype("<f4").tobytes(),
    }
    if m.shards == 1:
        result["model.safetensors"] = safetensors(tensors, m.dtype)
        return result, peak
    names, weight_map = sorted(tensors), {}
    for i in range(m.shards):
        part = names[i * len(names) // m.shards:(i + 1) * len(names) // m.shards]
        shard = f"model-{i + 1:05d}-of-{m.shards:05d}.safetensors"
        result[shard] = safetensors({name: tensors[name] for name in part}, m.dtype)
        weight_map.update({name: shard for name in part})
    total = sum(len(tensor_bytes(t)) for t in tensors.values())
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    result["model.safetensors.index.json"] = json.dumps(index, indent=2).encode() + b"\n"
    return result, peak


# ---- the cases --------------------------------------------------------------------------------------------------------------------------

def old(**more):
    """Keys as transformers 4 wrote them."""
    return {"rope_theta": 10000.0, "rope_scaling": None, "torch_dtype": "float32", "transformers_version": "4.38.2", **more}


def new(rope, **more):
    """Keys as transformers 5 writes them."""
    return {"rope_parameters": rope, "dtype": "float32", "transformers_version": "5.0.0", **more}


LLAMA3 = {"rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 32}
LINEAR = {"type": "linear", "factor": 4.0}
LINEAR_INNER = {"rope_type": "linear", "factor": 4.0}
TOKENS = {"bos_token_id": 1, "eos_token_id": 2}

CASES = [
    Model("llama-bias", "llama", 11, qkv_bias=True, out_bias=True, mlp_bias=True,
          config=old(attention_bias=True, mlp_bias=True, pretraining_tp=1, **TOKENS)),
    Model("llama-rope-llama3", "llama", 13, head_dim=16, theta=500.0, scaling=LLAMA3,
          config=new(LLAMA3, head_dim=16, attention_bias=False, mlp_bias=False, bos_token_id=1, eos_token_id=[2, 5, 7])),
    Model("llama-rope-linear", "llama", 14, scaling=LINEAR_INNER, tied=True, config=old(rope_scaling=LINEAR, **TOKENS)),
    Model("llama-bf16", "llama", 15, dtype="BF16", config=old(torch_dtype="bfloat16", **TOKENS)),
    Model("llama-f16", "llama", 16, dtype="F16", config=old(torch_dtype="float16", **TOKENS)),
    Model("llama-sharded", "llama", 17, kv_heads=4, shards=3, config=old(**TOKENS)),
    Model("mistral-window", "mistral", 21, theta=1000.0, windows=[7, 7], config=old(rope_theta=1000.0, sliding_window=7, **TOKENS)),
    Model("qwen2-tied", "qwen2", 31, eps=1e-6, theta=1000000.0, tied=True, qkv_bias=True,
          config=old(rope_theta=1000000.0, use_sliding_window=False, sliding_window=16, max_window_layers=1, bos_token_id=1, eos_token_id=2)),
    Model("qwen2-window", "qwen2", 32, eps=1e-6, theta=1000000.0, qkv_bias=True, windows=[0, 6],
          config=old(rope_theta=1000000.0, use_sliding_window=True, sliding_window=6, max_window_layers=1, eos_token_id=2)),
    Model("qwen3-window", "qwen3", 41, head_dim=12, eps=1e-6, theta=1000.0, qk_norm=True, tied=True, windows=[5, 0],
          config=new({"rope_type": "default", "rope_theta": 1000.0}, head_dim=12, attention_bias=False, use_sliding_window=True,
                     sliding_window=5, max_window_layers=1, layer_types=["sliding_attention", "full_attention"], bos_token_id=None,
                     eos_token_id=2)),
    Model("qwen3-bias", "qwen3", 42, head_dim=16, kv_heads=1, eps=1e-6, theta=1000.0, qk_norm=True, qkv_bias=True, out_bias=True,
          config=new({"rope_type": "default", "rope_theta": 1000.0}, head_dim=16, attention_bias=True, use_sliding_window=False,
                     sliding_window=None, max_window_layers=2, layer_types=["full_attention", "full_attention"], eos_token_id=2)),
]


def sensitivity(m):
    """Largest change of a logit when one ingredient is left out: shows that a case notices what it is there for."""
    tensors, tokens = m.weights()
    base = forward(m, tensors, tokens)[0]
    result = {}

    def without(label, change, **zeroed):
        other = Model.__new__(Model)
        other.__dict__.update(m.__dict__)
        change(other)
        result[label] = float((forward(other, zeroed.get("tensors", tensors), tokens)[0] - base).abs().max())

    without("theta", lambda o: setattr(o, "theta", o.theta * 1.1))
    if m.scaling:
        without("scaling", lambda o: setattr(o, "scaling", None))
    if any(m.windows):
        without("window", lambda o: setattr(o, "windows", [0] * o.layers))
        without("window+1", lambda o: setattr(o, "windows", [v + 1 if v else 0 for v in o.windows]))
    if m.qk_norm:
        without("qk_norm", lambda o: setattr(o, "qk_norm", False))
    for part in ("q_proj.bias", "k_proj.bias", "v_proj.bias", "o_proj.bias", "gate_proj.bias", "up_proj.bias", "down_proj.bias"):
        if any(name.endswith(part) for name in tensors):
            zeroed = {name: torch.zeros_like(t) if name.endswith(part) else t for name, t in tensors.items()}
            without(part, lambda o: None, tensors=zeroed)
    return result


def main():
    """Writes or checks all cases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files here instead of writing them")
    parser.add_argument("--sensitivity", action="store_true", help="print how much each ingredient of a case moves its logits")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    differences = 0
    for m in CASES:
        content, peak = files(m)
        directory = HERE / m.name
        if arguments.sensitivity:
            print(m.name, {label: round(value, 4) for label, value in sensitivity(m).items()})
        for name, data in content.items():
            path = directory / name
            if not arguments.check:
                directory.mkdir(exist_ok=True)
                path.write_bytes(data)
            elif not path.is_file():
                differences += 1
                print(f"{path}: missing")
            elif name == "logits.bin":
                gap = np.abs(np.frombuffer(path.read_bytes(), "<f4") - np.frombuffer(data, "<f4")).max()
                if gap > 1e-5:
                    differences += 1
                    print(f"{path}: differs by {gap}")
            elif path.read_bytes() != data:
                differences += 1
                print(f"{path}: differs")
        spread = np.frombuffer(content["logits.bin"], "<f4").std()
        print(f"{m.name}: {sum(map(len, content.values()))} bytes, mean attention peak {peak:.2f}, logit deviation {spread:.2f}")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
