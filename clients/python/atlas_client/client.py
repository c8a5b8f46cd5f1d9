"""The methods of an Atlas service."""

from .connection import AtlasError, Connection, ConnectionLost
from .messages import Draft, Generation, Piece, pack_tokens, unpack_tokens

PROTOCOL = 1


class AtlasClient:
    """One connection to an Atlas service. Raises ``AtlasError`` for errors of the service and ``ConnectionLost`` where it is gone.

    Sessions belong to the connection and are numbered by the caller. Not thread-safe.
    """

    def __init__(self, endpoint, token="", name="atlas_client.py", timeout=30.0):
        """Connects to ``unix:PATH``, ``tcp:HOST:PORT`` or a path, and greets; ``service`` then holds the answer of hello."""
        self._connection = Connection(endpoint, timeout)
        self._last_request = 0
        try:
            self.service = self.hello(token, name)
        except (AtlasError, ConnectionLost):
            self._connection.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the connection and its sessions."""
        self._connection.close()

    def hello(self, token="", name="atlas_client.py"):
        """Who serves: a map as docs/protocol.md describes it."""
        params = {"client": name, "protocol": PROTOCOL}
        if token:
            params["token"] = token
        return self._connection.call("hello", params)

    def open(self, session, tokens=(), namespace="", request_class="interactive", speculator="auto", wait=True):
        """Opens a session that holds ``tokens``; returns how many. Without ``wait`` it is a notification, and a fault shows in the next draft."""
        params = {"session": session, "tokens": pack_tokens(tokens), "packed": True}
        if namespace:
            params["namespace"] = namespace
        if request_class != "interactive":
            params["class"] = request_class
        if speculator != "auto":
            params["speculator"] = speculator
        if not wait:
            self._connection.notify("open", params)
            return len(tokens)
        return self._connection.call("open", params)["position"]

    def draft(self, updates, deadline_us=0, verify_us=0):
        """Commits and drafts for a whole batch; a ``Draft`` per update, in order."""
        return self.receive_draft(self.send_draft(updates, deadline_us, verify_us))

    def send_draft(self, updates, deadline_us=0, verify_us=0):
        """Sends a draft call without waiting; ``receive_draft`` takes the answer."""
        params = {"sequences": [update.to_wire() for update in updates]}
        if deadline_us:
            params["deadline_us"] = deadline_us
        if verify_us:
            params["verify_us"] = verify_us
        return self._connection.send("draft", params)

    def receive_draft(self, call):
        """Waits for the answer to ``send_draft``."""
        return [Draft.from_wire(wire) for wire in self._connection.receive(call)["sequences"]]

    def commit(self, update):
        """Commits to one session without drafting; returns its position."""
        wire = update.to_wire()
        wire.pop("budget", None)
        return self._connection.call("commit", wire)["position"]

    def close_session(self, session, learn=True, wait=True):
        """Ends a session. Without ``wait`` it is a notification."""
        params = {"session": session}
        if not learn:
            params["learn"] = False
        if not wait:
            self._connection.notify("close", params)
            return None
        return self._connection.call("close", params)["position"]

    def generate(self, prompt=None, tokens=None, **options):
        """Generates completions and returns them whole; options are the parameters of generate in docs/protocol.md."""
        return Generation.from_wire(self._connection.call("generate", _generate_params(prompt, tokens, options)))

    def stream(self, prompt=None, tokens=None, **options):
        """Generates piece by piece; the generator's return value is the ``Generation``. Leaving it early cancels the generation."""
        self._last_request += 1
        request = self._last_request
        params = _generate_params(prompt, tokens, options)
        params.update(request=request, stream=True)
        call = self._connection.send("generate", params)
        ended = False
        received = {}
        try:
            while not ended:
                if not self._connection.is_answered(call):
                    self._connection.wait()
                ended = self._connection.is_answered(call)
                for method, piece in self._connection.notifications():
                    if method != "tokens" or piece.get("request") != request:
                        continue
                    index, offset, ids = piece["index"], piece["offset"], unpack_tokens(piece["tokens"])
                    if offset != received.get(index, 0):
                        raise AtlasError("internal", f"a piece of completion {index} begins at {offset}; expected {received.get(index, 0)}")
                    received[index] = offset + len(ids)
                    yield Piece(index, offset, ids, piece.get("text", ""), piece.get("logprobs", []))
        except GeneratorExit:
            if not ended:
                self._connection.notify("cancel", {"request": request})
            self._connection.forget(call)
            raise
        return Generation.from_wire(self._connection.receive(call))

    def cancel(self, request):
        """Ends a generation by its ``request`` number; whether there was one."""
        return self._connection.call("cancel", {"request": request})["cancelled"]

    def weights_updated(self, fingerprint="", path=""):
        """Tells that the target has changed; returns how often it has."""
        params = {key: value for key, value in (("fingerprint", fingerprint), ("path", path)) if value}
        return self._connection.call("weights_updated", params)["generation"]

    def forget(self, namespace):
        """Deletes a namespace; the answer's map."""
        return self._connection.call("forget", {"namespace": namespace})

    def stats(self, namespace=""):
        """Figures of the service; the answer's map."""
        return self._connection.call("stats", {"namespace": namespace} if namespace else {})

    def checkpoint(self):
        """Saves what was learned; the answer's map."""
        return self._connection.call("checkpoint", {})

    def drain(self, deadline_ms=30000):
        """Lets the service finish; returns how many generations did not end in time."""
        return self._connection.call("drain", {"deadline_ms": deadline_ms})["cancelled"]


def _generate_params(prompt, tokens, options):
    if (prompt is None) == (tokens is None):
        raise ValueError("expected either prompt or tokens")
    params = dict(options)
    if prompt is not None:
        params["prompt"] = prompt
    else:
        params["tokens"] = pack_tokens(tokens)
    return params
