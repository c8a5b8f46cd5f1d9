using System.Collections.Immutable;

namespace Atlas.Core.Decoding;

/// <summary>Names of the request classes, as traces, scenarios and the wire have them.</summary>
public static class RequestClassNames
{
    /// <summary>By value of <see cref="RequestClass"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["interactive", "latency", "throughput"];

    /// <summary>The name of a class.</summary>
    public static string Of(RequestClass value) => All[(int)value];
}
