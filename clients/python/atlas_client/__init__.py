"""Client of Atlas, a speculation layer for LLM servers. The protocol is described in docs/protocol.md of the Atlas repository."""

from .client import AtlasClient
from .connection import AtlasError, ConnectionLost
from .messages import Choice, Draft, DraftStatus, Generation, Piece, SequenceUpdate, pack_states

__all__ = ["AtlasClient", "AtlasError", "Choice", "ConnectionLost", "Draft", "DraftStatus", "Generation", "Piece", "SequenceUpdate", "pack_states"]
