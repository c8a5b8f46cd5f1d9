using Atlas.Controller.Calibration;

namespace Atlas.Controller.Tests.Calibration;

/// <summary>Two speculators with one confidence; whether a token is accepted depends on what the other one says.</summary>
public sealed class ConsensusTests
{
    private const float Confidence = 0.6f;

    [Fact]
    public void Disputed_tokens_are_trusted_less_and_confirmed_ones_more()
    {
        var consensus = Taught();
        Assert.InRange(consensus.Probability(Confidence, 0b01, 0b01), 0.45f, 0.75f);
        Assert.InRange(consensus.Probability(Confidence, 0b01, 0b11), 0.05f, 0.35f);
        Assert.InRange(consensus.Probability(Confidence, 0b11, 0b11), 0.8f, 1f);
        // Three speculators: two agree, the third says something else.
        Assert.InRange(consensus.Probability(Confidence, 0b011, 0b111), 0.5f, 0.7f);
    }

    [Fact]
    public void What_was_stored_is_taken_up_and_a_shift_makes_it_count_little()
    {
        var taught = Taught();
        var resumed = new Consensus();
        resumed.Load(taught.Save());
        foreach (int present in (int[])[0b01, 0b11])
            Assert.Equal(taught.Probability(Confidence, 0b01, present), resumed.Probability(Confidence, 0b01, present), 0.02f);
        resumed.Discount(0.01);
        for (int i = 0; i < 40; i++) resumed.Observe(Confidence, 0b01, 0b11, accepted: true);
        Assert.True(resumed.Probability(Confidence, 0b01, 0b11) > 0.7f);
        Assert.Throws<ArgumentException>(() => resumed.Load([[1, 2]]));
    }

    private static Consensus Taught()
    {
        var consensus = new Consensus();
        for (int i = 0; i < 2000; i++)
        {
            consensus.Observe(Confidence, 0b01, 0b01, accepted: i % 5 < 3);
            consensus.Observe(Confidence, 0b10, 0b11, accepted: i % 5 == 0);
            consensus.Observe(Confidence, 0b11, 0b11, accepted: i % 10 != 0);
        }
        return consensus;
    }
}
