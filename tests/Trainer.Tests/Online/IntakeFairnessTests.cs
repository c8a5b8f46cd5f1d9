using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

/// <summary>Namespaces that produce at very different rates, and a trainer that does not keep up with all of them together.</summary>
public sealed class IntakeFairnessTests : IDisposable
{
    private const int Capacity = 24;

    private readonly OnlineRig _rig = new(tokensAlone: true);
    private readonly VerificationIntake _intake;
    private readonly Dictionary<string, int> _written = [];
    private readonly Dictionary<string, int> _taken = [];
    private long _nextId;

    public IntakeFairnessTests() => _intake = new VerificationIntake(_rig.Trained, new OnlineTrainerOptions { IntakeShare = 1, ChannelCapacity = Capacity });

    [Fact]
    public void A_flood_of_one_namespace_costs_the_others_no_record()
    {
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 40; i++) Write("flood");
            foreach (string quiet in (string[])["a", "b", "c"]) Write(quiet);
            for (int i = 0; i < 5; i++) Take();
        }
        while (Take()) { }
        foreach (string quiet in (string[])["a", "b", "c"])
        {
            Assert.Equal(200, _taken[quiet]);
            Assert.Equal(0, _intake.DroppedOf(quiet));
        }
        Assert.Equal(_written["flood"] - _taken["flood"], _intake.DroppedOf("flood"));
        Assert.Equal(_intake.Dropped, _intake.DroppedOf("flood"));
        // What is left of the trainer's time is the flood's.
        Assert.True(_taken["flood"] >= 200 * 2, $"{_taken["flood"]}");
    }

    [Fact]
    public void It_drops_the_oldest_of_the_longest_line_and_takes_in_turns()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using var rig = new OnlineRig(tokensAlone: true);
            var intake = new VerificationIntake(rig.Trained, new OnlineTrainerOptions { IntakeShare = 1, ChannelCapacity = 9 });
            var random = new Random(seed);
            string[] names = ["n0", "n1", "n2", "n3"];
            List<(string Name, Queue<long> Records)> lines = [];
            int turn = 0;
            for (int i = 0; i < 400; i++)
            {
                if (random.Next(3) > 0)
                {
                    string name = names[Math.Min(3, (int)(random.NextDouble() * random.NextDouble() * 6))];
                    long id = Write(intake, name);
                    if (lines.All(line => line.Name != name)) lines.Add((name, new()));
                    var own = lines.Single(line => line.Name == name).Records;
                    if (lines.Sum(line => line.Records.Count) == 9)
                    {
                        var longest = own;
                        foreach (var (_, records) in lines)
                            if (records.Count > longest.Count)
                                longest = records;
                        longest.Dequeue();
                    }
                    own.Enqueue(id);
                    continue;
                }
                (string Name, Queue<long> Records)? next = null;
                for (int tried = 0; tried < lines.Count && next is null; tried++)
                {
                    turn = (turn + 1) % lines.Count;
                    if (lines[turn].Records.Count > 0) next = lines[turn];
                }
                Assert.Equal(next is not null, intake.TryTake(out var record));
                if (next is not { } expected) continue;
                Assert.Equal((expected.Name, expected.Records.Dequeue()), (record!.Namespace, record.Sequence));
                intake.Return(record);
            }
            Assert.Equal(lines.Sum(line => line.Records.Count), intake.Waiting);
        }
    }

    [Fact]
    public void Ever_new_namespaces_take_no_memory_for_good()
    {
        for (int i = 0; i < 5000; i++)
        {
            Write($"tenant {i}");
            if (i % 2 == 0) Take();
        }
        Write("last");
        int count = 0;
        while (Take()) count++;
        Assert.Equal(Capacity, count);
        Assert.Equal(1, _taken["last"]);
        Assert.Equal(0, _intake.DroppedOf("tenant 17"));
    }

    [Fact]
    public void What_was_dropped_of_a_namespace_shows_in_its_statistics()
    {
        using var rig = new OnlineRig(OnlineRig.Options() with { ChannelCapacity = 4 }, tokensAlone: true);
        for (int i = 0; i < 10; i++) Write((VerificationIntake)rig.Trainer.Observer, "flood");
        Write((VerificationIntake)rig.Trainer.Observer, "quiet");
        rig.Trainer.Pump();
        var statistics = rig.Trainer.Statistics;
        Assert.Equal([("flood", 7L), ("quiet", 0L)], statistics.Namespaces.Select(one => (one.Name, one.Dropped)));
        Assert.Equal((4L, 7L), (statistics.Records, statistics.Dropped));
    }

    public void Dispose() => _rig.Dispose();

    private void Write(string name)
    {
        Write(_intake, name);
        _written[name] = _written.GetValueOrDefault(name) + 1;
    }

    private long Write(VerificationIntake intake, string name)
    {
        var sequence = new DecodeSequence(_nextId++, [1, 2], SamplingOptions.Greedy, new StopRules(4, []), OnlineRig.MaxNodes) { Namespace = name };
        sequence.Emit(new SampledToken(3, 0f, 0f));
        intake.OnVerified(sequence, [], 1);
        return sequence.Id;
    }

    private bool Take()
    {
        if (!_intake.TryTake(out var record)) return false;
        _taken[record!.Namespace] = _taken.GetValueOrDefault(record.Namespace) + 1;
        _intake.Return(record);
        return true;
    }
}
