using System.Globalization;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Spectre.Console;

namespace Atlas.Host.Bench;

/// <summary>What <c>atlas bench</c> prints for people: for each phase what it cannot avoid, how long it took, and how near that is to the limit.</summary>
internal sealed class BenchTable(BenchmarkResult result, SpeculationCosts costs)
{
    public void Write()
    {
        var shape = result.Options.Shape;
        var limits = result.Limits;
        Line($"{result.Engine.Device}, {result.Engine.Threads} threads");
        if (result.FreeMemory is { } free) Line($"{free / 1e9:F2} GB free with all decoders loaded");
        Line($"{result.Parameters / 1e6:F1} M parameters, random weights: {shape.Layers} layers, width {shape.Width}, {shape.Heads} heads, {shape.KvHeads} key/value heads, ffn {shape.FeedForward}, vocabulary {shape.Vocabulary}; context {shape.Context}");
        Line($"medians of {result.Options.Rounds} rounds, in each of which everything takes its turn; ratios are taken within rounds");
        Line($"read bandwidth       {limits.ReadGigabytesPerSecond.Median:F1} GB/s +-{limits.ReadGigabytesPerSecond.Spread:P0} (a round's best of all probe passes)");
        Line($"multiply-add peak    {limits.MultiplyAddGigaflops.Median:F0} GFLOP/s +-{limits.MultiplyAddGigaflops.Spread:P0} in f32 (a round's best of all probe passes)");
        WriteForwards();
        WriteProducts();
        WriteSummary();
    }

    private void WriteForwards()
    {
        var table = Columns("phase", "dtype", "MB", "GFLOP", "ms", "over\nplain", "of band-\nwidth", "of fma\npeak");
        for (int i = 0; i < BenchmarkOptions.StepRows.Count; i++)
        {
            int rows = BenchmarkOptions.StepRows[i];
            foreach (var decoder in result.Decoders)
                AddForward(table, rows == 1 ? "plain decode" : Text(rows, "verify 0"), decoder, decoder.Steps[i]);
        }
        foreach (var decoder in result.Decoders) AddForward(table, Text(BenchmarkOptions.PromptRows, "prefill 0"), decoder, decoder.Prompt);
        AnsiConsole.Write(table);
        Line($"* the limit that binds. int8 may multiply integers, which the peak of f32 does not bind.");
    }

    private void AddForward(Table table, string name, DecoderResult decoder, PhaseResult phase) => table.AddRow(
        decoder == result.Asked ? name : "",
        BenchJson.Name(decoder.Format),
        Text(phase.Work.Bytes / 1e6, "F1"),
        Text(phase.Work.Operations / 1e9, "F2"),
        Text(phase.Seconds.Median * 1e3, "F2"),
        Text(decoder.CostOf(phase).Median, "F2"),
        Text(phase.FractionOfBandwidth(result.Limits).Median, "P0") + (Reads(phase) ? "*" : " "),
        Text(phase.FractionOfPeak(result.Limits).Median, "P0") + (Reads(phase) || decoder.Format == WeightFormat.Int8 ? " " : "*"));

    private bool Reads(PhaseResult phase) => phase.Work.IsBoundByReading(result.Limits.Median);

    private void WriteProducts()
    {
        var (rows, inputs, outputs) = BenchmarkOptions.Product;
        var table = Columns(Text(rows, "0") + " x " + Text(inputs, "0") + " x " + Text(outputs, "0"), "dtype", "MB", "GFLOP", "ms", "GFLOP/s", "of\npeak");
        foreach (var product in result.Products)
            table.AddRow(
                product.Name,
                "f32",
                Text(product.Work.Bytes / 1e6, "F1"),
                Text(product.Work.Operations / 1e9, "F2"),
                Text(product.Work.Operations / product.Gigaflops.Median / 1e6, "F2"),
                Text(product.Gigaflops.Median, "F0"),
                Text(product.FractionOfPeak(result.Limits).Median, "P0"));
        AnsiConsole.Write(table);
    }

    private void WriteSummary()
    {
        var asked = result.Asked;
        string name = BenchJson.Name(asked.Format);
        Line($"plain decode         {asked.Plain.RowsPerSecond:F1} tokens/s in {name}, reading at {asked.Plain.FractionOfBandwidth(result.Limits).Median:P0} of the bandwidth");
        Line($"prefill              {asked.Prompt.RowsPerSecond:F0} tokens/s in {name}");
        if (BenchJson.Int8OverBf16(result) is { } ratio) Line($"int8 over bf16       {ratio:F2} x in plain decode");
        Line($"latency table        {BenchJson.Latency(asked)} (rows:ms in {name}, for replay --latency)");
        Line($"managed allocation   {result.AllocatedBytesPerStep:F1} bytes per step of {BenchmarkDecoder.BatchSequences} sequences, all threads");
        Line($"controller           {costs.Controller.MicrosecondsPerDecision:F2} us per decision, {costs.Controller.AllocatedBytesPerDecision:F1} bytes allocated");
        if (costs.Suffix is { } suffix)
            Line($"suffix speculator    {suffix.MicrosecondsPerCall:F2} us per call (p99 {suffix.MicrosecondsP99:F1}), {suffix.MicrosecondsPerToken:F2} per drafted and {suffix.MicrosecondsPerAppend:F2} per appended token, {suffix.BytesPerToken:F0} bytes per token, over {suffix.StoredTokens} tokens");
        if (costs.Learned is { } learned)
            Line($"learned speculator   {learned.MicrosecondsPerToken:F1} us per drafted token, {learned.StepFraction:P1} of a step of the reference target, {learned.WeightBytesPerToken / 1e6:F2} MB of weights read");
        if (asked.Plain.FractionOfBandwidth(result.Limits).Median > 1)
            Line($"a step's bytes came faster than the memory gives them: a cache holds part of the weights, so take a larger shape to judge by");
    }

    private static Table Columns(params string[] names)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string name in names)
            table.AddColumn(name, column => column.Alignment(name == names[0] || name is "dtype" ? Justify.Left : Justify.Right).NoWrap());
        return table;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
