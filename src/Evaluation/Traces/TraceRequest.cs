using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Traces;

/// <summary>One request of a trace: when it arrives, whose it is, what it asks, and optionally what was once answered.</summary>
public sealed record TraceRequest
{
    /// <summary>The namespace of requests that name none.</summary>
    public const string DefaultNamespace = DecodeSequence.DefaultNamespace;

    /// <summary>
    /// Seconds after the trace's start, zero or more (<c>arrival_s</c>). Traces are meant to be in the order of arrival; readers do not
    /// check that.
    /// </summary>
    public required double ArrivalSeconds { get; init; }

    /// <summary>The tenant or domain whose speculators and stores serve the request (<c>namespace</c>); not empty.</summary>
    public string Namespace { get; init; } = DefaultNamespace;

    /// <summary>
    /// What kind of work it is (<c>domain</c>), for reports that follow how traffic shifts; not empty. Null where the trace does not say: then
    /// its namespace is taken for it.
    /// </summary>
    public string? Domain { get; init; }

    /// <summary>The request's class (<c>class</c>).</summary>
    public RequestClass Class { get; init; }

    /// <summary>What the model is given (<c>prompt</c> or <c>prompt_tokens</c>); not empty.</summary>
    public required TraceText Prompt { get; init; }

    /// <summary>
    /// What the target once answered (<c>completion</c> or <c>completion_tokens</c>), which recorded replay takes for the truth; null
    /// where the trace has none. It may be empty.
    /// </summary>
    public TraceText? Completion { get; init; }

    /// <summary>How the target samples (<c>sampling</c>), or null to leave it to whoever replays.</summary>
    public TraceSampling? Sampling { get; init; }
}
