import os
import struct
import unittest

from atlas_client import AtlasClient, AtlasError, ConnectionLost, Draft, DraftStatus, SequenceUpdate, pack_states
from atlas_client.connection import Connection

from .server import Server


class ClientTests(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.client = AtlasClient(self.server.endpoint)

    def tearDown(self):
        self.client.close()
        self.server.close()

    def test_greets_when_it_connects(self):
        self.assertEqual("atlas", self.client.service["server"])
        self.assertEqual([{"client": "atlas_client.py", "protocol": 1}], self.server.params("hello"))

    def test_a_wrong_token_is_refused(self):
        self.client.close()
        with self.assertRaises(AtlasError) as raised:
            AtlasClient(self.server.endpoint, token="wrong")
        self.assertEqual("unauthorized", raised.exception.code)
        AtlasClient(self.server.endpoint, token="secret").close()

    def test_a_batch_is_committed_and_drafted(self):
        self.assertEqual(2, self.client.open(1, [7, 70000], namespace="acme", request_class="latency", speculator="suffix"))
        self.client.open(2, wait=False)
        first, second, third = self.client.draft(
            [SequenceUpdate(1, 2, [8], 3), SequenceUpdate(2, 0, [100], 1), SequenceUpdate(3, 0, [1], 1)], deadline_us=500, verify_us=20000
        )
        self.assertEqual(([9, 10, 11], 3, "suffix", 1), (first.tokens, first.position, first.speculator, first.version))
        self.assertEqual([101], second.chain())
        self.assertEqual((DraftStatus.UNKNOWN_SESSION, []), (third.status, third.tokens))
        params = self.server.params("draft")[0]
        self.assertEqual((500, 20000), (params["deadline_us"], params["verify_us"]))
        self.assertEqual({"session": 1, "base": 2, "tokens": b"\x08\0\0\0", "budget": 3}, params["sequences"][0])
        opened = self.server.params("open")[0]
        self.assertEqual(("acme", "latency", "suffix", True), (opened["namespace"], opened["class"], opened["speculator"], opened["packed"]))

    def test_feedback_travels(self):
        self.client.open(1)
        update = SequenceUpdate(1, 0, [5], 0, top_k=2, top_tokens=[5, 6], top_logprobs=[-0.5, -2.0], hidden=b"\0\0\x80\x3f", hidden_type="f32")
        self.client.draft([update])
        self.assertEqual(
            {"session": 1, "base": 0, "tokens": b"\x05\0\0\0", "top_k": 2, "top_tokens": b"\x05\0\0\0\x06\0\0\0",
             "top_logprobs": b"\0\0\0\xbf\0\0\0\xc0", "hidden": b"\0\0\x80\x3f", "hidden_type": "f32"},
            self.server.params("draft")[0]["sequences"][0],
        )

    def test_drafts_may_be_under_way_together(self):
        self.client.open(1, [1])
        calls = [self.client.send_draft([SequenceUpdate(1, 1 + i, [i], 1)]) for i in range(5)]
        self.assertEqual([[5], [4], [3], [2], [1]], [self.client.receive_draft(call)[0].tokens for call in reversed(calls)])

    def test_commits_and_closes(self):
        self.client.open(1)
        self.assertEqual(2, self.client.commit(SequenceUpdate(1, 0, [3, 4])))
        with self.assertRaises(AtlasError) as raised:
            self.client.commit(SequenceUpdate(1, 0, [3, 4]))
        self.assertEqual(("stale_position", "base", 2), (raised.exception.code, raised.exception.parameter, raised.exception.position))
        self.assertEqual(2, self.client.close_session(1, learn=False))
        self.assertEqual({"session": 1, "learn": False}, self.server.params("close")[0])
        with self.assertRaises(AtlasError):
            self.client.close_session(1)

    def test_generates_whole(self):
        result = self.client.generate(prompt="once", max_tokens=4)
        self.assertEqual(([0, 1, 2, 3], "0 1 2 3 ", "length"), (result.choices[0].tokens, result.choices[0].text, result.choices[0].finish_reason))
        self.assertEqual((2**64 - 1, 4), (result.seed, result.usage["completion_tokens"]))
        with self.assertRaises(ValueError):
            self.client.generate()
        with self.assertRaises(AtlasError):
            self.client.generate(prompt="refuse")

    def test_streams(self):
        pieces, result = [], None
        stream = self.client.stream(tokens=[1, 2], max_tokens=50)
        while result is None:
            try:
                pieces.append(next(stream))
            except StopIteration as end:
                result = end.value
        self.assertEqual(list(range(50)), [token for piece in pieces for token in piece.tokens])
        self.assertEqual(50, result.choices[0].token_count)
        with self.assertRaises(AtlasError):
            list(self.client.stream(prompt="gap", max_tokens=5))
        with self.assertRaises(AtlasError):
            list(self.client.stream(prompt="refuse"))

    def test_leaving_a_stream_leaves_the_connection_usable(self):
        for piece in self.client.stream(prompt="x", max_tokens=50):
            if piece.offset == 3:
                break
        self.assertEqual([0, 1, 2], [t for p in self.client.stream(prompt="y", max_tokens=3) for t in p.tokens])

    def test_the_rest_of_the_methods(self):
        self.assertEqual(3, self.client.weights_updated("v2"))
        self.assertEqual(2**40, self.client.forget("acme")["bytes"])
        self.assertEqual(0.0, self.client.stats()["values"]["sessions"])
        self.assertEqual(7, self.client.checkpoint()["version"])
        self.assertEqual(0, self.client.drain(5))
        self.assertFalse(self.client.cancel(5))
        self.assertEqual([{"deadline_ms": 5}], self.server.params("drain"))

    def test_a_lost_connection_says_so_and_stays_lost(self):
        self.server.drop()
        for _ in range(2):
            with self.assertRaises(ConnectionLost):
                self.client.stats()


class ConnectionTests(unittest.TestCase):
    def test_responses_come_in_any_order(self):
        server = Server()
        connection = Connection(server.endpoint)
        late = connection.send("later", {})
        soon = connection.send("stats", {})
        self.assertEqual(1.5, connection.receive(soon)["uptime_s"])
        self.assertEqual({"late": True}, connection.receive(late))
        dropped = connection.send("stats", {})
        connection.forget(dropped)
        self.assertEqual(1.5, connection.call("stats", {})["uptime_s"])
        self.assertFalse(connection.is_answered(dropped))
        connection.close()
        server.close()

    def test_what_is_no_endpoint_says_what_was_expected(self):
        for endpoint in ("", "host", "tcp:host", "tcp:host:port"):
            with self.assertRaises(ValueError) as raised:
                Connection(endpoint)
            self.assertIn("expected unix:PATH, tcp:HOST:PORT or a path", str(raised.exception))

    def test_where_nobody_listens_it_raises(self):
        with self.assertRaises(OSError):
            Connection(os.path.join(os.path.dirname(__file__), "nobody.sock"))


class StateTests(unittest.TestCase):
    def test_states_are_packed_row_after_row(self):
        rows = [[1.0, -2.0], [0.5, 65504.0]]
        self.assertEqual(struct.pack("<4f", 1, -2, 0.5, 65504), pack_states(rows))
        self.assertEqual(struct.pack("<4e", 1, -2, 0.5, 65504), pack_states(rows, "f16"))
        self.assertEqual(bytes.fromhex("803f00c0003f8047"), pack_states(rows, "bf16"))
        # Halfway between two of bf16, the even one.
        self.assertEqual(bytes.fromhex("803f823f"), pack_states([[1.00390625, 1.01171875]], "bf16"))
        with self.assertRaises(ValueError) as raised:
            pack_states(rows, "f64")
        self.assertIn("expected f32, f16 or bf16", str(raised.exception))


class DraftTests(unittest.TestCase):
    def test_the_chain_of_a_tree_takes_the_likeliest_child_at_each_step(self):
        draft = Draft(1, DraftStatus.OK, 5, [8, 9, 12, 13], [-1, 0, -1, 2], [0.25, 0.5, 0.75, 0.5], "suffix", 1)
        self.assertEqual([12, 13], draft.chain())
        self.assertEqual([], Draft(1, DraftStatus.OK, 5, [], [], [], "", 0).chain())


if __name__ == "__main__":
    unittest.main()
