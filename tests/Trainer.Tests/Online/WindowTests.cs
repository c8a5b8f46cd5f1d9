using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

public sealed class WindowTests
{
    private const int Length = 4;
    private const int Width = 3;
    private const int TopK = 2;

    [Fact]
    public void Windows_of_interleaved_sequences_are_slices_of_their_texts_and_gaps_begin_anew()
    {
        for (int round = 0; round < 100; round++)
        {
            var random = new Random(round);
            var assembler = new WindowAssembler(Length, Width, TopK, 4);
            var positions = new int[5];
            var unbroken = new int[5];
            int windows = 0, expected = 0;
            for (int step = 0; step < 200; step++)
            {
                int sequence = random.Next(5);
                // Now and then a record was dropped, so that its rows are missing.
                int count = random.Next(1, 5);
                if (random.Next(12) == 0)
                {
                    positions[sequence] += count;
                    unbroken[sequence] = 0;
                    continue;
                }
                var record = Record(sequence, positions[sequence], count);
                positions[sequence] += count;
                for (int i = 0; i < count; i++)
                    if (++unbroken[sequence] > Length)
                        expected++;
                record.IsLast = random.Next(30) == 0;
                assembler.Add(record, tail =>
                {
                    windows++;
                    var window = new ReplayWindow(Length, Width, TopK);
                    tail.CopyTo(window);
                    AssertSlice(window, sequence);
                });
                if (record.IsLast) (positions[sequence], unbroken[sequence]) = (random.Next(50), 0);
            }
            Assert.Equal(expected, windows);
        }
    }

    [Fact]
    public void A_sequence_is_held_out_whole_or_not_at_all_and_about_one_in_the_stride_is()
    {
        var assembler = new WindowAssembler(Length, Width, TopK, 5);
        int heldOut = 0;
        for (int sequence = 0; sequence < 1000; sequence++)
        {
            var seen = new HashSet<bool>();
            assembler.Add(Record(sequence, 0, 4), tail => seen.Add(tail.IsHeldOut));
            assembler.Add(Record(sequence, 4, 4), tail => seen.Add(tail.IsHeldOut));
            Assert.Single(seen);
            if (seen.Single()) heldOut++;
        }
        Assert.InRange(heldOut, 150, 250);
        Assert.Equal(256, assembler.Count);
    }

    [Fact]
    public void A_cleared_namespace_has_no_tails_left()
    {
        var assembler = new WindowAssembler(Length, Width, TopK, 5);
        for (int sequence = 0; sequence < 10; sequence++)
        {
            var record = Record(sequence, 0, 2);
            record.Namespace = sequence % 2 == 0 ? "even" : "odd";
            assembler.Add(record, _ => { });
        }
        assembler.Clear("even");
        Assert.Equal(5, assembler.Count);
        assembler.Clear();
        Assert.Equal(0, assembler.Count);
    }

    [Fact]
    public void The_reservoir_is_a_uniform_sample_of_all_that_was_offered()
    {
        const int capacity = 10, offered = 60, rounds = 4000;
        var kept = new int[offered];
        for (int round = 0; round < rounds; round++)
        {
            var reservoir = new WindowReservoir(capacity, new Random(round));
            for (int i = 0; i < offered; i++)
            {
                var window = new ReplayWindow(1, 1, 1) { Position = i };
                var left = reservoir.Offer(window);
                Assert.Equal(i < capacity, left is null);
            }
            Assert.Equal(capacity, reservoir.Count);
            for (int i = 0; i < capacity; i++) kept[reservoir[i].Position]++;
        }
        // 667 expected of each, standard deviation 24.
        Assert.All(kept, count => Assert.InRange(count, 667 - 120, 667 + 120));
    }

    [Fact]
    public void The_ring_holds_the_newest_windows()
    {
        var ring = new WindowRing(7);
        for (int i = 0; i < 50; i++)
        {
            var left = ring.Add(new ReplayWindow(1, 1, 1) { Position = i });
            Assert.Equal(i < 7 ? -1 : i - 7, left?.Position ?? -1);
            for (int j = 0; j < ring.Count; j++) Assert.Equal(i - j, ring.Newest(j).Position);
        }
    }

    [Fact]
    public void The_replay_is_bounded_and_draws_from_recent_and_older_text_but_never_from_what_is_held_out()
    {
        var options = new OnlineTrainerOptions { WindowLength = Length, TopK = TopK, RecentWindows = 50, ReservoirWindows = 40, HeldOutWindows = 30, HeldOutStride = 3 };
        var replay = new ReplayBuffer(options, Width, new Random(1));
        var assembler = new WindowAssembler(Length, Width, TopK, options.HeldOutStride);
        var heldOut = new HashSet<int>();
        for (int sequence = 0; sequence < 300; sequence++)
            assembler.Add(Record(sequence, 0, Length + 3), tail =>
            {
                replay.Add(tail);
                if (tail.IsHeldOut) heldOut.Add(sequence);
            });
        Assert.Equal((50, 40, 30), (replay.Recent, replay.Older, replay.HeldOut.Count));
        var batch = new Modeling.Training.HeadExample[8];
        int older = 0, drawn = 0;
        for (int i = 0; i < 500; i++)
        {
            replay.Draw(batch);
            foreach (var example in batch)
            {
                int sequence = example.Tokens[0] / 1000;
                Assert.DoesNotContain(sequence, heldOut);
                drawn++;
                if (sequence < 260) older++;
            }
        }
        Assert.InRange((double)older / drawn, 0.15, 0.4);
        replay.Clear();
        Assert.Equal((0, 0, 0), (replay.Recent, replay.Older, replay.HeldOut.Count));
    }

    // Every value says which sequence and position it belongs to.
    private static VerificationRecord Record(int sequence, int position, int count)
    {
        var record = new VerificationRecord(8, Width, TopK) { Namespace = "n", Sequence = sequence, Position = position, Count = count, DraftVersion = -1 };
        for (int i = 0; i <= count; i++) record.Tokens[i] = Token(sequence, position + i);
        for (int i = 0; i < count; i++)
        {
            record.State(i).Fill(Token(sequence, position + i) + 0.5f);
            for (int k = 0; k < TopK; k++)
            {
                record.TopTokens[i * TopK + k] = Token(sequence, position + i) + k;
                record.TopProbabilities[i * TopK + k] = 1f / (2 + k);
            }
        }
        return record;
    }

    private static int Token(int sequence, int position) => sequence * 1000 + position;

    private static void AssertSlice(ReplayWindow window, int sequence)
    {
        int first = (int)window.Position;
        var state = new float[Width];
        window.State.Read(0, state);
        Assert.All(state, value => Assert.Equal(Token(sequence, first - 1) + 0.5f, value));
        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(Token(sequence, first + i), window.Example.Tokens[i]);
            Assert.Equal(Token(sequence, first + i + 1), window.Next[i]);
            Assert.Equal(Token(sequence, first + i) + 1, window.Example.TopTokens[i * TopK + 1]);
            Assert.Equal(1f / 3, window.Example.TopProbabilities[i * TopK + 1]);
        }
    }
}
