using Atlas.Compute.Cpu.Tokens;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Replay;

/// <summary>Small traces for the tests of recorded replay.</summary>
internal static class ReplayTraffic
{
    public const int Vocabulary = 200;

    /// <summary>Requests that repeat one of a few texts of their namespace, whose token ids no other namespace has.</summary>
    public static RecordedTrace Repeating(int requests, params string[] namespaces)
    {
        var all = Enumerable.Range(0, requests).Select(i =>
        {
            int space = i % namespaces.Length, text = i / namespaces.Length % 3;
            int[] output = [.. Enumerable.Range(0, 30).Select(t => 10 + space * 60 + (t * (text + 2) + t * t) % 50)];
            return Request(namespaces[space], [text + 1, 5], output);
        });
        return Trace(all);
    }

    /// <summary>Requests whose tokens are drawn at random.</summary>
    public static RecordedTrace Noise(int requests, int seed)
    {
        var random = new Random(seed);
        return Trace(Enumerable.Range(0, requests).Select(_ =>
            Request("noise", [random.Next(Vocabulary)], [.. Enumerable.Range(0, 40).Select(_ => random.Next(Vocabulary))])));
    }

    public static RecordedTrace Trace(IEnumerable<TraceRequest> requests) => RecordedTrace.Read(requests, "t.jsonl", new ByteTokens());

    public static TraceRequest Request(string space, int[] prompt, int[] output) => new()
    {
        ArrivalSeconds = 0,
        Namespace = space,
        Prompt = TraceText.Of(prompt),
        Completion = TraceText.Of(output),
    };

    public static ReplayStacks Stacks(ReplayOptions? options = null) => new(
        new CpuTokenHeads(new TokenHeadConfig { ContextLength = 64, Contexts = 1 << 10 }, Vocabulary),
        options ?? new ReplayOptions { Clock = new FrozenTime() });
}
