using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Traces;

public sealed class TraceDigestTests
{
    private static readonly TraceRequest Some = new()
    {
        ArrivalSeconds = 1,
        Namespace = "a",
        Domain = "sql",
        Prompt = TraceText.Of("ask"),
        Completion = TraceText.Of("say"),
        Sampling = new TraceSampling(new SamplingOptions { Temperature = 0.5f, Seed = 3 }),
    };

    [Fact]
    public void The_same_requests_have_the_same_digest() => Assert.Equal(TraceDigest.Of([Some, Some]), TraceDigest.Of([Some with { }, Some with { }]));

    [Fact]
    public void Whatever_differs_gives_another()
    {
        TraceRequest[][] all =
        [
            [], [Some], [Some, Some], [Some with { ArrivalSeconds = 1.5 }], [Some with { Namespace = "b" }], [Some with { Domain = null }],
            [Some with { Class = RequestClass.Throughput }], [Some with { Prompt = TraceText.Of([1, 2]) }], [Some with { Completion = null }], [Some with { Sampling = null }],
            [Some with { Sampling = new TraceSampling(new SamplingOptions { Temperature = 0.5f, Seed = 4 }) }],
        ];
        Assert.Equal(all.Length, all.Select(TraceDigest.Of).Distinct().Count());
    }
}
