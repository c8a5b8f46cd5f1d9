"""Adapters to inference servers. Each needs what it adapts to, and nothing else beside msgpack."""
