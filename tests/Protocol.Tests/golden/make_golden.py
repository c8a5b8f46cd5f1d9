#!/usr/bin/python3
"""Writes msgpack.txt: every format of the MessagePack specification with its boundary values, as Debian's python3-msgpack encodes it.

A line is  kind <tab> value <tab> hexadecimal bytes.  The value is written so that C# can make it again:
  nil -                 bool true|false          int DECIMAL           float32|float64 BITS (hexadecimal)
  str N                 the first N UTF-8 bytes of the alphabet repeated; 'text' lines hold the text's own bytes in hexadecimal
  bin N                 N bytes 0, 1, 2, ... modulo 256
  array N | map N       N elements 0 .. N-1, or N pairs of i and -i - 1, numbers modulo 128 for the keys' size
  ext TYPE N            N bytes as bin
  timestamp SECONDS NANOSECONDS
Containers and payloads above 300 bytes are written as  sha256:<digest>:<length>  instead of their bytes.
Run it in this folder:  /usr/bin/python3 make_golden.py > msgpack.txt
With --line it reads kind and value lines from standard input and answers with the bytes alone, always whole.
"""
import hashlib
import struct
import sys

import msgpack

ALPHABET = b"abcdefghijklmnopqrstuvwxyz"


def payload(count):
    return bytes(i % 256 for i in range(count))


def text(count):
    return (ALPHABET * (count // 26 + 1))[:count].decode()


def encode(kind, value):
    if kind == "nil":
        return msgpack.packb(None)
    if kind == "bool":
        return msgpack.packb(value == "true")
    if kind == "int":
        return msgpack.packb(int(value))
    if kind == "float32":
        return msgpack.packb(struct.unpack(">f", bytes.fromhex(value))[0], use_single_float=True)
    if kind == "float64":
        return msgpack.packb(struct.unpack(">d", bytes.fromhex(value))[0])
    if kind == "str":
        return msgpack.packb(text(int(value)))
    if kind == "text":
        return msgpack.packb(bytes.fromhex(value).decode())
    if kind == "bin":
        return msgpack.packb(payload(int(value)))
    if kind == "array":
        return msgpack.packb([i % 128 for i in range(int(value))])
    if kind == "map":
        packer = msgpack.Packer()
        pairs = ((i % 128, -(i % 32) - 1) for i in range(int(value)))
        return packer.pack_map_pairs(list(pairs))
    if kind == "ext":
        code, count = value.split()
        return msgpack.packb(msgpack.ExtType(int(code), payload(int(count))))
    if kind == "timestamp":
        seconds, nanoseconds = value.split()
        return msgpack.packb(msgpack.Timestamp(int(seconds), int(nanoseconds)))
    raise SystemExit(f"kind is {kind}; expected one of the formats")


def cases():
    yield "nil", "-"
    yield "bool", "true"
    yield "bool", "false"
    edges = {0, 1, 127, 128, 255, 256, -1, -32, -33, -128, -129}
    for bits in (15, 16, 31, 32, 53, 63, 64):
        for offset in (-1, 0, 1):
            edges.update((2**bits + offset, -(2**bits) + offset))
    for number in sorted(n for n in edges if -(2**63) <= n < 2**64):
        yield "int", str(number)
    for number in (0.0, -0.0, 1.0, -1.5, 3.4028234663852886e38, 1.401298464324817e-45, float("inf"), float("-inf")):
        yield "float32", struct.pack(">f", number).hex()
        yield "float64", struct.pack(">d", number).hex()
    yield "float32", "7fc00000"
    yield "float64", "7ff8000000000000"
    for number in (0.1, 5e-324, 1.7976931348623157e308):
        yield "float64", struct.pack(">d", number).hex()
    for count in (0, 1, 31, 32, 255, 256, 65535, 65536):
        yield "str", str(count)
        yield "bin", str(count)
    for sample in ("é", "ß", "日本語", "\U0001f600", "a\0b"):
        yield "text", sample.encode().hex()
    for count in (0, 1, 15, 16, 65535, 65536):
        yield "array", str(count)
        yield "map", str(count)
    for count in (0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 65535, 65536):
        yield "ext", f"1 {count}"
    for code in (0, 5, 127):
        yield "ext", f"{code} 4"
    for seconds, nanoseconds in (
        (0, 0), (1, 0), (2**32 - 1, 0), (2**32, 0), (0, 100), (1, 999_999_900), (2**34 - 1, 999_999_900), (2**34, 0), (2**34, 100),
        (-1, 0), (-1, 999_999_900), (-62135596800, 0), (253402300799, 999_999_900),
    ):
        yield "timestamp", f"{seconds} {nanoseconds}"


def shown(data):
    return data.hex() if len(data) <= 300 else f"sha256:{hashlib.sha256(data).hexdigest()}:{len(data)}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--line"]:
        for line in sys.stdin:
            kind, value = line.rstrip("\n").split("\t")
            print(encode(kind, value).hex(), flush=True)
    else:
        for kind, value in cases():
            print(kind, value, shown(encode(kind, value)), sep="\t")
