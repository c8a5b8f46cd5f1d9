namespace Atlas.Evaluation.Workloads;

/// <summary>Names for code: two common words joined by an underscore.</summary>
internal static class Identifiers
{
    private static readonly string[] Heads =
    [
        "active", "base", "block", "cache", "child", "color", "count", "current", "daily", "delta", "depth", "edge", "entry", "error",
        "event", "field", "file", "first", "frame", "graph", "group", "head", "height", "image", "index", "input", "inner", "item", "key",
        "last", "left", "level", "line", "local", "main", "max", "mean", "min", "name", "next", "node", "open", "outer", "output",
        "packet", "page", "parent", "pixel", "point", "price", "query", "rate", "retry", "right", "root", "row", "sample", "score",
        "shape", "source", "start", "state", "step", "stock", "target", "task", "text", "thread", "time", "token", "total", "user",
        "value", "vector", "width", "word", "alpha", "batch", "bucket", "chunk", "client", "cluster", "column", "cursor", "digit",
        "filter", "grid", "handle", "hash", "job", "layer", "link", "lock", "mode", "order", "panel", "phase", "pivot", "queue", "record",
        "region", "scene", "signal", "stream", "symbol", "timer", "track", "window",
    ];

    private static readonly string[] Tails =
    [
        "area", "bound", "buffer", "cell", "code", "cost", "counter", "data", "factor", "flag", "gap", "id", "label", "length", "limit",
        "list", "map", "mark", "mask", "number", "offset", "order", "part", "path", "pool", "position", "queue", "range", "rank", "ratio",
        "scale", "set", "size", "slot", "span", "stack", "sum", "table", "tag", "type", "unit", "weight", "angle", "bias", "budget",
        "chain", "delay", "epoch", "format", "guard", "hint", "latency", "margin", "money", "origin", "period", "quota", "shift",
        "spread", "status", "stride", "total", "trace", "version", "volume", "width",
    ];

    private static readonly string[] Verbs =
    [
        "apply", "build", "check", "clear", "compare", "compute", "count", "draw", "fill", "find", "format", "get", "load", "make",
        "merge", "move", "parse", "print", "read", "reduce", "render", "reset", "resize", "scan", "send", "set", "shift", "sort", "split",
        "store", "trim", "update", "write", "bind", "cast", "drop", "emit", "flush", "group", "hide", "init", "join", "lock", "map",
        "notify", "open", "pack", "query", "run", "save", "test", "wrap", "yield",
    ];

    /// <summary>A variable, such as <c>retry_count</c>.</summary>
    public static string Variable(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Heads)}_{d.Pick<string>(Tails)}");

    /// <summary>A function, such as <c>merge_buffer</c>.</summary>
    public static string Function(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Verbs)}_{d.Pick<string>(Tails)}");
}
