using Atlas.Evaluation.Traces;

namespace Atlas.Host.Replay;

/// <summary>Where the requests of a replay come from.</summary>
/// <param name="Name">What errors and reports call it.</param>
/// <param name="Requests">The requests, read as they are asked for.</param>
/// <param name="Seed">The seed that they are generated with; null where they are read.</param>
/// <param name="IsRepeatable">Whether they can be read more than once; those that come through a pipe cannot.</param>
internal sealed record ReplaySource(string Name, IEnumerable<TraceRequest> Requests, ulong? Seed = null, bool IsRepeatable = true);
