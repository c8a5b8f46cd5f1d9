namespace Atlas.Host.Bench.Serving;

/// <summary>What serving adds to decoding, and what batching and speculation give through it.</summary>
/// <param name="OverheadMicroseconds">Time that a streamed token takes longer than in process.</param>
/// <param name="Batch8PlainOver1">Plain goodput of 8 requests at once over that of one at a time.</param>
/// <param name="AtlasOverPlain">Goodput of all speculators under the controller over plain decoding, by number of requests at once.</param>
internal sealed record GenerationFigures(double OverheadMicroseconds, double Batch8PlainOver1, IReadOnlyDictionary<int, double> AtlasOverPlain);
