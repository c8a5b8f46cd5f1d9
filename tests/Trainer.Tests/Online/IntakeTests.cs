using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

public sealed class IntakeTests
{
    [Fact]
    public void When_the_trainer_does_not_keep_up_the_oldest_steps_are_dropped_and_counted()
    {
        using var rig = new OnlineRig();
        var intake = new VerificationIntake(rig.Trained, new OnlineTrainerOptions { IntakeShare = 1, ChannelCapacity = 8 });
        var (decoder, sequence) = Decoding(rig, intake, 60);
        int steps = 0;
        for (; sequence.Finish is null; steps++) decoder.Step([sequence]);
        Assert.Equal(60, steps);
        Assert.Equal((8, 52L), (intake.Waiting, intake.Dropped));
        for (int i = 0; i < 8; i++)
        {
            Assert.True(intake.TryTake(out var record));
            Assert.Equal(sequence.Length - 1 - 8 + i, record!.Position);
            Assert.Equal(sequence.Tokens.Slice(record.Position, 2).ToArray(), record.Tokens[..2]);
            Assert.Equal(i == 7, record.IsLast);
            intake.Return(record);
        }
        Assert.False(intake.TryTake(out _));
    }

    [Fact]
    public void What_it_copies_is_what_the_target_said()
    {
        using var rig = new OnlineRig();
        var intake = new VerificationIntake(rig.Trained, new OnlineTrainerOptions { IntakeShare = 1 });
        var (decoder, sequence) = Decoding(rig, intake, 20);
        while (sequence.Finish is null)
        {
            decoder.Step([sequence]);
            Assert.True(intake.TryTake(out var record));
            Assert.True(rig.Target.TryGetRows(sequence, out var rows));
            var state = new float[rig.Decoder.Config.HiddenSize];
            rows.Result.Hidden.Read(rows.Root, state);
            Assert.Equal(state, record!.State(0).ToArray());
            // Greedy: the emitted token is the most probable one.
            Assert.Equal(record.Tokens[1], record.Top(0)[0]);
            Assert.InRange(record.Probabilities(0).ToArray().Sum(), 0.05f, 1.0001f);
            Assert.True(record.IsSound(101));
            intake.Return(record);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_allocates_nothing_whether_the_trainer_keeps_up_or_not(bool keepsUp)
    {
        using var rig = new OnlineRig();
        var intake = new VerificationIntake(rig.Trained, new OnlineTrainerOptions { IntakeShare = 1, ChannelCapacity = 16 });
        var (decoder, sequence) = Decoding(rig, intake, 900);
        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                decoder.Step([sequence]);
                if (keepsUp && intake.TryTake(out var record)) intake.Return(record!);
            }
        }
        Steps(200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps(200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(keepsUp, intake.Dropped == 0);
    }

    private static (SpeculativeDecoder Decoder, DecodeSequence Sequence) Decoding(OnlineRig rig, VerificationIntake intake, int tokens)
    {
        var decoder = new SpeculativeDecoder(rig.Target, rig.Speculator, new FixedPlanner(DraftBudget.Chain(3)), new CoupledVerifier(), intake);
        return (decoder, new DecodeSequence(77, [4, 5, 6], SamplingOptions.Greedy, new StopRules(tokens, []), OnlineRig.MaxNodes));
    }
}
