using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>
/// Drafts chains that are right as often as the request says, with a confidence that knows which places are easy but is too sure of itself, and
/// takes its time.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="index">Which acceptance of the requests is its own.</param>
/// <param name="cost">Seconds of a call and of a level.</param>
/// <param name="scenario">Where the requests are.</param>
/// <param name="clock">Advances while it drafts.</param>
internal sealed class SimulatedSpeculator(string name, int index, (double Call, double Level) cost, Scenario scenario, SimulatedClock clock) : ISpeculator
{
    private readonly Dictionary<long, int> _read = [];

    /// <summary>Seconds to read a token of text that it has not seen.</summary>
    public double PerRead { get; init; }

    /// <summary>Seconds it has spent on reading.</summary>
    public double ReadSeconds { get; private set; }

    /// <summary>Whether it drafts only in stretches that are copied from elsewhere, where it is right; elsewhere it knows that it has nothing.</summary>
    public bool Copies { get; init; }

    public string Name => name;

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        int levels = 0, sequences = 0;
        foreach (var sequence in batch)
        {
            if (sequence.Budget.Depth > 0) Read(sequence);
            Draft(sequence, scenario.Requests[(int)sequence.Id - 1]);
            // What it drafted is in its cache.
            if (sequence.Budget.Depth > 0) _read[sequence.Id] = sequence.Length + sequence.Draft.Count + 1;
            sequence.Draft.Speculator = new SpeculatorStamp(name, 0);
            levels = Math.Max(levels, sequence.Draft.Depth);
            if (sequence.Budget.Depth > 0) sequences++;
        }
        clock.Advance(cost.Call * sequences + cost.Level * levels * (1 + 0.05 * (sequences - 1)));
    }

    public void Release(DecodeSequence sequence) => _read.Remove(sequence.Id);

    private void Read(DecodeSequence sequence)
    {
        double seconds = PerRead * Math.Max(0, sequence.Length - _read.GetValueOrDefault(sequence.Id));
        ReadSeconds += seconds;
        clock.Advance(seconds);
    }

    private void Draft(DecodeSequence sequence, SimulatedRequest request)
    {
        double path = 1;
        bool right = true;
        for (int d = 0; d < Math.Min(sequence.Budget.Depth, sequence.Budget.Nodes); d++)
        {
            int position = sequence.Length + d;
            double p = request.Probability(index, position);
            if (Copies)
            {
                // Stretches of 24 tokens; Acceptance is the part of them that is copied.
                if (request.Uniform(position / 24, 5) >= request.Acceptance[index] && !scenario.Hostile) break;
                p = scenario.Hostile ? request.Acceptance[index] : 0.95;
            }
            right &= request.Uniform(position, 8 + index) < p;
            float confidence = scenario.Hostile
                ? (float)request.Uniform(position, 30 + index)
                : (float)SimulatedRequest.Sigmoid(1.6 * Math.Log(p / (1 - p)) + 0.5);
            sequence.Draft.Add(right ? request.Token(position) : 60000 + 100 * index + d, d - 1, confidence);
            path *= sequence.Budget.Gate?.Probability(confidence) ?? 1;
            if (path < (sequence.Budget.Gate?.Threshold ?? 0)) break;
        }
    }
}
