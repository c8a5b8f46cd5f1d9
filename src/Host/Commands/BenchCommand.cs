using System.CommandLine;
using Atlas.Evaluation.Benchmarks;
using Atlas.Host.Bench;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Commands;

/// <summary><c>atlas bench</c>: what the machine can do, and how near the engine's phases come to it.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var engine = new EngineOptions();
        var defaults = new BenchmarkShape();
        var layers = WholeNumber.Option("--layers", defaults.Layers, 1, "Transformer blocks.");
        var width = WholeNumber.Option("--width", defaults.Width, 1, "Width of the residual stream.");
        var heads = WholeNumber.Option("--heads", defaults.Heads, 1, "Query heads.");
        var kvHeads = WholeNumber.Option("--kv-heads", defaults.KvHeads, 1, "Key/value heads.");
        var feedForward = WholeNumber.Option("--ffn", defaults.FeedForward, 1, "Width of the feed-forward layer.");
        var vocabulary = WholeNumber.Option("--vocabulary", defaults.Vocabulary, 1, "Token ids.");
        var context = WholeNumber.Option("--context", defaults.Context, 1, "Tokens in the cache while decoding is measured.");
        var format = new Option<string>("--dtype") { Description = "How matrices are kept: f32, bf16 or int8.", DefaultValueFactory = _ => "bf16" };
        format.AcceptOnlyFromAmong("f32", "bf16", "int8");
        var rounds = WholeNumber.Option("--rounds", 41, 1, "Repetitions that medians are taken over.");
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };

        var command = new Command("bench", "Measures the machine's limits and, on random weights of a given shape, decoding, verification and prompt reading.");
        engine.AddTo(command);
        foreach (Option option in (Option[])[layers, width, heads, kvHeads, feedForward, vocabulary, context, format, rounds, json])
            command.Add(option);
        command.SetAction(parsed =>
        {
            var shape = new BenchmarkShape
            {
                Layers = parsed.GetValue(layers),
                Width = parsed.GetValue(width),
                Heads = parsed.GetValue(heads),
                KvHeads = parsed.GetValue(kvHeads),
                FeedForward = parsed.GetValue(feedForward),
                Vocabulary = parsed.GetValue(vocabulary),
                Context = parsed.GetValue(context),
            };
            if (shape.Width % shape.Heads != 0 || shape.Width / shape.Heads % 2 != 0)
                throw new UsageException($"--width {shape.Width} over --heads {shape.Heads} is no even head width; expected a multiple of twice the heads");
            if (shape.Heads % shape.KvHeads != 0)
                throw new UsageException($"--heads is {shape.Heads}; expected a multiple of --kv-heads {shape.KvHeads}");
            using var compute = engine.Create(parsed);
            var measured = BenchRun.Measure(compute, shape, ModelOptions.ParseFormat(parsed.GetValue(format)!), parsed.GetValue(rounds));
            BenchReport.WriteText(measured);
            if (parsed.GetValue(json)) BenchReport.WriteJson(measured);
        });
        return command;
    }
}
