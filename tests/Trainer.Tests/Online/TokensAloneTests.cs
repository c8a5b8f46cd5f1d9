using Atlas.Core.Decoding;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

/// <summary>The trainer's work on heads that see tokens alone, with a real engine as the server that is only listened to.</summary>
public sealed class TokensAloneTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void It_learns_the_traffic_publishes_what_gained_and_changes_no_token(double temperature)
    {
        using var rig = Rig();
        var plain = rig.Decode(40, plain: true, learns: false, temperature: temperature).Select(s => s.Output.ToArray()).ToArray();
        double before = rig.AcceptanceRate();
        var learned = rig.Decode(40, temperature: temperature).Select(s => s.Output.ToArray()).ToArray();
        Assert.Equal(plain, learned);
        var own = Assert.Single(rig.Trainer.Statistics.Namespaces);
        Assert.True(own.Updates > 20, own.ToString());
        Assert.Equal(0, rig.Trainer.Statistics.Dropped + rig.Trainer.Statistics.Refused + rig.Trainer.Statistics.Faults);
        if (temperature > 0) return;
        Assert.True(own.Published >= 1, own.ToString());
        double after = rig.AcceptanceRate();
        Assert.True(after > 0.7 && after > before, $"acceptance rate {before} to {after}");
    }

    [Fact]
    public void Untrained_it_drafts_at_once_by_copying()
    {
        using var learning = Rig();
        var heads = learning.Trained.WithUntrainedBase();
        using var rig = Rig(shipped: heads.Base);
        rig.Decode(4, tokens: 60, learns: false);
        var statistics = new DecodeStatistics(OnlineRig.MaxNodes);
        foreach (var sequence in rig.Decode(8, tokens: 60, learns: false)) statistics.Add(sequence.Statistics);
        Assert.True(statistics.Drafted > 0, "nothing was drafted");
    }

    [Fact]
    public void Garbage_in_one_namespace_changes_nothing_in_another_and_its_own_recovers()
    {
        using var rig = Rig();
        rig.Decode(40, "good");
        rig.Decode(40, "flooded");
        double good = rig.AcceptanceRate("good"), flooded = rig.AcceptanceRate("flooded");
        Assert.True(good > 0.5, $"acceptance rate {good}");
        rig.Decode(60, "flooded", domain: 4, temperature: 8);
        Assert.Equal(good, rig.AcceptanceRate("good"), 1e-9);
        rig.Decode(60, "flooded");
        double recovered = rig.AcceptanceRate("flooded");
        Assert.True(recovered > 0.9 * flooded, $"{flooded} to {recovered}");
    }

    [Fact]
    public void It_continues_after_a_restart_and_forgets_when_told()
    {
        using var directory = new TemporaryDirectory();
        double rate;
        NamespaceStatistics before;
        using (var rig = Rig(directory.Path))
        {
            rig.Decode(40, "tenant");
            rate = rig.AcceptanceRate("tenant");
            before = rig.Trainer.Statistics.Namespaces[0];
            Assert.True(rate > 0.5, $"acceptance rate {rate}");
        }
        using var resumed = Rig(directory.Path);
        Assert.Equal(0, resumed.AcceptanceRate("tenant"));
        resumed.Decode(1, "tenant", tokens: 2);
        var after = resumed.Trainer.Statistics.Namespaces[0];
        Assert.Equal((before.Version, before.Updates), (after.Version, after.Updates));
        Assert.Equal(rate, resumed.AcceptanceRate("tenant"), 1e-9);
        Assert.True(resumed.Trainer.Forget("tenant"));
        Assert.Equal(0, resumed.AcceptanceRate("tenant"));
        Assert.Empty(Directory.EnumerateDirectories(directory.Path));
    }

    [Fact]
    public void What_the_server_says_of_its_probabilities_is_what_is_taught()
    {
        var feedback = new FixedFeedback();
        using var rig = Rig(feedback: feedback);
        var intake = new VerificationIntake(rig.Trained, new OnlineTrainerOptions { IntakeShare = 1 });
        var sequence = rig.Decode(1, learns: false, tokens: 6)[0];
        intake.OnVerified(sequence, [], 1);
        intake.OnVerified(sequence, [], 1);
        Assert.True(intake.TryTake(out var told));
        Assert.True(intake.TryTake(out var silent));
        int position = sequence.Length - 1;
        Assert.Equal((position, position), (feedback.Asked[0], feedback.Asked[1]));
        Assert.Equal([7, 9, -1], told!.Top(0)[..3].ToArray());
        Assert.Equal([0.6f, 0.3f, 0f], told.Probabilities(0)[..3].ToArray());
        Assert.Equal([sequence.Tokens[position], -1], silent!.Top(0)[..2].ToArray());
        Assert.Equal(1f, silent.Probabilities(0)[0]);
        // The state of a row is the text up to its token.
        Assert.Equal(sequence.Tokens[position - 1], told.State(0)[^1]);
        Assert.True(told.IsSound(101) && silent.IsSound(101));
    }

    private static OnlineRig Rig(string? checkpoints = null, LearnedWeights? shipped = null, ITokenFeedback? feedback = null) =>
        new(OnlineTrainerOptions.TokensAlone with { IntakeShare = 1, HeldOutStride = 3, CheckpointDirectory = checkpoints }, shipped, tokensAlone: true, feedback);

    private sealed class FixedFeedback : ITokenFeedback
    {
        public List<int> Asked { get; } = [];

        public bool TryRead(DecodeSequence sequence, int position, Span<int> tokens, Span<float> probabilities)
        {
            Asked.Add(position);
            if (Asked.Count > 1) return false;
            tokens.Fill(-1);
            probabilities.Clear();
            (tokens[0], tokens[1]) = (7, 9);
            (probabilities[0], probabilities[1]) = (0.6f, 0.3f);
            return true;
        }
    }
}
