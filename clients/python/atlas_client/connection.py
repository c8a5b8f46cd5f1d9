"""MessagePack-RPC over a Unix domain socket or TCP: one connection, one thread."""

import socket

import msgpack


class AtlasError(Exception):
    """The service answered with an error. ``code`` is one of docs/protocol.md."""

    def __init__(self, code, message, parameter="", position=None):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.parameter = parameter
        self.position = position


class ConnectionLost(ConnectionError):
    """The connection ended, or a response did not come in time; whether the service did what was asked is not known."""


class Connection:
    """Sends requests and takes responses, which may come in any order, and notifications. Not thread-safe."""

    def __init__(self, endpoint, timeout=30.0):
        """``endpoint`` is ``unix:PATH``, ``tcp:HOST:PORT`` or a path. ``timeout`` in seconds holds for connecting and for each wait."""
        self._socket = _connect(endpoint, timeout)
        self._unpacker = msgpack.Unpacker(raw=False, strict_map_key=False, max_buffer_size=1 << 30)
        self._packer = msgpack.Packer(use_bin_type=True)
        self._last_id = 0
        self._responses = {}
        self._waiting = set()
        self._notifications = []

    def close(self):
        """Ends the connection. Sessions opened over it end too."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, method, params):
        """Sends a request and returns its number for ``receive``. Any number may be under way."""
        self._last_id = (self._last_id + 1) & 0xFFFFFFFF
        self._waiting.add(self._last_id)
        self._write([0, self._last_id, method, [params]])
        return self._last_id

    def notify(self, method, params):
        """Sends a notification, which is not answered."""
        self._write([2, method, [params]])

    def receive(self, msgid):
        """Waits for a response and returns its result. Raises ``AtlasError`` where it is an error."""
        while msgid not in self._responses:
            self._read()
        self._waiting.discard(msgid)
        error, result = self._responses.pop(msgid)
        if error is None:
            return result
        if isinstance(error, dict):
            raise AtlasError(error.get("code", "internal"), error.get("message", ""), error.get("parameter", ""), error.get("position"))
        raise AtlasError("internal", str(error))

    def call(self, method, params):
        """Sends a request and waits for its result."""
        return self.receive(self.send(method, params))

    def notifications(self):
        """Takes the notifications that have come since the last time, as pairs of method and parameters."""
        taken, self._notifications = self._notifications, []
        return taken

    def is_answered(self, msgid):
        """Whether a response has come already; does not wait."""
        return msgid in self._responses

    def wait(self):
        """Waits for at least one more message."""
        self._read()

    def forget(self, msgid):
        """Drops the response to a request, now or when it comes."""
        self._waiting.discard(msgid)
        self._responses.pop(msgid, None)

    def _write(self, message):
        if self._socket is None:
            raise ConnectionLost("the connection is closed")
        try:
            self._socket.sendall(self._packer.pack(message))
        except OSError as error:
            self._lose(error)

    def _read(self):
        """Takes every message that one read from the socket completes; reads again until there is one."""
        while True:
            if self._socket is None:
                raise ConnectionLost("the connection is closed")
            try:
                data = self._socket.recv(1 << 16)
            except OSError as error:
                self._lose(error)
            if not data:
                self._lose("the service closed it")
            self._unpacker.feed(data)
            taken = 0
            for message in self._unpacker:
                taken += 1
                self._take(message)
            if taken:
                return

    def _take(self, message):
        if isinstance(message, list) and len(message) == 4 and message[0] == 1:
            _, msgid, error, result = message
            if msgid in self._waiting:
                self._responses[msgid] = (error, result)
        elif isinstance(message, list) and len(message) == 3 and message[0] == 2:
            params = message[2]
            self._notifications.append((message[1], params[0] if params else {}))
        else:
            self._lose(f"a message is neither response nor notification: {str(message)[:80]}")

    def _lose(self, reason):
        self.close()
        if isinstance(reason, Exception):
            raise ConnectionLost(f"the connection is lost: {reason}") from reason
        raise ConnectionLost(f"the connection is lost: {reason}")


def _connect(endpoint, timeout):
    if endpoint.startswith("tcp:"):
        host, _, port = endpoint[4:].rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"endpoint '{endpoint}'; expected unix:PATH, tcp:HOST:PORT or a path")
        connected = socket.create_connection((host.strip("[]"), int(port)), timeout)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected
    path = endpoint[5:] if endpoint.startswith("unix:") else endpoint
    if "/" not in endpoint and not endpoint.startswith("unix:"):
        raise ValueError(f"endpoint '{endpoint}'; expected unix:PATH, tcp:HOST:PORT or a path")
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connected.settimeout(timeout)
        connected.connect(path)
    except OSError:
        connected.close()
        raise
    return connected
