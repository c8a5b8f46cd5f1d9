using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Replay;

/// <summary>A request of a trace in token ids.</summary>
/// <param name="Namespace">Whose traffic it is.</param>
/// <param name="Class">What its sender asked of the service.</param>
/// <param name="ArrivalSeconds">When it came, after the trace's start.</param>
/// <param name="Prompt">At least one token.</param>
/// <param name="Output">What the target said; at least one token.</param>
public sealed record ReplayRequest(string Namespace, RequestClass Class, double ArrivalSeconds, int[] Prompt, int[] Output)
{
    /// <summary>What kind of work it is; null where the trace does not say.</summary>
    public string? Domain { get; init; }
}
