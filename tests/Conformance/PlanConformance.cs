using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Conformance;

/// <summary>What engines refuse, with a line that says why, and that a refusal changes nothing.</summary>
public abstract class PlanConformance : EngineConformance
{
    [Fact]
    public void Faulty_plans_are_refused_and_leave_the_sequence_as_it_was()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        Feed(decoder, sequence, [1, 2, 3], 3);
        Refused(decoder, Plan(sequence, []), "no rows");
        Refused(decoder, Plan(sequence, [5, 101]), "token 101");
        Refused(decoder, Plan(sequence, [5, -1]), "token -1");
        Refused(decoder, Plan(sequence, new int[65]), "pending");
        var large = new BatchPlan();
        var others = new[] { decoder.OpenSequence(), decoder.OpenSequence() };
        foreach (var other in others)
        {
            large.Begin(other);
            large.AddChain(new int[49], BatchPlan.NoParent, lastOutput: true);
        }
        Refused(decoder, large, "98 rows");
        Assert.Equal((3, 0), (sequence.Length, sequence.Pending));
        Assert.All(others, other => Assert.Equal(0, other.Pending));
        foreach (var other in others) other.Dispose();
        AssertSame(LogitsAfter(decoder, 1, 2, 3, 4), Feed(decoder, sequence, [4], 1)[0]);
    }

    [Fact]
    public void Rows_beyond_the_context_are_refused()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        Feed(decoder, sequence, Tokens(decoder, 126), 42);
        Refused(decoder, Plan(sequence, [1, 2, 3]), "128");
        var wide = new BatchPlan();
        wide.Begin(sequence);
        wide.Add(1, BatchPlan.NoParent, output: true);
        for (int i = 0; i < 5; i++) wide.Add(i, 0, output: true);
        decoder.Forward(wide);
        sequence.CommitPath([0, 3]);
        Assert.Equal(128, sequence.Length);
        Refused(decoder, Plan(sequence, [1]), "128");
    }

    [Fact]
    public void A_plan_made_before_a_commit_is_checked_again()
    {
        using var decoder = Load("llama");
        using var sequence = decoder.OpenSequence();
        decoder.Forward(Plan(sequence, [1, 2, 3]));
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.Add(4, 2, output: true);
        sequence.CommitChain(1);
        Refused(decoder, plan, "parent 2");
    }

    [Fact]
    public void Sequences_of_another_decoder_are_refused()
    {
        using var decoder = Load("llama");
        using var other = Load("llama");
        using var sequence = other.OpenSequence();
        Refused(decoder, Plan(sequence, [1]), "another decoder");
    }

    [Fact]
    public void Options_are_filled_in_and_checked()
    {
        var config = TinyModels.All["llama"];
        var weights = new TestWeights(config, 1);
        using var decoder = Engine.LoadDecoder(config, weights, new DecoderOptions { Format = WeightFormat.F32 });
        Assert.Equal(128, decoder.Options.ContextLength);
        Assert.Throws<ArgumentException>(() => Engine.LoadDecoder(config, weights, new DecoderOptions { ContextLength = 129 }));
        Assert.Throws<ArgumentException>(() => Engine.LoadDecoder(config, weights, new DecoderOptions { MaxRows = 0 }));
        Assert.Throws<ArgumentException>(() => Engine.LoadDecoder(config, weights, new DecoderOptions { MaxPending = 0 }));
        Assert.Throws<ArgumentException>(() => Engine.LoadDecoder(config, weights, new DecoderOptions { MaxSequences = 0 }));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_named()
    {
        var config = TinyModels.All["llama"];
        string name = DecoderTensors.Layer(1, "mlp.down_proj.weight");
        var missing = new TestWeights(config, 1);
        missing.Remove(name);
        Assert.Contains(name, Assert.Throws<CheckpointException>(() => Load(config, missing)).Message, StringComparison.Ordinal);
        var reshaped = new TestWeights(config, 1);
        reshaped.Reshape(name, 112, 64);
        Assert.Contains(name, Assert.Throws<CheckpointException>(() => Load(config, reshaped)).Message, StringComparison.Ordinal);
    }

    private static BatchPlan Plan(IDecoderSequence sequence, int[] tokens)
    {
        var plan = new BatchPlan();
        plan.Begin(sequence);
        plan.AddChain(tokens, BatchPlan.NoParent, lastOutput: true);
        return plan;
    }

    private static void Refused(IDecoder decoder, BatchPlan plan, string says)
    {
        var e = Assert.Throws<ArgumentException>(() => decoder.Forward(plan));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
