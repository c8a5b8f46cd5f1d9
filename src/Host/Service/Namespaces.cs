using Atlas.Core.Decoding;

namespace Atlas.Host.Service;

/// <summary>How names of the protocol become those of the engine.</summary>
internal static class Namespaces
{
    /// <summary>The namespace of a call; the empty one is called <c>default</c>.</summary>
    public static string Of(string name) => name.Length == 0 ? DecodeSequence.DefaultNamespace : name;

    /// <summary>A request class, which the protocol has checked.</summary>
    public static RequestClass ClassOf(string name) => name switch
    {
        "latency" => RequestClass.Latency,
        "throughput" => RequestClass.Throughput,
        _ => RequestClass.Interactive,
    };
}
