"""Atlas as a custom proposer of vLLM v1 (speculative method ``custom_class``).

vLLM makes an instance with its configuration and calls, after every step, ``propose(sampled_token_ids, num_tokens_no_spec, token_ids_cpu,
slot_mappings)``: for each row of its batch the tokens just sampled (none while a prompt is being read), how many tokens the request has, and an
array (rows, max_model_len) that holds them. It expects a list of draft tokens per row.
"""

import os
import time
from collections import defaultdict

from ..client import AtlasClient
from ..connection import AtlasError, ConnectionLost
from ..messages import DraftStatus, SequenceUpdate


class AtlasProposer:
    """Keeps a session per request. Rows have no names and move, so a request is recognised by the tokens it had after the last call; requests
    with the same tokens are interchangeable. Never raises for the service's sake: without drafts vLLM decodes plainly."""

    IDLE_CALLS = 512
    LONGEST_PAUSE = 30.0

    def __init__(self, vllm_config, endpoint=None, connect=AtlasClient, clock=time.monotonic):
        """``endpoint`` defaults to the environment variable ATLAS_ENDPOINT; a deadline in microseconds may be in ATLAS_DEADLINE_US."""
        self._budget = vllm_config.speculative_config.num_speculative_tokens
        self._max_length = vllm_config.model_config.max_model_len
        self._endpoint = endpoint or os.environ.get("ATLAS_ENDPOINT", "unix:/run/atlas/atlas.sock")
        self._namespace = os.environ.get("ATLAS_NAMESPACE", "")
        self._deadline_us = int(os.environ.get("ATLAS_DEADLINE_US", "0"))
        self._token = os.environ.get("ATLAS_TOKEN", "")
        self._connect = connect
        self._clock = clock
        self._client = None
        self._pause = 0.0
        self._retry_at = 0.0
        self._calls = 0
        self._last_session = 0
        self._forget_sessions()

    def load_model(self, *args, **kwargs):
        """Nothing to load: the drafts are made elsewhere."""

    def propose(self, sampled_token_ids, num_tokens_no_spec, token_ids_cpu, slot_mappings=None):
        """Draft tokens for each row; an empty list where there are none."""
        drafts = [[] for _ in sampled_token_ids]
        rows = [i for i, sampled in enumerate(sampled_token_ids) if sampled and int(num_tokens_no_spec[i]) < self._max_length]
        if rows and self._is_connected():
            try:
                self._propose(rows, sampled_token_ids, num_tokens_no_spec, token_ids_cpu, drafts)
            except (AtlasError, ConnectionLost, OSError):
                self._lose()
                return [[] for _ in sampled_token_ids]
        return drafts

    def _propose(self, rows, sampled_token_ids, num_tokens_no_spec, token_ids_cpu, drafts):
        self._calls += 1
        updates, histories = [], []
        for i in rows:
            length = int(num_tokens_no_spec[i])
            row = token_ids_cpu[i, :length]
            history = row.tobytes() if hasattr(row, "tobytes") else row.numpy().tobytes()
            before = length - len(sampled_token_ids[i])
            session = self._take(history[: before * (len(history) // length)])
            if session is None:
                session = self._open(row[:before].tolist())
            updates.append(SequenceUpdate(session, before, [int(t) for t in row[before:].tolist()], min(self._budget, self._max_length - length)))
            histories.append(history)
        answers = self._client.draft(updates, deadline_us=self._deadline_us)
        for i, update, history, draft in zip(rows, updates, histories, answers):
            if draft.status in (DraftStatus.OK, DraftStatus.DEADLINE):
                self._by_history[history].append((update.session, self._calls))
                drafts[i] = draft.chain()[: update.budget]
            else:
                # It is opened afresh with the next call.
                self._client.close_session(update.session, wait=False)
        if self._calls % self.IDLE_CALLS == 0:
            self._close_idle()

    def _take(self, history):
        sessions = self._by_history.get(history)
        if not sessions:
            return None
        session, _ = sessions.pop()
        if not sessions:
            del self._by_history[history]
        return session

    def _open(self, tokens):
        self._last_session += 1
        self._client.open(self._last_session, tokens, self._namespace, wait=False)
        return self._last_session

    def _close_idle(self):
        """vLLM does not say when a request has ended: sessions that were not used for a while are closed."""
        oldest = self._calls - self.IDLE_CALLS
        for history in list(self._by_history):
            kept = []
            for session, used in self._by_history[history]:
                if used > oldest:
                    kept.append((session, used))
                else:
                    self._client.close_session(session, wait=False)
            if kept:
                self._by_history[history] = kept
            else:
                del self._by_history[history]

    def _is_connected(self):
        if self._client is not None:
            return True
        if self._clock() < self._retry_at:
            return False
        try:
            self._client = self._connect(self._endpoint, token=self._token, name="atlas_client.py vllm", timeout=5.0)
            self._pause = 0.0
            return True
        except (AtlasError, ConnectionLost, OSError):
            self._lose()
            return False

    def _lose(self):
        if self._client is not None:
            self._client.close()
            self._client = None
        self._pause = min(max(self._pause * 2, 0.5), self.LONGEST_PAUSE)
        self._retry_at = self._clock() + self._pause
        self._forget_sessions()

    def _forget_sessions(self):
        # Sessions by the bytes of all tokens that they hold.
        self._by_history = defaultdict(list)
