namespace Atlas.Core.Decoding;

/// <summary>
/// What a request asks of the service; it weighs the request's tokens where sequences of a batch compete. Written in traces as the
/// lower-case name.
/// </summary>
public enum RequestClass
{
    /// <summary>Somebody reads along; the default.</summary>
    Interactive = 0,

    /// <summary>Something waits for the whole answer; it should come as early as possible.</summary>
    Latency = 1,

    /// <summary>Nothing waits; only the total of tokens per second counts.</summary>
    Throughput = 2,
}
