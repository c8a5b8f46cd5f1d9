using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Fakes;

namespace Atlas.Engine.Tests;

public sealed class BatchDecoderTests
{
    private readonly ScriptedTarget _target = new(10, 11, 12, 13) { ContextLength = 20 };
    private readonly ScriptedSpeculator _speculator = ScriptedSpeculator.Chain();

    [Fact]
    public void Sequences_join_in_order_and_leave_when_they_end()
    {
        var batch = Batch(maxBatch: 2);
        var sequences = new[] { Sequence(1, 1), Sequence(2, 3), Sequence(3, 2), Sequence(4, 1) };
        foreach (var sequence in sequences) batch.Add(sequence);
        Assert.Equal(4, batch.Unfinished);
        batch.Run();
        Assert.Equal(["1 2", "2 3", "2 3", "4"], Batches());
        Assert.Equal(0, batch.Unfinished);
        Assert.All(sequences, s => Assert.Equal(FinishReason.Length, s.Finish));
        Assert.Equal([1, 3, 2, 1], sequences.Select(s => s.Output.Length));
        Assert.Equal([1L, 2L, 3L, 4L], _speculator.Released.Order());
        Assert.Equal(4, _target.Log.Count(l => l.StartsWith("release", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sequences_may_be_added_between_steps()
    {
        var batch = Batch(maxBatch: 4);
        batch.Add(Sequence(1, 3));
        Assert.True(batch.Step());
        batch.Add(Sequence(2, 3));
        Assert.True(batch.Step());
        Assert.True(batch.Step());
        Assert.False(batch.Step());
        Assert.Equal(["1", "1 2", "1 2", "2"], Batches());
    }

    [Fact]
    public void A_cancelled_sequence_leaves_before_the_next_step()
    {
        var batch = Batch(maxBatch: 2);
        var (running, waiting, other) = (Sequence(1, 9), Sequence(3, 9), Sequence(2, 2));
        batch.Add(running);
        batch.Add(other);
        batch.Add(waiting);
        batch.Step();
        running.Cancel();
        waiting.Cancel();
        batch.Run();
        Assert.Equal(["1 2", "2"], Batches());
        Assert.Equal(FinishReason.Cancelled, running.Finish);
        Assert.Equal(1, running.Output.Length);
        Assert.Empty(waiting.Output.ToArray());
        // The third never held anything.
        Assert.Equal([1L, 2L], _speculator.Released.Order());
    }

    [Fact]
    public void Only_cancelled_sequences_make_no_step()
    {
        var batch = Batch(maxBatch: 1);
        foreach (var id in new[] { 1L, 2L, 3L })
        {
            var sequence = Sequence(id, 5);
            sequence.Cancel();
            batch.Add(sequence);
        }
        batch.Run();
        Assert.Empty(_target.Batches);
        Assert.Equal(0, batch.Unfinished);
    }

    [Fact]
    public void A_place_that_a_cancelled_sequence_leaves_is_taken_in_the_same_step()
    {
        var batch = Batch(maxBatch: 1);
        var first = Sequence(1, 5);
        batch.Add(first);
        batch.Add(Sequence(2, 1));
        batch.Step();
        first.Cancel();
        Assert.False(batch.Step());
        Assert.Equal(["1", "2"], Batches());
    }

    [Fact]
    public void A_sequence_that_may_outgrow_the_context_is_refused_before_it_joins()
    {
        var batch = Batch(maxBatch: 1);
        batch.Add(Sequence(1, 18));
        var error = Assert.Throws<ArgumentException>(() => batch.Add(Sequence(2, 19)));
        Assert.Contains("context of 20", error.Message);
        Assert.Equal(1, batch.Unfinished);
    }

    [Fact]
    public void A_step_without_sequences_does_nothing()
    {
        Assert.False(Batch(maxBatch: 2).Step());
        Assert.Empty(_target.Batches);
    }

    private IEnumerable<string> Batches() => _target.Batches.Select(b => string.Join(' ', b));

    private BatchDecoder Batch(int maxBatch) =>
        new(new SpeculativeDecoder(_target, _speculator, new FixedPlanner(DraftBudget.None), new CoupledVerifier()), maxBatch);

    private static DecodeSequence Sequence(long id, int maxTokens) =>
        new(id, [1, 2], SamplingOptions.Greedy, new StopRules(maxTokens, []), 4);
}
