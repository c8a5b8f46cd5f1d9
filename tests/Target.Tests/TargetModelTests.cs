using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Target.Tests;

public sealed class TargetModelTests : IDisposable
{
    private const int Nodes = 6;

    private static readonly SamplingOptions Sampled =
        new() { Temperature = 0.9f, FrequencyPenalty = 0.4f, RepetitionPenalty = 1.1f, Seed = 3 };

    // The second model is the same as the first: what is expected is computed there.
    private readonly TinyPair _pair = new(
        0, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 3, MaxRows = 24, MaxPending = 16 },
        new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 1, MaxRows = 64, MaxPending = 64 });

    private readonly TargetModel _target;

    public TargetModelTests() => _target = new TargetModel(_pair.Target, Nodes);

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Every_node_gets_the_token_that_plain_decoding_would_draw_after_its_path()
    {
        var sequence = Sequence(1, 5);
        AddTree(sequence);
        _target.Verify([sequence]);
        Assert.True(sequence.IsVerified);
        AssertVerified(sequence);
    }

    [Fact]
    public void After_a_commit_the_cache_is_that_of_the_accepted_path()
    {
        var sequence = Sequence(1, 5);
        AddTree(sequence);
        _target.Verify([sequence]);
        // As if nodes 1 and 3 had been accepted and a token had followed them.
        foreach (int token in new[] { sequence.Draft.Tokens[1], sequence.Draft.Tokens[3], 8 }) sequence.Emit(new SampledToken(token, 0, 0));
        _target.Commit(sequence, [1, 3]);
        for (int round = 0; round < 3; round++)
        {
            sequence.Draft.Clear();
            AddTree(sequence);
            _target.Verify([sequence]);
            AssertVerified(sequence);
            sequence.Emit(sequence.Verified[0]);
            _target.Commit(sequence, []);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void A_prompt_is_read_in_chunks_of_what_a_forward_takes(int length)
    {
        var sequence = Sequence(1, length);
        int forwards = 0;
        do
        {
            bool promised = _target.CanVerify(sequence);
            _target.Verify([sequence]);
            if (promised) Assert.True(sequence.IsVerified);
        }
        while (++forwards < 20 && !sequence.IsVerified);
        Assert.Equal((length + 15) / 16, forwards);
        AssertVerified(sequence);
    }

    [Fact]
    public void Drafting_is_not_asked_for_while_more_of_the_prompt_is_unread_than_a_forward_with_a_draft_takes()
    {
        Assert.True(_target.CanVerify(Sequence(1, 10)));
        Assert.False(_target.CanVerify(Sequence(1, 11)));
        var sequence = Sequence(1, 26);
        Assert.False(_target.CanVerify(sequence));
        _target.Verify([sequence]);
        Assert.False(sequence.IsVerified);
        Assert.True(_target.CanVerify(sequence));
    }

    [Fact]
    public void A_draft_never_takes_the_row_of_another_sequences_last_token()
    {
        using var pair = new TinyPair(0, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 8, MaxRows = 10, MaxPending = 8 });
        var target = new TargetModel(pair.Target, Nodes);
        var sequences = Enumerable.Range(1, 8).Select(i => Sequence(i, 1)).ToArray();
        foreach (var sequence in sequences)
            for (int i = 0; i < 4; i++)
                sequence.Draft.Add(i, i - 1, 1f);
        target.Verify(sequences);
        Assert.All(sequences, s => Assert.True(s.IsVerified));
        Assert.Equal(2, sequences.Sum(s => s.Draft.Count));
    }

    [Fact]
    public void Drafts_never_take_all_rows_from_a_prompt_that_waits()
    {
        using var pair = new TinyPair(0, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 5, MaxRows = 16, MaxPending = 16 });
        var target = new TargetModel(pair.Target, Nodes);
        var decoding = Enumerable.Range(1, 4).Select(i => Sequence(i, 1)).ToArray();
        var waiting = Sequence(9, 40);
        DecodeSequence[] batch = [.. decoding, waiting];
        // Four last tokens, a quarter of the rows for the prompt, and what is left for drafts.
        Assert.Equal(new ForwardRows(16, 8, 16), target.RowsOf(batch));
        int steps = 0;
        for (; !waiting.IsVerified && steps < 20; steps++)
        {
            foreach (var sequence in decoding)
            {
                sequence.Draft.Clear();
                for (int i = 0; i < Nodes; i++) sequence.Draft.Add(i, i - 1, 1f);
            }
            target.Verify(batch);
            Assert.Equal(waiting.IsVerified, steps == 9);
            foreach (var sequence in decoding)
            {
                Assert.True(sequence.IsVerified);
                Assert.InRange(sequence.Draft.Count, 0, 8);
                target.Commit(sequence, []);
                sequence.Emit(sequence.Verified[0]);
            }
        }
        Assert.Equal(10, steps);
    }

    [Fact]
    public void More_sequences_than_rows_take_turns_when_others_end()
    {
        using var pair = new TinyPair(0, new DecoderOptions { Format = WeightFormat.F32, MaxSequences = 4, MaxRows = 2, MaxPending = 8 });
        var target = new TargetModel(pair.Target, 1);
        var sequences = Enumerable.Range(1, 4).Select(i => Sequence(i, 1)).ToArray();
        target.Verify(sequences);
        Assert.Equal([true, true, false, false], sequences.Select(s => s.IsVerified));
        foreach (var sequence in sequences[..2]) target.Release(sequence);
        target.Verify(sequences.AsSpan(2));
        Assert.All(sequences[2..], s => Assert.True(s.IsVerified));
    }

    [Fact]
    public void Decoding_sequences_come_before_prompts_which_share_what_is_left()
    {
        var decoding = Sequence(1, 1);
        for (int i = 0; i < Nodes; i++) decoding.Draft.Add(i, i - 1, 1f);
        var (first, second) = (Sequence(2, 12), Sequence(3, 12));
        // 24 rows: 7 for the draft and its root, 12 for the first prompt, 5 of the second.
        _target.Verify([second, first, decoding]);
        Assert.Equal((true, true, false), (decoding.IsVerified, second.IsVerified, first.IsVerified));
        AssertVerified(decoding);
        AssertVerified(second);
        foreach (var sequence in new[] { decoding, second })
        {
            sequence.Emit(sequence.Verified[0]);
            _target.Commit(sequence, []);
            sequence.Draft.Clear();
        }
        _target.Verify([second, first, decoding]);
        foreach (var sequence in new[] { decoding, first, second })
        {
            Assert.True(sequence.IsVerified);
            AssertVerified(sequence);
        }
    }

    [Fact]
    public void A_released_slot_is_free_and_a_reopened_sequence_starts_anew()
    {
        for (int round = 0; round < 10; round++)
        {
            var sequences = new[] { Sequence(1, 4 + round), Sequence(2, 3), Sequence(3, 2) };
            _target.Verify(sequences);
            foreach (var sequence in sequences)
            {
                AssertVerified(sequence);
                _target.Release(sequence);
            }
        }
        _target.Release(Sequence(9, 1));
    }

    [Fact]
    public void Distributions_are_kept_for_sequences_that_ask_for_them()
    {
        var sequence = Sequence(1, 5);
        sequence.KeepDistributions(_pair.Vocabulary);
        AddTree(sequence);
        var other = Sequence(2, 3);
        _target.Verify([other, sequence]);
        Assert.Null(other.TargetProbabilities);
        for (int node = -1; node < sequence.Draft.Count; node++)
        {
            var p = sequence.TargetProbabilities!.Row(node + 1);
            double sum = 0;
            foreach (float value in p) sum += value;
            Assert.Equal(1.0, sum, 1e-4);
            Assert.True(p[sequence.Verified[node + 1].Token] > 0);
        }
    }

    [Fact]
    public void A_draft_that_cannot_fit_a_forward_is_refused_at_construction()
    {
        Assert.Equal(15, new TargetModel(_pair.Target, 15).MaxDraftNodes);
        Assert.Throws<ArgumentException>(() => new TargetModel(_pair.Target, 16));
    }

    [Fact]
    public void Rows_of_the_last_forward_hold_the_states_that_plain_decoding_has()
    {
        var (sequence, other) = (Sequence(1, 5), Sequence(2, 3));
        Assert.False(_target.TryGetRows(sequence, out _));
        AddTree(sequence);
        _target.Verify([other, sequence]);
        Assert.True(_target.TryGetRows(sequence, out var rows));
        Assert.Equal(rows.Root, rows.Last);
        var path = new int[Nodes];
        for (int node = DraftTree.Root; node < sequence.Draft.Count; node++)
            AssertState(rows, rows.RowOf(node), [.. sequence.Tokens, .. path[..sequence.Draft.PathTokens(node, path)]]);
        foreach (int token in new[] { sequence.Draft.Tokens[1], sequence.Draft.Tokens[3], 8 }) sequence.Emit(new SampledToken(token, 0, 0));
        _target.Commit(sequence, [1, 3]);
        Assert.True(_target.TryGetRows(sequence, out rows));
        // The newest token came from the state after the one before it.
        AssertState(rows, rows.Last, sequence.Tokens[..^1].ToArray());
        _target.Verify([other]);
        Assert.False(_target.TryGetRows(sequence, out _));
        Assert.True(_target.TryGetRows(other, out _));
        _target.Release(other);
        Assert.False(_target.TryGetRows(other, out _));
    }

    [Fact]
    public void A_sequence_whose_prompt_is_still_being_read_has_no_rows()
    {
        var sequence = Sequence(1, 20);
        _target.Verify([sequence]);
        Assert.False(sequence.IsVerified || _target.TryGetRows(sequence, out _));
        _target.Verify([sequence]);
        Assert.True(sequence.IsVerified && _target.TryGetRows(sequence, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    public void A_sequence_begun_with_anothers_prefix_goes_on_as_if_it_had_read_it(int shared)
    {
        var first = Sequence(1, 11);
        _target.Verify([first]);
        first.Emit(first.Verified[0]);
        _target.Commit(first, []);
        Assert.Equal(11, _target.CachedTokens(first));
        int[] prompt = [.. first.Tokens[..shared], 90, 91, 92];
        var second = new DecodeSequence(2, prompt, Sampled, new StopRules(20, []), Nodes);
        var third = new DecodeSequence(3, prompt, Sampled, new StopRules(20, []), Nodes);
        _target.BeginWith(second, first, shared);
        var cache = _target.Detach(first)!;
        Assert.Equal(0, _target.CachedTokens(first));
        _target.BeginWith(third, cache, shared);
        cache.Dispose();
        foreach (var begun in new[] { second, third })
        {
            Assert.Equal(shared, _target.CachedTokens(begun));
            AddTree(begun);
            _target.Verify([begun]);
            AssertVerified(begun);
            Assert.Throws<ArgumentOutOfRangeException>(() => _target.BeginWith(begun, begun, prompt.Length));
        }
        Assert.Null(_target.Detach(Sequence(4, 3)));
    }

    [Fact]
    public void The_context_is_the_decoders() => Assert.Equal(128, _target.ContextLength);

    private static DecodeSequence Sequence(long id, int prompt)
    {
        var random = new Random((int)id * 100 + prompt);
        var tokens = Enumerable.Range(0, prompt).Select(_ => random.Next(100)).ToArray();
        return new DecodeSequence(id, tokens, Sampled, new StopRules(20, []), Nodes);
    }

    private static void AddTree(DecodeSequence sequence)
    {
        var random = new Random(sequence.Length);
        int[] parents = [DraftTree.Root, DraftTree.Root, 0, 1, 1, 3];
        for (int i = 0; i < parents.Length; i++) sequence.Draft.Add(random.Next(10) * 10 + i, parents[i], 0.5f);
    }

    private void AssertState(TargetRows rows, int row, int[] tokens)
    {
        using var cache = _pair.Draft.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(cache);
        plan.AddChain(tokens, BatchPlan.NoParent, lastOutput: true);
        float[] expected = new float[_pair.Draft.Config.HiddenSize], actual = new float[expected.Length];
        _pair.Draft.Forward(plan).Hidden.Read(tokens.Length - 1, expected);
        rows.Result.Hidden.Read(row, actual);
        Assert.Equal(expected, actual);
    }

    private void AssertVerified(DecodeSequence sequence)
    {
        var path = new int[Nodes];
        for (int node = -1; node < sequence.Draft.Count; node++)
        {
            int length = sequence.Draft.PathTokens(node, path);
            Assert.Equal(PlainReference.Next(_pair.Draft, sequence, path[..length]), sequence.Verified[node + 1]);
        }
    }
}
