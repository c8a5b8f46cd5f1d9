using Atlas.Compute.Cpu.Tokens;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Speculator.Adaptive.Tests.Learned;

public sealed class TextStatesTests
{
    private static readonly CpuTokenHeads Heads = new(new TokenHeadConfig { ContextLength = 16, Contexts = 64, MaxRows = 3 }, 300_000);

    [Fact]
    public void A_state_is_the_newest_tokens_and_nothing_before_the_beginning()
    {
        var state = new float[4];
        TextStates.Write([7, 299_999], state);
        Assert.Equal([TokenHeadConfig.NoToken, TokenHeadConfig.NoToken, 7, 299_999], state);
        TextStates.Write([1, 2, 3, 4, 5, 6], state);
        Assert.Equal([3, 4, 5, 6], state);
        TextStates.Write([], state);
        Assert.All(state, value => Assert.Equal(TokenHeadConfig.NoToken, value));
    }

    [Fact]
    public void As_many_states_as_a_head_has_rows_live_side_by_side()
    {
        using var states = new TextStates(Heads);
        var rows = new int[3];
        var values = new float[16];
        for (int i = 0; i < 3; i++) Assert.True(states.TryGet(Sequence(i, [i + 10, i + 20, 5]), out _, out rows[i]));
        Assert.Equal(3, rows.Distinct().Count());
        states.TryGet(Sequence(9, [1, 2]), out var all, out int reused);
        Assert.Equal(rows[0], reused);
        for (int i = 1; i < 3; i++)
        {
            all.Read(rows[i], values);
            Assert.Equal([i + 10, i + 20], values[^2..]);
        }
    }

    [Fact]
    public void Drafting_from_the_text_allocates_nothing_and_carries_the_speculators_name()
    {
        using var head = Heads.Create(null, 0);
        using var states = new TextStates(Heads);
        var slots = new LearnedSlots();
        slots.Base.Publish(new LearnedVersion(4, head));
        var speculator = new LearnedSpeculator(states, Heads.VocabularySize, slots, new LearnedSpeculatorOptions { Name = "tokens" });
        DecodeSequence[] batch = [Sequence(1, [31, 250_000, 33, 34, 35, 9, 31, 250_000, 33])];
        void Draft()
        {
            batch[0].Draft.Clear();
            batch[0].Budget = new DraftBudget(3, 6, 2);
            speculator.Propose(batch);
        }
        Draft();
        Assert.Equal([34, 35, 9], batch[0].Draft.Tokens[..3].ToArray());
        Assert.Equal(new SpeculatorStamp("tokens", 4), batch[0].Draft.Speculator);
        // What is no candidate counts against the confidence.
        Assert.All(batch[0].Draft.Confidence.ToArray(), c => Assert.InRange(c, 0.01f, 0.99f));
        for (int i = 0; i < 30; i++) Draft();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 30; i++) Draft();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        slots.Base.Publish(null);
    }

    private static DecodeSequence Sequence(long id, int[] prompt) => new(id, prompt, SamplingOptions.Greedy, new StopRules(10, []), 6);
}
