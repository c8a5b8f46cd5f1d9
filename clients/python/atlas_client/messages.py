"""What travels in draft and generate, as small types. Token arrays travel packed, as little-endian int32."""

import enum
import struct
import sys
from array import array
from dataclasses import dataclass, field


class DraftStatus(enum.IntEnum):
    """What became of one sequence of a draft. With all but ``OK`` and ``DEADLINE`` nothing was committed."""

    OK = 0
    STALE_POSITION = 1
    POSITION_GAP = 2
    UNKNOWN_SESSION = 3
    DEADLINE = 4
    LIMIT_EXCEEDED = 5


@dataclass
class SequenceUpdate:
    """What was committed to one sequence since the last call, and how many draft tokens are wanted.

    ``top_tokens`` and ``top_logprobs`` hold, for each committed token, the target's ``top_k`` best alternatives one after another.
    ``hidden`` holds the state from which each committed token was drawn, as bytes in the layout ``hidden_type``: f32, f16 or bf16;
    ``pack_states`` makes them. A state has as many numbers as hello's ``hidden_size`` says; a service that says 0 passes them over.
    """

    session: int
    base: int
    tokens: list = field(default_factory=list)
    budget: int = 0
    top_k: int = 0
    top_tokens: list = field(default_factory=list)
    top_logprobs: list = field(default_factory=list)
    hidden: bytes = b""
    hidden_type: str = "f32"

    def to_wire(self):
        """The map that travels."""
        wire = {"session": self.session, "base": self.base}
        if self.tokens:
            wire["tokens"] = pack_tokens(self.tokens)
        if self.budget:
            wire["budget"] = self.budget
        if self.top_k:
            wire["top_k"] = self.top_k
            wire["top_tokens"] = pack_tokens(self.top_tokens)
            wire["top_logprobs"] = pack_floats(self.top_logprobs)
        if self.hidden:
            wire["hidden"] = self.hidden
            wire["hidden_type"] = self.hidden_type
        return wire


@dataclass
class Draft:
    """The draft of one sequence. ``parents`` is empty for a chain, else the index of each token's parent, -1 behind the last committed one."""

    session: int
    status: DraftStatus
    position: int
    tokens: list
    parents: list
    confidence: list
    speculator: str
    version: int

    @classmethod
    def from_wire(cls, wire):
        """Reads the map that came."""
        return cls(
            wire["session"],
            DraftStatus(wire.get("status", 0)),
            wire["position"],
            unpack_tokens(wire.get("tokens", [])),
            unpack_tokens(wire.get("parents", [])),
            unpack_floats(wire.get("confidence", [])),
            wire.get("speculator", ""),
            wire.get("version", 0),
        )

    def chain(self):
        """The tokens of the path that is likeliest to be accepted whole, step by step; all of them where the draft is a chain."""
        if not self.parents:
            return list(self.tokens)
        path, at = [], -1
        while True:
            children = [i for i, parent in enumerate(self.parents) if parent == at]
            if not children:
                return path
            at = max(children, key=lambda i: self.confidence[i] if self.confidence else -i)
            path.append(self.tokens[at])


@dataclass
class Piece:
    """A piece of a completion that streams: ``offset`` tokens of completion ``index`` came before it."""

    index: int
    offset: int
    tokens: list
    text: str
    logprobs: list


@dataclass
class Choice:
    """One completion. ``tokens`` and ``text`` are empty where it was streamed."""

    index: int
    finish_reason: str
    token_count: int
    tokens: list
    text: str
    logprobs: list


@dataclass
class Generation:
    """What came of generate; ``usage`` holds the counts of the answer by name."""

    choices: list
    seed: int
    usage: dict

    @classmethod
    def from_wire(cls, wire):
        """Reads the map that came."""
        choices = [
            Choice(c["index"], c["finish_reason"], c["token_count"], unpack_tokens(c.get("tokens", [])), c.get("text", ""), c.get("logprobs", []))
            for c in wire["choices"]
        ]
        usage = {key: value for key, value in wire.items() if key not in ("choices", "seed")}
        return cls(choices, wire.get("seed"), usage)


def pack_tokens(tokens):
    """Token ids as bytes, little-endian int32."""
    packed = array("i", tokens)
    if packed.itemsize != 4:
        return struct.pack(f"<{len(packed)}i", *packed)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack_tokens(wire):
    """Token ids from an array or from bytes."""
    return list(struct.unpack(f"<{len(wire) // 4}i", wire)) if isinstance(wire, bytes) else wire


def pack_floats(numbers):
    """Numbers as bytes, little-endian singles."""
    return struct.pack(f"<{len(numbers)}f", *numbers)


def unpack_floats(wire):
    """Numbers from an array or from bytes."""
    return list(struct.unpack(f"<{len(wire) // 4}f", wire)) if isinstance(wire, bytes) else wire


def pack_states(rows, hidden_type="f32"):
    """Hidden states, a row of numbers for each token, as bytes of a layout: f32, f16 or bf16, little-endian."""
    numbers = [number for row in rows for number in row]
    if hidden_type == "f32":
        return pack_floats(numbers)
    if hidden_type == "f16":
        return struct.pack(f"<{len(numbers)}e", *numbers)
    if hidden_type != "bf16":
        raise ValueError(f"hidden_type is {hidden_type}; expected f32, f16 or bf16")
    # The upper half of a single, rounded to the nearest, ties to even.
    bits = struct.unpack(f"<{len(numbers)}I", pack_floats(numbers))
    return struct.pack(f"<{len(numbers)}H", *(((b + 0x7FFF + (b >> 16 & 1)) >> 16) & 0xFFFF for b in bits))
