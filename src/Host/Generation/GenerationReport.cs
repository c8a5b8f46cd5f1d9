using System.Globalization;
using System.Text.Json;
using Atlas.Controller.Metrics;
using Atlas.Core.Decoding;

namespace Atlas.Host.Generation;

/// <summary>What <c>atlas generate</c> says at its end.</summary>
internal static class GenerationReport
{
    public static void WriteText(GenerationRun run, TextWriter output)
    {
        var counts = run.Sequence.Statistics;
        var culture = CultureInfo.InvariantCulture;
        if (run.Text is null) output.Write(string.Join(',', run.Sequence.Output.ToArray()));
        output.WriteLine();
        output.WriteLine(string.Create(culture,
            $"[{run.Sequence.Output.Length} tokens, {Reason(run.Sequence.Finish)}; {run.TokensPerSecond:F1} tokens/s; first token after {run.FirstTokenSeconds * 1000:F0} ms]"));
        if (counts.Drafted == 0) return;
        var rates = Enumerable.Range(0, counts.MaxDepth).Select(i => counts.AcceptanceRateAt(i).ToString("F2", culture));
        output.WriteLine(string.Create(culture,
            $"[acceptance length {counts.AcceptanceLength:F2}; acceptance rate {counts.AcceptanceRate:F2}, by position {string.Join(' ', rates)}; " +
            $"{counts.Forwards} target forwards, {counts.Emitted - counts.Forwards} saved]"));
    }

    public static void WriteJson(GenerationRun run, int[] prompt, TextWriter output)
    {
        var counts = run.Sequence.Statistics;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteArray(json, "prompt_tokens", prompt);
            WriteArray(json, "tokens", run.Sequence.Output);
            if (run.Text is null) json.WriteNull("text");
            else json.WriteString("text", run.Text.Text);
            json.WriteStartArray("logprobs");
            foreach (float logProb in run.Sequence.OutputLogProbs) json.WriteNumberValue(float.IsFinite(logProb) ? logProb : float.MinValue);
            json.WriteEndArray();
            json.WriteString("finish_reason", Reason(run.Sequence.Finish));
            json.WriteNumber("tokens_per_s", Math.Round(run.TokensPerSecond, 2));
            json.WriteNumber("first_token_s", Math.Round(run.FirstTokenSeconds, 4));
            json.WriteNumber("forwards", counts.Forwards);
            json.WriteNumber("forwards_saved", counts.Emitted - counts.Forwards);
            json.WriteNumber("drafted", counts.Drafted);
            json.WriteNumber("accepted", counts.Accepted);
            json.WriteNumber("acceptance_length", Math.Round(counts.AcceptanceLength, 4));
            json.WriteNumber("acceptance_rate", Math.Round(counts.AcceptanceRate, 4));
            json.WriteStartArray("acceptance_rate_by_position");
            for (int i = 0; i < counts.MaxDepth; i++) json.WriteNumberValue(Math.Round(counts.AcceptanceRateAt(i), 4));
            json.WriteEndArray();
            if (run.Controller is { } controller) WriteSpeculators(json, controller);
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void WriteSpeculators(Utf8JsonWriter json, ControllerMetrics controller)
    {
        json.WriteStartObject("speculators");
        foreach (var speculator in controller.Speculators)
        {
            json.WriteStartObject(speculator.Name);
            json.WriteNumber("invoked", speculator.Invoked);
            json.WriteNumber("drafted", speculator.Drafted);
            json.WriteNumber("accepted", speculator.Accepted);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Reason(FinishReason? reason) => reason switch
    {
        FinishReason.EndToken => "end_token",
        FinishReason.StopString => "stop_string",
        FinishReason.Length => "length",
        _ => "cancelled",
    };

    private static void WriteArray(Utf8JsonWriter json, string name, ReadOnlySpan<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
