using Atlas.Compute.Cpu.Tokens;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Training;
using Xunit.Abstractions;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class TokenLearningBenchmarkTests(ITestOutputHelper output)
{
    private static readonly AdamWStep Step = new(0.5f, WeightDecay: 0, ClipNorm: 0);

    [Fact]
    public void Text_that_recurs_is_learned_and_a_second_run_gives_the_same_lengths()
    {
        var requests = Enumerable.Range(0, 60)
            .Select(i => new RecordedRequest(i < 30 ? "first" : "second", [i % 7 + 1, 9], [.. Enumerable.Range(0, 40).Select(t => (t * (i < 30 ? 3 : 5) + i % 7) % 97)]))
            .ToList();
        var heads = new CpuTokenHeads(new TokenHeadConfig { ContextLength = 64, Contexts = 1 << 10 }, 100);
        var result = new TokenLearningBenchmark(heads, Step, 4).Run(requests, 2);
        var again = new TokenLearningBenchmark(heads, Step, 4).Run(requests, 2);
        Assert.Equal(2400, result.Tokens);
        Assert.Equal(["first", "second"], result.ByDomain.Select(d => d.Domain));
        Assert.True(result.ByTenth[4] > 3.5 && result.ByTenth[4] > result.ByTenth[0], string.Join(' ', result.ByTenth));
        Assert.True(result.ByTenth[9] > 3.5, string.Join(' ', result.ByTenth));
        Assert.Equal(result.ByTenth, again.ByTenth);
        Assert.Equal(result.ColdStart, again.ColdStart);
        Assert.True(result.MicrosecondsPerDraft > 0 && result.MicrosecondsPerLearned > 0);
        Assert.Equal(result.AcceptanceLength * 1600 / (2100 + 4 * result.MicrosecondsPerDraft), result.GoodputOverPlain(4, 1600, 2100), 1e-9);
    }

    /// <summary>Prints what docs/learned.md has under "From tokens alone"; ATLAS_RECORDED_TEXT names a folder of code.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void On_a_shifting_stream_it_is_useful_within_some_hundred_tokens()
    {
        string root = Root();
        var tokenizer = Tokenizer.Load(Path.Combine(root, "models", "small", "target", "tokenizer.json"));
        string? code = Environment.GetEnvironmentVariable("ATLAS_RECORDED_TEXT");
        var files = code is null
            ? Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            : Directory.EnumerateFiles(code, "*.py");
        var streams = new[]
        {
            RecordedTraffic.Shifting(tokenizer, ["tools", "sql", "logs", "tools"], 5000, 7),
            RecordedTraffic.Files(tokenizer, files.Order(StringComparer.Ordinal).Where((_, i) => i % 3 == 0).Take(24), 300, 800),
        };
        foreach (int window in new[] { 512, 128 })
            foreach (var stream in streams)
            {
                var heads = new CpuTokenHeads(new TokenHeadConfig { ContextLength = window }, tokenizer.VocabularySize);
                var result = new TokenLearningBenchmark(heads, Step, 4).Run(stream, 2);
                output.WriteLine(
                    $"window {window}: {result.Tokens} tokens, {result.AcceptanceLength:F2} | {Join(result.ByTenth)} | cold {Join(result.ColdStart)} | "
                    + $"{string.Join(' ', result.ByDomain.Select(d => $"{d.Domain} {d.AcceptanceLength:F2}"))} | "
                    + $"{result.MicrosecondsPerDraft:F1} us a draft, {result.MicrosecondsPerLearned:F1} us a position | goodput {result.GoodputOverPlain(4, 1600, 2100):F2}");
                Assert.True(result.ColdStart[0] > 1.2, $"after 200 tokens {result.ColdStart[0]}");
                Assert.True(result.ByTenth[9] > 1.4, $"in the end {result.ByTenth[9]}");
            }
    }

    private static string Join(IEnumerable<double> values) => string.Join(' ', values.Select(v => v.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)));

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
