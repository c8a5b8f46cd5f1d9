using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Core.Tests.Decoding;

public sealed class DecodeSequenceTests
{
    [Fact]
    public void Emitted_tokens_follow_the_prompt()
    {
        var sequence = Sequence(maxTokens: 5);
        Assert.Equal([1, 2, 3], sequence.Tokens.ToArray());
        Assert.Empty(sequence.Output.ToArray());
        Assert.Equal(5, sequence.Remaining);
        Assert.False(sequence.Emit(new SampledToken(4, -0.5f, 9f)));
        Assert.False(sequence.Emit(new SampledToken(5, -0.25f, 9f)));
        Assert.Equal([1, 2, 3, 4, 5], sequence.Tokens.ToArray());
        Assert.Equal([4, 5], sequence.Output.ToArray());
        Assert.Equal([-0.5f, -0.25f], sequence.OutputLogProbs.ToArray());
        Assert.Equal((5, 3, 3), (sequence.Length, sequence.PromptLength, sequence.Remaining));
        Assert.Null(sequence.Finish);
    }

    [Fact]
    public void The_token_that_reaches_the_limit_is_emitted_and_none_after_it()
    {
        var sequence = Sequence(maxTokens: 2);
        Assert.False(sequence.Emit(new SampledToken(4, 0f, 0f)));
        Assert.True(sequence.Emit(new SampledToken(5, 0f, 0f)));
        Assert.Equal(FinishReason.Length, sequence.Finish);
        Assert.Equal([4, 5], sequence.Output.ToArray());
        Assert.Throws<InvalidOperationException>(() => sequence.Emit(new SampledToken(6, 0f, 0f)));
    }

    [Fact]
    public void An_end_token_is_emitted_and_ends_the_sequence()
    {
        var sequence = Sequence(maxTokens: 9, end: 6);
        Assert.True(sequence.Emit(new SampledToken(6, 0f, 0f)));
        Assert.Equal(FinishReason.EndToken, sequence.Finish);
        Assert.Equal([6], sequence.Output.ToArray());
    }

    [Fact]
    public void Cancelling_ends_a_running_sequence_and_leaves_an_ended_one_as_it_is()
    {
        var sequence = Sequence(maxTokens: 9, end: 6);
        sequence.Cancel();
        Assert.Equal(FinishReason.Cancelled, sequence.Finish);
        var ended = Sequence(maxTokens: 9, end: 6);
        ended.Emit(new SampledToken(6, 0f, 0f));
        ended.Cancel();
        Assert.Equal(FinishReason.EndToken, ended.Finish);
    }

    [Fact]
    public void Penalties_see_prompt_and_output()
    {
        var options = new SamplingOptions { FrequencyPenalty = 1f };
        var sequence = new DecodeSequence(1, [1, 2, 1], options, new StopRules(9, []), 0);
        sequence.Emit(new SampledToken(2, 0f, 0f));
        sequence.Emit(new SampledToken(2, 0f, 0f));
        var counts = sequence.Sampling.Counts;
        var seen = new Dictionary<int, int>();
        for (int slot = 0; slot < counts.Slots; slot++)
            if (counts.TryGet(slot, out int token, out int outputs))
                seen[token] = outputs;
        Assert.Equal(new Dictionary<int, int> { [1] = 0, [2] = 2 }, seen);
    }

    [Fact]
    public void Faults_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DecodeSequence(1, [], SamplingOptions.Greedy, new StopRules(1, []), 0));
        Assert.Throws<ArgumentException>(() => Sequence(maxTokens: 0));
    }

    [Fact]
    public void Distributions_have_one_row_per_draft_node_and_one_more_for_the_target()
    {
        var sequence = new DecodeSequence(1, [1], SamplingOptions.Greedy, new StopRules(1, []), 3);
        Assert.Null(sequence.DraftProbabilities);
        sequence.KeepDistributions(10);
        sequence.DraftProbabilities!.Row(2)[9] = 1f;
        sequence.TargetProbabilities!.Row(3)[9] = 1f;
        Assert.Equal(10, sequence.TargetProbabilities.Row(0).Length);
        Assert.Equal(0f, sequence.DraftProbabilities.Row(1)[9]);
    }

    private static DecodeSequence Sequence(int maxTokens, int end = 99) =>
        new(1, [1, 2, 3], SamplingOptions.Greedy, new StopRules(maxTokens, [end]), 4);
}
