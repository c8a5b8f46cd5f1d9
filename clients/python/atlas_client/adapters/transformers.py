"""Atlas as a candidate generator of Hugging Face transformers.

The interface is that of transformers' generation/candidate_generator.py: ``get_candidates(input_ids, **kwargs)`` returns ids of shape
(1, length + drafts) and logits or None; after verification ``update_candidate_strategy(input_ids, scores, num_matches)`` is given the
ids with what was accepted, logits of shape (1, drafts + 1, vocabulary), and how many drafts matched.
"""

import contextlib
import itertools

from ..messages import DraftStatus, SequenceUpdate

try:
    from transformers.generation.candidate_generator import CandidateGenerator
except ImportError:  # The interface asks for two methods; without transformers they can be called all the same.
    CandidateGenerator = object

_sessions = itertools.count(1)


class AtlasCandidateGenerator(CandidateGenerator):
    """Drafts of one generation, of one row. The session is opened with the first call; ``close`` ends it."""

    requires_model_outputs = False

    def __init__(self, client, num_draft_tokens=5, max_length=None, top_k=8, namespace="", deadline_us=0, hidden_states=None):
        """``top_k`` alternatives of the target per token are fed back, 0 for none; drafts never reach ``max_length``.

        ``hidden_states()`` gives the target's hidden states of its last forward, behind the final norm, of shape (1, rows, hidden): those from
        which the accepted tokens were drawn travel with them to a service that takes states of that size.
        """
        self._client = client
        self._budget = num_draft_tokens
        self._max_length = max_length
        self._top_k = top_k
        self._namespace = namespace
        self._deadline_us = deadline_us
        self._hidden_states = hidden_states
        self._hidden_size = client.service.get("hidden_size", 0) if hidden_states else 0
        self._session = None
        self._known = 0
        self._feedback = None

    def get_candidates(self, input_ids, **kwargs):
        """Commits what is new in ``input_ids`` and returns them with the draft behind; logits are None."""
        if input_ids.shape[0] != 1:
            raise ValueError(f"input_ids has {input_ids.shape[0]} rows; expected 1")
        length = input_ids.shape[1]
        # The target adds one token of its own behind the drafts.
        room = self._budget if self._max_length is None else min(self._budget, self._max_length - length - 1)
        if self._session is None or length < self._known:
            self._reopen(input_ids[0].tolist())
        tokens = input_ids[0, self._known :].tolist()
        update = SequenceUpdate(self._session, self._known, tokens, max(room, 0))
        if self._feedback is not None and self._feedback[0] == (self._known, length):
            for name, value in self._feedback[1].items():
                setattr(update, name, value)
        self._feedback = None
        draft = self._client.draft([update], deadline_us=self._deadline_us)[0]
        if draft.status not in (DraftStatus.OK, DraftStatus.DEADLINE):
            self._reopen(input_ids[0].tolist())
            return input_ids, None
        self._known = length
        chain = draft.chain()[: max(room, 0)]
        if not chain:
            return input_ids, None
        import torch

        return torch.cat((input_ids, input_ids.new_tensor([chain])), dim=-1), None

    def update_candidate_strategy(self, input_ids, scores, num_matches):
        """Keeps the target's best alternatives for the tokens just accepted, and their states; they travel with the next call."""
        rows = int(num_matches) + 1
        length = input_ids.shape[1]
        if length - self._known != rows:
            return
        fed = {}
        if self._top_k > 0:
            k = min(self._top_k, scores.shape[-1])
            logprobs, tokens = scores[0, :rows].float().log_softmax(dim=-1).topk(k, dim=-1)
            fed.update(top_k=k, top_tokens=tokens.flatten().tolist(), top_logprobs=logprobs.flatten().tolist())
        states = self._hidden_states() if self._hidden_size else None
        # Like the scores they end with the last draft; what comes before was read for the first time.
        if states is not None and states.shape[-1] == self._hidden_size and states.shape[1] >= scores.shape[1]:
            fed["hidden_type"], fed["hidden"] = _pack(states[0, -scores.shape[1] :][:rows])
        self._feedback = ((self._known, length), fed)

    def close(self):
        """Ends the session; what it held stays learned."""
        if self._session is not None:
            self._client.close_session(self._session, wait=False)
            self._session = None

    def _reopen(self, tokens):
        self.close()
        self._session = next(_sessions)
        self._client.open(self._session, tokens, self._namespace)
        self._known = len(tokens)
        self._feedback = None


def _pack(states):
    """States as they travel: their own layout where the protocol has it, else singles."""
    import torch

    layouts = {torch.bfloat16: ("bf16", torch.int16), torch.float16: ("f16", torch.int16)}
    name, bits = layouts.get(states.dtype, ("f32", torch.int32))
    if name == "f32":
        states = states.float()
    words = states.detach().cpu().contiguous().view(bits).numpy()
    return name, words.astype(words.dtype.newbyteorder("<")).tobytes()


@contextlib.contextmanager
def speculate(model, client, **options):
    """Within the block, assisted generation of ``model`` drafts with Atlas; options are those of ``AtlasCandidateGenerator``.

    ``generate`` builds its candidate generator in the model's ``_get_candidate_generator``, which is replaced. Whatever option turns assisted
    generation on will do, such as ``prompt_lookup_num_tokens=1``. A service that takes hidden states gets those of the model without its head
    (``base_model``), which end behind the final norm.
    """
    made, last, hook = [], [None], None
    base = getattr(model, "base_model", None)
    if client.service.get("hidden_size", 0) and base is not None:

        def keep(module, arguments, output):
            last[0] = getattr(output, "last_hidden_state", None)

        hook = base.register_forward_hook(keep)
        options = {"hidden_states": lambda: last[0], **options}

    def make(*args, generation_config=None, **kwargs):
        limit = getattr(generation_config, "max_length", None)
        made.append(AtlasCandidateGenerator(client, **{"max_length": limit, **options}))
        return made[-1]

    model._get_candidate_generator = make
    try:
        yield made
    finally:
        # The replacement is an attribute of this instance; the class still has the method.
        del model._get_candidate_generator
        if hook is not None:
            hook.remove()
        for generator in made:
            generator.close()
