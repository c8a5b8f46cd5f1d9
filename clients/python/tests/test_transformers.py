import importlib.util
import types
import unittest

from atlas_client import AtlasClient
from atlas_client.adapters.transformers import AtlasCandidateGenerator, speculate

from .server import Server

HAS_TORCH = importlib.util.find_spec("torch") is not None
VOCABULARY = 50
HIDDEN = 3


@unittest.skipUnless(HAS_TORCH, "needs torch (Debian: python3-torch)")
class CandidateGeneratorTests(unittest.TestCase):
    def setUp(self):
        self.server = Server(tree=True)
        self.client = AtlasClient(self.server.endpoint)

    def tearDown(self):
        self.client.close()
        self.server.close()

    def test_plain_and_assisted_decoding_write_the_same_tokens_in_fewer_forwards(self):
        prompt = [3, 4]
        plain, plain_forwards = assisted_decoding(None, prompt, 30)
        generator = AtlasCandidateGenerator(self.client, num_draft_tokens=4, max_length=30)
        assisted, forwards = assisted_decoding(generator, prompt, 30)
        self.assertEqual(plain, assisted)
        self.assertLess(forwards, plain_forwards / 2)
        # All tokens but those of the last step have been committed, in order.
        self.assertEqual(assisted[: len(self.server.sessions[self._session()])], self.server.sessions[self._session()])

    def test_the_targets_alternatives_travel_with_the_tokens_they_belong_to(self):
        generator = AtlasCandidateGenerator(self.client, num_draft_tokens=4, max_length=20, top_k=3)
        tokens, _ = assisted_decoding(generator, [3, 4], 20)
        fed = [p["sequences"][0] for p in self.server.params("draft") if "top_k" in p["sequences"][0]]
        self.assertGreater(len(fed), 1)
        for update in fed:
            count = len(update["tokens"]) // 4
            self.assertEqual(3, update["top_k"])
            self.assertEqual((count * 3 * 4, count * 3 * 4), (len(update["top_tokens"]), len(update["top_logprobs"])))
            best = [int.from_bytes(update["top_tokens"][i * 12 : i * 12 + 4], "little") for i in range(count)]
            # Greedy decoding takes the best alternative.
            self.assertEqual(tokens[update["base"] : update["base"] + count], best)

    def test_without_feedback_none_travels(self):
        assisted_decoding(AtlasCandidateGenerator(self.client, max_length=12, top_k=0), [3, 4], 12)
        self.assertFalse(any("top_k" in p["sequences"][0] for p in self.server.params("draft")))

    def test_near_the_limit_no_more_is_drafted_than_fits(self):
        import torch

        generator = AtlasCandidateGenerator(self.client, num_draft_tokens=10, max_length=6)
        ids, logits = generator.get_candidates(torch.tensor([[1, 2, 3]]))
        self.assertIsNone(logits)
        self.assertEqual([[1, 2, 3, 4, 5]], ids.tolist())
        ids, _ = generator.get_candidates(torch.tensor([[1, 2, 3, 4, 5]]))
        self.assertEqual([[1, 2, 3, 4, 5]], ids.tolist())

    def test_a_session_that_went_away_is_opened_again(self):
        import torch

        generator = AtlasCandidateGenerator(self.client, num_draft_tokens=1)
        generator.get_candidates(torch.tensor([[1, 2]]))
        self.server.sessions.clear()
        ids, _ = generator.get_candidates(torch.tensor([[1, 2, 3]]))
        self.assertEqual([[1, 2, 3]], ids.tolist())
        ids, _ = generator.get_candidates(torch.tensor([[1, 2, 3, 4]]))
        self.assertEqual([[1, 2, 3, 4, 5]], ids.tolist())
        # A shorter input is another generation.
        ids, _ = generator.get_candidates(torch.tensor([[9]]))
        self.assertEqual([[9, 10]], ids.tolist())

    def test_several_rows_are_refused(self):
        import torch

        with self.assertRaises(ValueError):
            AtlasCandidateGenerator(self.client).get_candidates(torch.tensor([[1], [2]]))

    def test_a_model_drafts_with_atlas_within_the_block(self):
        import torch

        model = Model(torch.float32)
        with speculate(model, self.client, num_draft_tokens=2) as made:
            generator = model._get_candidate_generator(generation_config=types.SimpleNamespace(max_length=9), input_ids=None)
            self.assertIsInstance(generator, AtlasCandidateGenerator)
            self.assertEqual([generator], made)
        self.assertEqual("its own", model._get_candidate_generator())

    def test_the_states_that_tokens_were_drawn_from_travel_with_them(self):
        import torch

        for dtype, layout, width in ((torch.float32, "f32", 4), (torch.bfloat16, "bf16", 2)):
            server = Server(tree=True, hidden_size=HIDDEN)
            client = AtlasClient(server.endpoint)
            model = Model(dtype)
            with speculate(model, client, num_draft_tokens=4) as made:
                generator = model._get_candidate_generator(generation_config=types.SimpleNamespace(max_length=30))
                tokens, _ = assisted_decoding(generator, [3, 4], 30, model)
                self.assertEqual([generator], made)
            self.assertEqual(0, len(model.base_model._forward_hooks))
            fed = [p["sequences"][0] for p in server.params("draft") if p["sequences"][0].get("tokens")]
            self.assertGreater(len(fed), 3)
            for update in fed:
                count = len(update["tokens"]) // 4
                self.assertEqual(layout, update.get("hidden_type", "f32"))
                self.assertEqual(count * HIDDEN * width, len(update["hidden"]))
                states = torch.frombuffer(bytearray(update["hidden"]), dtype=dtype).reshape(count, HIDDEN)
                # The state before a token is of the token before it.
                before = tokens[update["base"] - 1 : update["base"] + count - 1]
                self.assertTrue(torch.equal(states, state_of(torch.tensor(before), dtype)))
            client.close()
            server.close()

    def test_a_service_that_takes_none_or_others_gets_no_states(self):
        import torch

        for size in (0, HIDDEN + 1):
            server = Server(hidden_size=size)
            client = AtlasClient(server.endpoint)
            model = Model(torch.float32)
            with speculate(model, client, num_draft_tokens=4):
                assisted_decoding(model._get_candidate_generator(), [3, 4], 20, model)
            self.assertFalse(any("hidden" in p["sequences"][0] for p in server.params("draft")))
            client.close()
            server.close()

    def _session(self):
        return next(iter(self.server.sessions))


def state_of(tokens, dtype):
    """A state for each token, shape (tokens, hidden)."""
    import torch

    return torch.stack([tokens * (i + 1) / 7 for i in range(HIDDEN)], dim=-1).to(dtype)


class Model:
    """As much of a model of transformers as is asked of one: a base that returns its last hidden states, and the hooks of a module."""

    def __init__(self, dtype):
        import torch

        class Base(torch.nn.Module):
            def forward(self, ids):
                return types.SimpleNamespace(last_hidden_state=state_of(ids, dtype))

        self.base_model = Base()

    def _get_candidate_generator(self, **kwargs):
        return "its own"


def target(ids):
    """Logits of shape (1, length, vocabulary): the next number, but after multiples of seven a jump."""
    import torch

    length = ids.shape[1]
    nexts = torch.where(ids[0] % 7 == 0, (ids[0] * 3 + 2) % VOCABULARY, (ids[0] + 1) % VOCABULARY)
    logits = torch.zeros(1, length, VOCABULARY)
    logits[0, torch.arange(length), nexts] = 5.0
    logits[0, torch.arange(length), (nexts + 1) % VOCABULARY] = 2.0
    return logits


def assisted_decoding(generator, prompt, max_length, model=None):
    """Greedy assisted decoding, as transformers' generate passes values to a candidate generator."""
    import torch

    ids, forwards = torch.tensor([prompt]), 0
    while ids.shape[1] < max_length:
        candidates = ids if generator is None else generator.get_candidates(ids)[0]
        drafted = candidates.shape[1] - ids.shape[1]
        logits = target(candidates)[:, -drafted - 1 :]
        if model is not None:
            # With a cache only what is new is read, in the first step the prompt too.
            model.base_model(candidates if forwards == 0 else candidates[:, -drafted - 1 :])
        forwards += 1
        selected = logits.argmax(dim=-1)
        matches = ((~(candidates[:, ids.shape[1] :] == selected[:, :-1])).cumsum(dim=-1) < 1).sum()
        ids = torch.cat((ids, selected[:, : matches + 1]), dim=-1)
        if generator is not None:
            generator.update_candidate_strategy(ids, logits, matches)
    return ids[0].tolist(), forwards


if __name__ == "__main__":
    unittest.main()
