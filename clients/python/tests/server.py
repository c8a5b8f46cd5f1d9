"""A small MessagePack-RPC server: strict about positions, it drafts the numbers that follow a session's last token."""

import contextlib
import os
import socket
import struct
import tempfile
import threading

import msgpack


class Refusal(Exception):
    def __init__(self, code, message, **more):
        super().__init__(message)
        self.error = {"code": code, "message": message, **more}


class Server:
    """Serves one connection after another on a Unix domain socket until closed; ``log`` holds the calls in order."""

    def __init__(self, tree=False, packed=True, hidden_size=0):
        self.tree = tree
        self.packed = packed
        self.hidden_size = hidden_size
        self.log = []
        self.sessions = {}
        self.path = os.path.join(tempfile.mkdtemp(), "atlas.sock")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen()
        self._current = None
        self._held = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def endpoint(self):
        return "unix:" + self.path

    def drop(self):
        """Ends the present connection."""
        if self._current is not None:
            with contextlib.suppress(OSError):
                self._current.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.drop()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        os.unlink(self.path)
        os.rmdir(os.path.dirname(self.path))

    def params(self, method):
        return [params for name, params in self.log if name == method]

    def _serve(self):
        while True:
            try:
                self._current, _ = self._listener.accept()
            except OSError:
                return
            self.sessions = {}
            try:
                self._talk(self._current)
            except OSError:
                pass
            self._current.close()

    def _talk(self, connection):
        unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)
        while True:
            data = connection.recv(65536)
            if not data:
                return
            unpacker.feed(data)
            for message in unpacker:
                for answer in self._answer(message):
                    # In pieces, as sockets may deliver them.
                    packed = msgpack.packb(answer)
                    connection.sendall(packed[:3])
                    connection.sendall(packed[3:])

    def _answer(self, message):
        kind, msgid, method, params = message if message[0] == 0 else (2, None, *message[1:])
        params = params[0] if params else {}
        self.log.append((method, params))
        notifications = []
        try:
            error, result = None, getattr(self, "on_" + method, self._unknown)(params, notifications)
        except Refusal as refusal:
            error, result = refusal.error, None
        if method == "later":
            self._held.append([1, msgid, error, result])
            return []
        answers = notifications + ([[1, msgid, error, result]] if kind == 0 else [])
        answers += self._held
        self._held = []
        return answers

    def _unknown(self, params, notifications):
        raise Refusal("unknown_method", "no such method")

    def on_later(self, params, notifications):
        return {"late": True}

    def on_hello(self, params, notifications):
        if params.get("token", "") not in ("", "secret"):
            raise Refusal("unauthorized", "the token is wrong")
        return {"server": "atlas", "version": "test", "protocol": 1, "hidden_size": self.hidden_size}

    def on_open(self, params, notifications):
        if params["session"] in self.sessions:
            raise Refusal("session_exists", "it is open")
        self.sessions[params["session"]] = self._tokens(params)
        return self._position(params)

    def on_close(self, params, notifications):
        position = self._position(params)
        del self.sessions[params["session"]]
        return position

    def on_commit(self, params, notifications):
        self._commit(params)
        return self._position(params)

    def on_draft(self, params, notifications):
        return {"sequences": [self._draft(update) for update in params["sequences"]]}

    def on_generate(self, params, notifications):
        count, request = params.get("max_tokens", 3), params.get("request", 0)
        if params.get("prompt") == "refuse":
            raise Refusal("limit_exceeded", "too long")
        choice = {"index": 0, "finish_reason": "length", "token_count": count}
        if params.get("stream"):
            for i in range(count):
                gap = 1 if params.get("prompt") == "gap" and i == 2 else 0
                notifications.append([2, "tokens", [{"request": request, "index": 0, "offset": i + gap, "tokens": [i], "text": f"{i} "}]])
        else:
            choice.update(tokens=list(range(count)), text="".join(f"{i} " for i in range(count)))
        return {"choices": [choice], "seed": 2**64 - 1, "prompt_tokens": 1, "completion_tokens": count}

    def on_cancel(self, params, notifications):
        return {"cancelled": False}

    def on_forget(self, params, notifications):
        return {"sessions": 1, "bytes": 2**40}

    def on_stats(self, params, notifications):
        return {"uptime_s": 1.5, "values": {"sessions": float(len(self.sessions))}}

    def on_checkpoint(self, params, notifications):
        return {"path": "/tmp/7", "version": 7}

    def on_drain(self, params, notifications):
        return {"cancelled": 0}

    def on_weights_updated(self, params, notifications):
        return {"generation": 3}

    def _draft(self, update):
        session = update["session"]
        if session not in self.sessions:
            return {"session": session, "status": 3, "position": 0}
        known = len(self.sessions[session])
        if update["base"] != known:
            return {"session": session, "status": 1 if update["base"] < known else 2, "position": known}
        self._commit(update)
        tokens = self.sessions[session]
        drafted = [tokens[-1] + i for i in range(1, update.get("budget", 0) + 1)]
        draft = {"session": session, "position": len(tokens), "tokens": drafted, "speculator": "suffix", "version": 1}
        if self.tree and drafted:
            # The true chain, and before it a sibling that nobody should take.
            draft["tokens"] = [999] + drafted
            draft["parents"] = [-1, -1] + list(range(1, len(drafted)))
            draft["confidence"] = [0.1] + [0.5] * len(drafted)
        if self.packed:
            for key, form in (("tokens", "i"), ("parents", "i"), ("confidence", "f")):
                if key in draft:
                    draft[key] = struct.pack(f"<{len(draft[key])}{form}", *draft[key])
        return draft

    def _commit(self, params):
        known = self.sessions.get(params["session"])
        if known is None:
            raise Refusal("unknown_session", "not open")
        if params["base"] != len(known):
            raise Refusal("stale_position", f"base is {params['base']}", parameter="base", position=len(known))
        known.extend(self._tokens(params))

    def _position(self, params):
        if params["session"] not in self.sessions:
            raise Refusal("unknown_session", "not open")
        return {"session": params["session"], "position": len(self.sessions[params["session"]])}

    @staticmethod
    def _tokens(params):
        tokens = params.get("tokens", [])
        return list(struct.unpack(f"<{len(tokens) // 4}i", tokens)) if isinstance(tokens, bytes) else list(tokens)
