using Atlas.Engine;

namespace Atlas.Evaluation.Comparison;

/// <summary>A way to decode. Strategies that are compared share the target's weights and nothing else.</summary>
/// <param name="Name">As reported: <c>plain</c>, <c>static</c>, and so on.</param>
/// <param name="Decoder">Decodes with it.</param>
/// <param name="DraftCapacity">Most draft nodes of its sequences.</param>
/// <param name="Work">What it does beside decoding; null for nothing.</param>
public sealed record Strategy(string Name, SpeculativeDecoder Decoder, int DraftCapacity, ITurnWork? Work = null);
