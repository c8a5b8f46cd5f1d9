using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>Pending rows, commits, truncation and copies: the cache always holds what the committed tokens alone would have left there.</summary>
public abstract class SequenceConformance : EngineConformance
{
    private static readonly int[] Parents = [-1, 0, 0, 1, 2, 4, 4, 5];

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 0, 1, 3 })]
    [InlineData(new[] { 0, 2, 4, 6 })]
    [InlineData(new[] { 0, 2, 4, 5, 7 })]
    public void A_committed_path_is_as_if_it_had_been_fed_alone(int[] path)
    {
        foreach (string model in new[] { "llama", "mixed-windows", "odd-widths" })
        {
            using var decoder = Load(model);
            var prompt = Tokens(decoder, 6);
            using var sequence = decoder.OpenSequence();
            Feed(decoder, sequence, prompt, 6);
            var tokens = Grow(decoder, sequence);
            sequence.CommitPath(path);
            Assert.Equal(6 + path.Length, sequence.Length);
            Assert.Equal(0, sequence.Pending);
            int[] next = [9, 2, 30];
            int[] committed = [.. prompt, .. path.Select(row => tokens[row])];
            var continued = Feed(decoder, sequence, next, 3);
            for (int i = 0; i < next.Length; i++) AssertSame(LogitsAfter(decoder, [.. committed, .. next[..(i + 1)]]), continued[i]);
        }
    }

    [Fact]
    public void A_chain_is_committed_in_part()
    {
        using var decoder = Load("llama");
        var tokens = Tokens(decoder, 10);
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain(tokens, BatchPlan.NoParent, lastOutput: false);
        decoder.Forward(plan);
        sequence.CommitChain(4);
        Assert.Equal((4, 0), (sequence.Length, sequence.Pending));
        AssertSame(LogitsAfter(decoder, [.. tokens[..4], 50]), Feed(decoder, sequence, [50], 1)[0]);
    }

    [Fact]
    public void Refused_commits_change_nothing()
    {
        using var decoder = Load("llama");
        var prompt = Tokens(decoder, 6);
        using var sequence = decoder.OpenSequence();
        Feed(decoder, sequence, prompt, 6);
        var tokens = Grow(decoder, sequence);
        Assert.Throws<ArgumentException>(() => sequence.CommitPath([1]));
        Assert.Throws<ArgumentException>(() => sequence.CommitPath([0, 3]));
        Assert.Throws<ArgumentException>(() => sequence.CommitPath([0, 8]));
        Assert.Throws<ArgumentException>(() => sequence.CommitPath([0, -1]));
        Assert.Throws<ArgumentException>(() => sequence.CommitChain(9));
        Assert.Throws<ArgumentException>(() => sequence.CommitChain(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.CommitChain(-1));
        Assert.Equal((6, 8), (sequence.Length, sequence.Pending));
        sequence.CommitPath([0, 1]);
        AssertSame(LogitsAfter(decoder, [.. prompt, tokens[0], tokens[1], 1]), Feed(decoder, sequence, [1], 1)[0]);
    }

    [Fact]
    public void Truncation_drops_pending_rows_and_the_tail()
    {
        using var decoder = Load("mistral");
        var tokens = Tokens(decoder, 20);
        using var sequence = decoder.OpenSequence();
        Feed(decoder, sequence, tokens, 7);
        Grow(decoder, sequence);
        sequence.Truncate(13);
        Assert.Equal((13, 0), (sequence.Length, sequence.Pending));
        AssertSame(LogitsAfter(decoder, [.. tokens[..13], 8]), Feed(decoder, sequence, [8], 1)[0]);
        sequence.Truncate(0);
        AssertSame(LogitsAfter(decoder, 8), Feed(decoder, sequence, [8], 1)[0]);
        Assert.Throws<ArgumentException>(() => sequence.Truncate(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.Truncate(-1));
    }

    [Fact]
    public void A_copied_prefix_is_as_if_it_had_been_fed()
    {
        using var decoder = Load("qwen3");
        var tokens = Tokens(decoder, 15);
        using var source = decoder.OpenSequence();
        using var copy = decoder.OpenSequence();
        Feed(decoder, source, tokens, 15);
        Feed(decoder, copy, [1, 2, 3], 3);
        Grow(decoder, source);
        Grow(decoder, copy);
        copy.CopyPrefix(source, 12);
        Assert.Equal((12, 0), (copy.Length, copy.Pending));
        Assert.Equal((15, 8), (source.Length, source.Pending));
        AssertSame(LogitsAfter(decoder, [.. tokens[..12], 40, 41]), Feed(decoder, copy, [40, 41], 2)[1]);
        source.CommitPath([]);
        AssertSame(LogitsAfter(decoder, [.. tokens, 40]), Feed(decoder, source, [40], 1)[0]);
        Assert.Throws<ArgumentException>(() => copy.CopyPrefix(source, 17));
        using var other = Load("qwen3");
        using var foreign = other.OpenSequence();
        Assert.Throws<ArgumentException>(() => copy.CopyPrefix(foreign, 0));
    }

    [Fact]
    public void Slots_are_limited_and_reused_clean()
    {
        using var decoder = Load("llama", sequences: 2);
        var first = decoder.OpenSequence();
        using var second = decoder.OpenSequence();
        Feed(decoder, first, [1, 2, 3], 3);
        Assert.Throws<InvalidOperationException>(() => decoder.OpenSequence());
        first.Dispose();
        first.Dispose();
        using var third = decoder.OpenSequence();
        Assert.Equal((0, 0), (third.Length, third.Pending));
        Assert.Throws<InvalidOperationException>(() => decoder.OpenSequence());
        var logits = Feed(decoder, third, [5, 6], 2)[1];
        third.Truncate(0);
        AssertSame(Feed(decoder, third, [5, 6], 1)[1], logits);
    }

    [Fact]
    public void A_disposed_sequence_is_refused()
    {
        using var decoder = Load("llama");
        var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.Add(1, BatchPlan.NoParent, output: true);
        sequence.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Forward(plan));
        Assert.Throws<ObjectDisposedException>(() => sequence.CommitPath([]));
    }

    [Fact]
    public void Long_random_lives_stay_consistent()
    {
        using var decoder = Load("mixed-windows");
        var random = new Random(11);
        using var sequence = decoder.OpenSequence();
        var committed = new List<int>();
        for (int step = 0; step < 60; step++)
        {
            if (committed.Count > 80 || random.Next(6) == 0)
            {
                int length = random.Next(committed.Count + 1);
                sequence.Truncate(length);
                committed.RemoveRange(length, committed.Count - length);
            }
            var tokens = Grow(decoder, sequence);
            int[] path = random.Next(3) switch { 0 => [0, 2, 4, 5, 7], 1 => [0, 1], _ => [0] };
            sequence.CommitPath(path);
            committed.AddRange(path.Select(row => tokens[row]));
            Assert.Equal(committed.Count, sequence.Length);
        }
        AssertSame(LogitsAfter(decoder, [.. committed, 77]), Feed(decoder, sequence, [77], 1)[0]);
    }

    // Adds a tree of eight pending rows over two forwards and returns their tokens.
    private static int[] Grow(IDecoder decoder, IDecoderSequence sequence)
    {
        var tokens = Tokens(decoder, Parents.Length, sequence.Length + 100);
        var plan = new BatchPlan();
        for (int from = 0; from < Parents.Length; from += 5)
        {
            plan.Clear();
            plan.Begin(sequence);
            for (int i = from; i < Math.Min(from + 5, Parents.Length); i++) plan.Add(tokens[i], Parents[i], output: i % 2 == 0);
            decoder.Forward(plan);
        }
        return tokens;
    }
}
