using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>One request of a scenario: the acceptance of each speculator's drafts in it, and the text that comes out whoever drafts.</summary>
/// <param name="Index">Its place in the scenario; keys its randomness.</param>
/// <param name="Acceptance">Mean acceptance of each speculator's draft tokens, 0 to 1.</param>
/// <param name="Tokens">Tokens it emits.</param>
/// <param name="Domain">Its namespace.</param>
/// <param name="Prompt">Tokens of its prompt.</param>
internal sealed record SimulatedRequest(int Index, double[] Acceptance, int Tokens, string Domain = "default", int Prompt = 1)
{
    private const int Capacity = 24;

    /// <summary>Which form its prompt has: half of its tokens are those of all prompts of that form.</summary>
    public int Form { get; init; }

    public DecodeSequence Open() =>
        new(Index + 1, Words(), SamplingOptions.Greedy, new StopRules(Tokens, []), Capacity) { Namespace = Domain };

    /// <summary>The target's token at a position.</summary>
    public int Token(int position) => (int)(Uniform(position, 0) * 50000);

    /// <summary>Probability that a speculator's token at a position is right: some places are easier than others, for all of them.</summary>
    public double Probability(int speculator, int position)
    {
        double mean = Math.Clamp(Acceptance[speculator], 0.001, 0.999);
        double ease = Uniform(position, 1) + Uniform(position, 2) + Uniform(position, 3) - 1.5;
        return Sigmoid(Math.Log(mean / (1 - mean)) + 3 * ease);
    }

    /// <summary>Whether it is.</summary>
    public bool IsRight(int speculator, int position) => Uniform(position, 8 + speculator) < Probability(speculator, position);

    private int[] Words() =>
        [.. Enumerable.Range(0, Prompt).Select(i => i / 4 % 2 == 0 ? 100 * Form + i : (int)(CounterRandom.Uniform((ulong)Index, i, 99) * 50000))];

    /// <summary>A number in [0, 1) that belongs to a place of this request.</summary>
    public double Uniform(int position, int stream) => CounterRandom.Uniform((ulong)Index * 7919 + 5, position, stream);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
