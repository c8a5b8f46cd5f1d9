using Atlas.Core.Drafting;

namespace Atlas.Speculator.Static.Tests;

/// <summary>A gate that trusts confidences less than they say: their squares are the probabilities.</summary>
internal sealed class SquareGate(float threshold) : IDraftGate
{
    public float Threshold => threshold;

    public float Probability(float confidence) => confidence * confidence;
}
