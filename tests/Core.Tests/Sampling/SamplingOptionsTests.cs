using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Sampling;

public sealed class SamplingOptionsTests
{
    public static TheoryData<SamplingOptions, string> Faulty => new()
    {
        { new() { Temperature = -1f }, "temperature" },
        { new() { Temperature = float.NaN }, "temperature" },
        { new() { Temperature = float.PositiveInfinity }, "temperature" },
        { new() { Temperature = 1e-7f }, "temperature" },
        { new() { TopK = -1 }, "top-k" },
        { new() { TopP = 0f }, "top-p" },
        { new() { TopP = 1.1f }, "top-p" },
        { new() { TopP = float.NaN }, "top-p" },
        { new() { MinP = -0.1f }, "min-p" },
        { new() { MinP = 1.1f }, "min-p" },
        { new() { RepetitionPenalty = 0f }, "repetition penalty" },
        { new() { RepetitionPenalty = float.PositiveInfinity }, "repetition penalty" },
        { new() { PresencePenalty = float.NaN }, "presence penalty" },
        { new() { FrequencyPenalty = float.NegativeInfinity }, "frequency penalty" },
        { new() { AllowedTokens = new TokenMask(10) }, "mask" },
        { new() { LogitBias = new Dictionary<int, float> { [10] = 1f } }, "token 10" },
        { new() { LogitBias = new Dictionary<int, float> { [-1] = 1f } }, "token -1" },
        { new() { LogitBias = new Dictionary<int, float> { [3] = float.NaN } }, "token 3" },
        { new() { LogitBias = new Dictionary<int, float> { [3] = float.PositiveInfinity } }, "token 3" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_is_one_line_that_names_the_option(SamplingOptions options, string name)
    {
        string fault = Assert.IsType<string>(options.Fault(10));
        Assert.Contains(name, fault);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Options_at_the_edge_of_their_ranges_are_accepted()
    {
        Assert.Null(SamplingOptions.Greedy.Fault(10));
        var edge = new SamplingOptions
        {
            Temperature = SamplingOptions.LowestTemperature,
            TopP = float.Epsilon,
            MinP = 1f,
            LogitBias = new Dictionary<int, float> { [0] = float.NegativeInfinity, [9] = 100f },
        };
        Assert.Null(edge.Fault(10));
    }

    [Fact]
    public void The_lowest_temperature_still_draws_the_best_token()
    {
        var c = new SampleCase(new SamplingOptions { Temperature = SamplingOptions.LowestTemperature, TopP = 0.9f, MinP = 0.1f });
        var sampler = new CoupledSampler(4);
        for (int position = 0; position < 50; position++)
            Assert.Equal(2, (c with { Position = position }).Draw(sampler, [0f, -300f, 80f, 79f])[0].Token);
    }
}
