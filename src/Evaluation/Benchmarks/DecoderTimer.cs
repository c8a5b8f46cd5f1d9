namespace Atlas.Evaluation.Benchmarks;

/// <summary>Times one decoder: steps of all row counts in turn, and the prompt. Owns the decoder.</summary>
internal sealed class DecoderTimer : IDisposable
{
    private const int StepRepetitions = 4;

    private readonly PhaseTimer _steps;
    private readonly PhaseTimer _prompt;

    /// <summary>Nothing is timed yet.</summary>
    public DecoderTimer(BenchmarkDecoder decoder)
    {
        Decoder = decoder;
        _steps = new PhaseTimer([.. BenchmarkOptions.StepRows.Select(decoder.Step)], StepRepetitions, warmsUp: true);
        _prompt = new PhaseTimer([decoder.Prompt()], 1, warmsUp: false);
    }

    /// <summary>What is timed.</summary>
    public BenchmarkDecoder Decoder { get; }

    /// <summary>One round of everything.</summary>
    public void RunRound(bool keep)
    {
        _steps.RunRound(keep);
        _prompt.RunRound(keep);
    }

    /// <summary>The kept rounds.</summary>
    public DecoderResult Result() => new(Decoder.Format, _steps.Results(), _prompt.Results()[0]);

    /// <inheritdoc/>
    public void Dispose() => Decoder.Dispose();
}
