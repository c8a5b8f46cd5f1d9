using System.Diagnostics;
using Atlas.Controller.Metrics;
using Atlas.Core.Decoding;
using Atlas.Host.Speculation;
using Atlas.Modeling.Tokenization;

namespace Atlas.Host.Generation;

/// <summary>Decodes one sequence to its end, streaming its text.</summary>
internal sealed class GenerationRun(DecodingStack stack, DecodeSequence sequence, TextStream? text)
{
    public DecodeSequence Sequence { get; } = sequence;

    /// <summary>Counts of the controller; null where there is none.</summary>
    public ControllerMetrics? Controller => stack.Planner?.Metrics;

    /// <summary>The text; null where there is no tokenizer.</summary>
    public TextStream? Text { get; } = text;

    /// <summary>Seconds until the first token was there.</summary>
    public double FirstTokenSeconds { get; private set; }

    /// <summary>Emitted tokens per second after the step that emitted the first; 0 when that step was the last.</summary>
    public double TokensPerSecond { get; private set; }

    public void Decode(TextWriter? output)
    {
        stack.Begin();
        var clock = Stopwatch.StartNew();
        int firstTokens = 0;
        while (Sequence.Finish is null)
        {
            stack.Decoder.Step([Sequence]);
            stack.AfterStep();
            if (firstTokens == 0 && (firstTokens = Sequence.Output.Length) > 0) FirstTokenSeconds = clock.Elapsed.TotalSeconds;
            Show(output);
        }
        double seconds = clock.Elapsed.TotalSeconds - FirstTokenSeconds;
        TokensPerSecond = Sequence.Output.Length > firstTokens ? (Sequence.Output.Length - firstTokens) / seconds : 0;
        stack.End();
        Text?.Finish();
        Show(output);
        stack.Decoder.Release(Sequence);
    }

    private void Show(TextWriter? output)
    {
        if (output is null || Text is null) return;
        output.Write(Text.TakeReady());
        output.Flush();
    }
}
