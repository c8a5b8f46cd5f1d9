using System.Diagnostics;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times phases that are compared with each other: they alternate, each is run some times in a round, and a round's figure is the median of
/// its runs.
/// </summary>
/// <param name="phases">Phases in the order in which they take turns, at least one.</param>
/// <param name="repetitions">Runs of each in a round, 1 or more.</param>
/// <param name="warmsUp">
/// Whether a round begins with a run of the first phase that is not timed: what ran before has filled the caches with other data.
/// </param>
internal sealed class PhaseTimer(IReadOnlyList<BenchmarkPhase> phases, int repetitions, bool warmsUp)
{
    private readonly List<double>[] _rounds = [.. phases.Select(_ => new List<double>())];

    /// <summary>Runs a round.</summary>
    /// <param name="keep">Whether it counts.</param>
    public void RunRound(bool keep)
    {
        var seconds = new double[phases.Count, repetitions];
        if (warmsUp) phases[0].Run();
        for (int repetition = 0; repetition < repetitions; repetition++)
            for (int phase = 0; phase < phases.Count; phase++)
            {
                long start = Stopwatch.GetTimestamp();
                phases[phase].Run();
                seconds[phase, repetition] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        if (!keep) return;
        for (int phase = 0; phase < phases.Count; phase++)
            _rounds[phase].Add(new RoundSeries(Enumerable.Range(0, repetitions).Select(i => seconds[phase, i])).Median);
    }

    /// <summary>The kept rounds of each phase.</summary>
    public IReadOnlyList<PhaseResult> Results() =>
        [.. phases.Select((phase, i) => new PhaseResult(phase.Rows, phase.Work, new RoundSeries(_rounds[i])))];
}
