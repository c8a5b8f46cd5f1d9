using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Speculator.Adaptive.Tests.Learned;

public sealed class LearnedSlotTests
{
    [Fact]
    public void A_version_is_held_while_it_is_published_and_while_drafts_are_made_with_it()
    {
        LearnedVersion first = new(1, null!), second = new(2, null!);
        var slot = new LearnedSlot();
        Assert.Null(slot.Acquire());
        slot.Publish(first);
        Assert.True(slot.Holds(first));
        Assert.Same(first, slot.Acquire());
        slot.Publish(second);
        Assert.True(slot.Holds(first) && slot.Holds(second));
        slot.Release();
        Assert.False(slot.Holds(first));
        Assert.Same(second, slot.Acquire());
        slot.Publish(null);
        Assert.True(slot.Holds(second));
        slot.Release();
        Assert.False(slot.Holds(second));
        Assert.Null(slot.Acquire());
    }

    [Fact]
    public async Task A_version_that_is_not_held_is_never_acquired_again()
    {
        // The publisher marks a version dead as soon as the slot says that nobody holds it; the drafting thread must never see a dead one.
        var slot = new LearnedSlot();
        var dead = new bool[200_000];
        bool ended = false;
        long seen = 0;
        var publisher = Task.Run(() =>
        {
            var retired = new Queue<LearnedVersion>();
            for (int i = 0; i < dead.Length; i++)
            {
                // However the system shares out the processors, the two take turns now and then.
                if (i % 1000 == 999) SpinWait.SpinUntil(() => Volatile.Read(ref seen) > i / 1000);
                var before = slot.Published;
                slot.Publish(new LearnedVersion(i, null!));
                if (before is not null) retired.Enqueue(before);
                while (retired.TryPeek(out var oldest) && !slot.Holds(oldest)) Volatile.Write(ref dead[retired.Dequeue().Number], true);
            }
            Volatile.Write(ref ended, true);
        });
        while (!Volatile.Read(ref ended))
        {
            if (slot.Acquire() is { } version)
            {
                Assert.False(Volatile.Read(ref dead[version.Number]));
                Interlocked.Increment(ref seen);
                Assert.False(Volatile.Read(ref dead[version.Number]));
            }
            slot.Release();
        }
        await publisher;
        Assert.True(seen > 0);
    }
}
