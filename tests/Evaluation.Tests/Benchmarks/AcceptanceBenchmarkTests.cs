using Atlas.Compute.Cpu;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Benchmarks;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class AcceptanceBenchmarkTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void All_three_ways_are_measured_and_int8_is_identical_to_itself(double acceptance)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var shape = new BenchmarkShape { Layers = 1, Width = 64, Heads = 4, KvHeads = 2, FeedForward = 96, Vocabulary = 128, Context = 16 };
        int done = 0;
        var result = new AcceptanceBenchmark(engine, shape, acceptance).Run(2, 40, requests => done = requests);
        Assert.Equal(2, done);
        Assert.True(result.Identical);
        foreach (double goodput in new[] { result.BF16Plain, result.Int8Plain, result.Int8Speculative }) Assert.True(goodput > 0);
        Assert.True(result.AcceptanceLength >= 1);
        Assert.True(acceptance == 1 || result.AcceptanceRate == 0);
    }

    [Fact]
    public void The_oracle_is_right_as_often_as_it_is_told()
    {
        var oracle = new OracleSpeculator(0.7, 1000) { Truth = [.. Enumerable.Range(0, 400)] };
        int right = 0, all = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            var sequence = new DecodeSequence((long)seed, [1], new SamplingOptions { Temperature = 1, Seed = seed }, new StopRules(400, []), 300);
            sequence.Budget = DraftBudget.Chain(300);
            oracle.Propose([sequence]);
            Assert.True(sequence.Draft.IsChain);
            for (int i = 0; i < sequence.Draft.Count; i++, all++)
                if (sequence.Draft.Tokens[i] == i)
                    right++;
        }
        Assert.Equal(6000, all);
        Assert.Equal(0.7, (double)right / all, 0.02);
    }

    [Fact]
    public void It_never_drafts_past_the_end()
    {
        var oracle = new OracleSpeculator(1, 10) { Truth = [1, 2, 3] };
        var sequence = new DecodeSequence(0, [1], SamplingOptions.Greedy, new StopRules(5, []), 8) { Budget = DraftBudget.Chain(8) };
        oracle.Propose([sequence]);
        Assert.Equal([1, 2, 3], sequence.Draft.Tokens.ToArray());
    }
}
