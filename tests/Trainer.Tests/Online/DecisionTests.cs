using System.Diagnostics;
using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

public sealed class DecisionTests
{
    [Fact]
    public void Learning_pauses_after_failures_ever_longer_and_starts_afresh_after_a_gain()
    {
        var gate = new LearningGate(new OnlineTrainerOptions { Patience = 3, FirstPause = 100, LongestPause = 300 });
        Assert.False(gate.Failed(10) || gate.Failed(11));
        Assert.True(gate.Failed(12));
        Assert.True(gate.IsPaused(111));
        Assert.False(gate.IsPaused(112));
        // One try after every pause.
        Assert.True(gate.Failed(120));
        Assert.True(gate.IsPaused(319));
        Assert.False(gate.IsPaused(320));
        Assert.True(gate.Failed(400));
        Assert.True(gate.Failed(800));
        Assert.True(gate.IsPaused(1099));
        Assert.False(gate.IsPaused(1100));
        Assert.Equal(4, gate.Pauses);
        gate.Gained();
        Assert.False(gate.Failed(1200) || gate.Failed(1201));
        Assert.True(gate.Failed(1202));
        Assert.False(gate.IsPaused(1302));
    }

    [Fact]
    public void Work_never_exceeds_its_share_by_more_than_a_piece()
    {
        for (int round = 0; round < 50; round++)
        {
            var random = new Random(round);
            double share = random.NextDouble() * 0.3, piece = 0.0004 * Stopwatch.Frequency;
            var credit = new TrainingCredit(share, TimeSpan.FromMilliseconds(0.5));
            double elapsed = 0, spent = 0, longest = 0;
            for (int step = 0; step < 5000; step++)
            {
                // Now and then nothing happens for a long time: that gives no right to a long slice.
                long pause = (long)((random.Next(500) == 0 ? 2 : 0.003) * random.NextDouble() * Stopwatch.Frequency);
                elapsed += pause;
                credit.Earn(pause);
                double slice = 0;
                while (credit.IsLeft)
                {
                    long ticks = (long)(piece * random.NextDouble());
                    credit.Spend(ticks);
                    slice += ticks;
                }
                spent += slice;
                longest = Math.Max(longest, slice);
            }
            Assert.True(spent <= share * elapsed + piece);
            Assert.True(longest <= 0.0005 * Stopwatch.Frequency + piece);
            Assert.True(share < 0.01 || spent > 0);
        }
    }

    [Fact]
    public void A_version_is_worse_only_where_chance_does_not_explain_it()
    {
        int alarms = 0;
        for (int round = 0; round < 200; round++)
        {
            var random = new Random(round);
            var record = new LiveRecord();
            record.Begin(1);
            for (int i = 0; i < 1000; i++) record.Add(1, random.NextDouble() < 0.6);
            record.Begin(2);
            for (int i = 0; i < 1000; i++) record.Add(2, random.NextDouble() < 0.6);
            if (record.IsWorse(300)) alarms++;
        }
        Assert.True(alarms <= 4, $"{alarms} false alarms of 200");
        var worse = new LiveRecord();
        worse.Begin(1);
        for (int i = 0; i < 500; i++) worse.Add(1, i % 10 < 6);
        worse.Begin(2);
        for (int i = 0; i < 299; i++) worse.Add(2, i % 10 < 4);
        Assert.False(worse.IsWorse(300));
        worse.Add(2, false);
        Assert.True(worse.IsWorse(300));
        worse.Acquit();
        Assert.False(worse.IsWorse(300));
        Assert.Equal(0.4, worse.Rate, 0.01);
    }

    [Fact]
    public void A_live_record_follows_the_recent_traffic()
    {
        var record = new LiveRecord();
        record.Begin(5);
        for (int i = 0; i < 100_000; i++) record.Add(5, true);
        for (int i = 0; i < 20_000; i++) record.Add(5, false);
        Assert.True(record.Rate < 0.1);
        record.Add(4, true);
        Assert.Equal(0, record.PredecessorRate);
    }
}
