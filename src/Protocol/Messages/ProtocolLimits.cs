namespace Atlas.Protocol.Messages;

/// <summary>Bounds of the protocol itself; a service may have lower ones, which its <c>hello</c> tells.</summary>
public static class ProtocolLimits
{
    /// <summary>Version of the protocol that these messages are.</summary>
    public const int Version = 1;

    /// <summary>Most sequences in one <c>draft</c>.</summary>
    public const int MaxBatch = 4096;

    /// <summary>Most completions of one <c>generate</c>.</summary>
    public const int MaxChoices = 1024;

    /// <summary>Most draft tokens that a sequence may ask for.</summary>
    public const int MaxBudget = 1024;
}
