import importlib.util
import types
import unittest

from atlas_client.adapters.vllm import AtlasProposer

from .server import Server

HAS_NUMPY = importlib.util.find_spec("numpy") is not None
MAX_LENGTH = 64


def config(num_speculative_tokens=3):
    return types.SimpleNamespace(
        speculative_config=types.SimpleNamespace(num_speculative_tokens=num_speculative_tokens),
        model_config=types.SimpleNamespace(max_model_len=MAX_LENGTH),
    )


@unittest.skipUnless(HAS_NUMPY, "needs numpy (Debian: python3-numpy)")
class ProposerTests(unittest.TestCase):
    """vLLM's rows: an int32 array (rows, max_model_len), lengths per row, tokens just sampled per row."""

    def setUp(self):
        self.server = Server(tree=True)
        self.now = 0.0
        self.proposer = AtlasProposer(config(), self.server.endpoint, clock=lambda: self.now)

    def tearDown(self):
        if self.server is not None:
            self.server.close()

    def propose(self, *rows):
        """Each row: all tokens of the request, and how many of them were just sampled."""
        import numpy

        ids = numpy.zeros((len(rows), MAX_LENGTH), dtype=numpy.int32)
        for i, (tokens, _) in enumerate(rows):
            ids[i, : len(tokens)] = tokens
        sampled = [tokens[len(tokens) - count :] for tokens, count in rows]
        return self.proposer.propose(sampled, numpy.array([len(tokens) for tokens, _ in rows], dtype=numpy.int32), ids, slot_mappings=None)

    def test_each_row_gets_a_list_of_draft_tokens(self):
        self.assertEqual([[4, 5, 6], [31, 32, 33]], self.propose(([1, 2, 3], 1), ([30], 1)))
        self.assertEqual([[7, 8, 9], [41, 42, 43]], self.propose(([1, 2, 3, 4, 5, 6], 3), ([30, 40], 1)))
        self.assertEqual(2, len(self.server.params("open")))

    def test_rows_that_move_keep_their_sessions(self):
        self.propose(([1, 2], 1), ([30], 1), ([50], 1))
        self.propose(([50, 51], 1), ([1, 2, 3], 1))
        self.propose(([30, 31], 1), ([50, 51, 52, 53], 2))
        self.assertEqual(3, len(self.server.params("open")))
        self.assertEqual(sorted([[1, 2, 3], [30, 31], [50, 51, 52, 53]]), sorted(self.server.sessions.values()))

    def test_rows_without_new_tokens_get_no_drafts(self):
        self.assertEqual([[], [31, 32, 33]], self.propose(([1, 2, 3], 0), ([30], 1)))
        self.assertEqual(1, len(self.server.params("open")))

    def test_requests_with_the_same_tokens_are_told_apart_when_they_part(self):
        self.propose(([1, 2], 1), ([1, 2], 1))
        self.assertEqual([[4, 5, 6], [10, 11, 12]], self.propose(([1, 2, 3], 1), ([1, 2, 9], 1)))
        self.assertEqual([[11, 12, 13], [5, 6, 7]], self.propose(([1, 2, 9, 10], 1), ([1, 2, 3, 4], 1)))
        self.assertEqual(2, len(self.server.params("open")))

    def test_a_request_whose_steps_were_missed_is_opened_again(self):
        self.propose(([1, 2], 1))
        self.assertEqual([[6, 7, 8]], self.propose(([1, 2, 3, 4, 5], 1)))
        self.assertEqual(2, len(self.server.params("open")))

    def test_near_the_limit_no_more_is_drafted_than_fits(self):
        self.assertEqual([[1]], self.propose(([0] * (MAX_LENGTH - 1), 1)))
        self.assertEqual([[]], self.propose(([0] * MAX_LENGTH, 1)))

    def test_without_the_service_drafts_are_empty_and_connecting_is_tried_again_later(self):
        self.propose(([1, 2], 1))
        self.server.drop()
        self.assertEqual([[]], self.propose(([1, 2, 3], 1)))
        self.assertEqual([[]], self.propose(([1, 2, 3, 4], 1)))
        self.now += 1
        self.assertEqual([[6, 7, 8]], self.propose(([1, 2, 3, 4, 5], 1)))
        self.server.close()
        self.server = None
        self.assertEqual([[]], self.propose(([1, 2, 3, 4, 5, 6], 1)))
        self.now += 100
        self.assertEqual([[]], self.propose(([1, 2, 3, 4, 5, 6, 7], 1)))

    def test_sessions_of_requests_that_ended_are_closed(self):
        self.proposer.IDLE_CALLS = 4
        self.propose(([1, 2], 1), ([30], 1))
        tokens = [30]
        for i in range(8):
            tokens = tokens + [40 + i]
            self.propose((tokens, 1))
        self.assertEqual([tokens], list(self.server.sessions.values()))

    def test_nothing_is_loaded(self):
        self.assertIsNone(self.proposer.load_model("a model"))


if __name__ == "__main__":
    unittest.main()
