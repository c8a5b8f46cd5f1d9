"""A small inference server on PyTorch that decodes greedily, with drafts from an Atlas sidecar where one is given.

It shows all that a server has to do: open a session for every sequence, in each step ask for the drafts of the whole batch while it commits
what the last step gave, verify each draft tree in one forward, and keep the path that the target would have written itself.

    atlas serve --sidecar --vocabulary 2048 --listen unix:/tmp/atlas.sock &
    echo '[[5, 17, 300], [5, 9]]' | python3 torch_server.py --target models/small/target --endpoint unix:/tmp/atlas.sock

Standard input is a JSON list of prompts, each a list of token ids. Standard output is one JSON object: ``outputs`` (a list of token ids for
each prompt), ``forwards`` of the target, ``drafted`` and ``accepted`` draft tokens. The same prompts give the same outputs without an endpoint.

It needs PyTorch, and NumPy nowhere; llama checkpoints in safetensors. It computes in float64, where the order of sums cannot change a token of a
model that was trained in less.
"""

import argparse
import json
import os
import struct
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from atlas_client import AtlasClient, SequenceUpdate, pack_states  # noqa: E402

_TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def read_safetensors(path):
    """All tensors of a safetensors file, as float64, by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = torch.frombuffer(bytearray(data[begin:end]), dtype=_TYPES[entry["dtype"]])
        tensors[name] = raw.reshape(entry["shape"]).to(torch.float64)
    return tensors


class Cache:
    """Keys and values of one sequence: for each layer a pair of tensors (heads, tokens, head width)."""

    def __init__(self, layers):
        self.layers = [None] * layers
        self.length = 0

    def keep(self, rows):
        """Of the rows that the last forward added, keeps these, in this order."""
        places = torch.cat([torch.arange(self.length), self.length + torch.tensor(rows, dtype=torch.long)])
        self.layers = [(keys[:, places], values[:, places]) for keys, values in self.layers]
        self.length = len(places)


class Llama:
    """The forward of a llama model (grouped-query attention, rotary positions, SwiGLU) over rows that form a tree."""

    def __init__(self, directory):
        with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
            self.config = json.load(file)
        if self.config["model_type"] != "llama":
            raise SystemExit(f"{directory}: model_type is {self.config['model_type']}; expected llama")
        self.weights = read_safetensors(os.path.join(directory, "model.safetensors"))
        self.layers = self.config["num_hidden_layers"]
        self.heads = self.config["num_attention_heads"]
        self.kv_heads = self.config["num_key_value_heads"]
        self.width = self.config.get("head_dim") or self.config["hidden_size"] // self.heads
        self.eps = self.config["rms_norm_eps"]
        rope = self.config.get("rope_parameters") or {}
        theta = rope.get("rope_theta") or self.config.get("rope_theta", 10000.0)
        self.frequencies = theta ** (-torch.arange(0, self.width, 2, dtype=torch.float64) / self.width)
        head = "model.embed_tokens.weight" if self.config.get("tie_word_embeddings") else "lm_head.weight"
        self.output = self.weights[head]

    def next_tokens(self, cache, tokens, parents):
        """The most probable token behind each row, and the state it is drawn from. Row i follows row ``parents[i]``, or the cache's end where that
        is -1."""
        depths, visible = [], torch.zeros(len(tokens), len(tokens), dtype=torch.bool)
        for i, parent in enumerate(parents):
            depths.append(0 if parent < 0 else depths[parent] + 1)
            if parent >= 0:
                visible[i] = visible[parent]
            visible[i, i] = True
        mask = torch.cat([torch.ones(len(tokens), cache.length, dtype=torch.bool), visible], dim=1)
        angles = (cache.length + torch.tensor(depths, dtype=torch.float64))[:, None] * self.frequencies
        angles = torch.cat([angles, angles], dim=1)
        x = self.weights["model.embed_tokens.weight"][torch.tensor(tokens)]
        for layer in range(self.layers):
            x = self._layer(x, cache, layer, mask, angles)
        x = self._norm(x, "model.norm.weight")
        return (x @ self.output.T).argmax(dim=1).tolist(), x

    def _layer(self, x, cache, layer, mask, angles):
        prefix = f"model.layers.{layer}."
        h = self._norm(x, prefix + "input_layernorm.weight")
        query = _rotate(self._project(h, prefix + "self_attn.q_proj.weight", self.heads), angles)
        keys = _rotate(self._project(h, prefix + "self_attn.k_proj.weight", self.kv_heads), angles)
        values = self._project(h, prefix + "self_attn.v_proj.weight", self.kv_heads)
        if cache.layers[layer] is not None:
            keys = torch.cat([cache.layers[layer][0], keys], dim=1)
            values = torch.cat([cache.layers[layer][1], values], dim=1)
        cache.layers[layer] = (keys, values)
        group = self.heads // self.kv_heads
        scores = query @ keys.repeat_interleave(group, dim=0).transpose(1, 2) / self.width**0.5
        weights = scores.masked_fill(~mask, float("-inf")).softmax(dim=2)
        mixed = (weights @ values.repeat_interleave(group, dim=0)).transpose(0, 1).reshape(len(x), -1)
        x = x + mixed @ self.weights[prefix + "self_attn.o_proj.weight"].T
        h = self._norm(x, prefix + "post_attention_layernorm.weight")
        gate = torch.nn.functional.silu(h @ self.weights[prefix + "mlp.gate_proj.weight"].T)
        return x + (gate * (h @ self.weights[prefix + "mlp.up_proj.weight"].T)) @ self.weights[prefix + "mlp.down_proj.weight"].T

    def _project(self, x, name, heads):
        return (x @ self.weights[name].T).reshape(len(x), heads, self.width).transpose(0, 1)

    def _norm(self, x, name):
        return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + self.eps) * self.weights[name]


def _rotate(x, angles):
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], dim=-1)
    return x * angles.cos() + turned * angles.sin()


class Request:
    """One sequence while it is decoded. Its cache lacks the last token, which begins the next forward."""

    def __init__(self, number, prompt, model):
        self.number = number
        self.tokens = list(prompt)
        self.prompt = len(prompt)
        self.committed = 0
        self.states = []
        self.cache = Cache(model.layers)

    @property
    def output(self):
        return self.tokens[self.prompt:]


class Server:
    """Decodes requests together, step by step."""

    def __init__(self, model, atlas=None, budget=4):
        self.model = model
        self.atlas = atlas
        self.budget = budget
        self.forwards = self.drafted = self.accepted = 0
        self.verify_us = 0
        # A sidecar that drafts by hidden states says how long they are.
        self.hidden_size = atlas.service.get("hidden_size", 0) if atlas else 0

    def run(self, prompts, max_tokens):
        """Greedy completions of all prompts."""
        requests = [Request(number, prompt, self.model) for number, prompt in enumerate(prompts)]
        for request in requests:
            if self.atlas:
                self.atlas.open(request.number, request.tokens)
                request.committed = request.prompt
            self._step(request, [], [], max_tokens)
        running = [request for request in requests if not self._is_over(request, max_tokens)]
        while running:
            drafts = self._drafts(running)
            begin = time.perf_counter()
            for request, (tokens, parents) in zip(running, drafts):
                self._step(request, tokens, parents, max_tokens)
            self.verify_us = int((time.perf_counter() - begin) * 1e6)
            running = [request for request in running if not self._is_over(request, max_tokens)]
        for request in requests:
            if self.atlas:
                self.atlas.commit(self._update(request))
                self.atlas.close_session(request.number)
        return [request.output for request in requests]

    def _update(self, request, budget=0):
        update = SequenceUpdate(session=request.number, base=request.committed, tokens=request.tokens[request.committed:], budget=budget)
        if self.hidden_size:
            update.hidden = pack_states(request.states)
        request.committed = len(request.tokens)
        request.states = []
        return update

    def _drafts(self, running):
        if not self.atlas:
            return [([], []) for _ in running]
        drafts = self.atlas.draft([self._update(request, self.budget) for request in running], verify_us=self.verify_us)
        # Without parents each token follows the one before it.
        return [(draft.tokens, draft.parents or list(range(-1, len(draft.tokens) - 1))) for draft in drafts]

    def _step(self, request, draft, parents, max_tokens):
        # The rows are what the cache lacks, a chain, and behind its last token the draft.
        missing = request.tokens[request.cache.length:]
        last = len(missing) - 1
        rows = missing + draft
        row_parents = list(range(-1, last)) + [last + 1 + parent for parent in parents]
        following, states = self.model.next_tokens(request.cache, rows, row_parents)
        kept, row = list(range(len(missing))), last
        while True:
            token = following[row]
            request.tokens.append(token)
            if self.hidden_size:
                request.states.append(states[row].tolist())
            child = next((last + 1 + i for i, parent in enumerate(parents) if last + 1 + parent == row and draft[i] == token), None)
            if child is None or self._is_over(request, max_tokens):
                break
            kept.append(child)
            row = child
        request.cache.keep(kept)
        self.forwards += 1
        self.drafted += len(draft)
        self.accepted += len(kept) - len(missing)

    def _is_over(self, request, max_tokens):
        return len(request.output) >= max_tokens or (len(request.output) > 0 and request.tokens[-1] == self.model.config["eos_token_id"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", required=True, help="directory of a llama checkpoint")
    parser.add_argument("--endpoint", help="where the sidecar listens; without it nothing is drafted")
    parser.add_argument("--max-tokens", type=int, default=64)
    parser.add_argument("--budget", type=int, default=4, help="draft tokens wanted for each sequence and step")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    model = Llama(arguments.target)
    prompts = json.load(sys.stdin)
    atlas = AtlasClient(arguments.endpoint) if arguments.endpoint else None
    with torch.inference_mode():
        server = Server(model, atlas, arguments.budget)
        outputs = server.run(prompts, arguments.max_tokens)
    json.dump({"outputs": outputs, "forwards": server.forwards, "drafted": server.drafted, "accepted": server.accepted}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
