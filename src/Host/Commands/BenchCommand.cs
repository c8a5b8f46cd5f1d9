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
        var layers = Size("--layers", "Transformer blocks.", defaults.Layers);
        var width = Size("--width", "Width of the residual stream.", defaults.Width);
        var heads = Size("--heads", "Query heads.", defaults.Heads);
        var kvHeads = Size("--kv-heads", "Key/value heads.", defaults.KvHeads);
        var feedForward = Size("--ffn", "Width of the feed-forward layer.", defaults.FeedForward);
        var vocabulary = Size("--vocabulary", "Token ids.", defaults.Vocabulary);
        var context = Size("--context", "Tokens in the cache while decoding is measured.", defaults.Context);
        var format = new Option<string>("--dtype") { Description = "How matrices are kept: f32, bf16 or int8.", DefaultValueFactory = _ => "bf16" };
        format.AcceptOnlyFromAmong("f32", "bf16", "int8");
        var rounds = Size("--rounds", "Repetitions that medians are taken over.", 41);
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

    private static Option<int> Size(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.MustBe(n => n >= 1, "1 or more");
        return option;
    }
}
