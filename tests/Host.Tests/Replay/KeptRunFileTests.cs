using Atlas.Evaluation.Replay;
using Atlas.Host.Replay;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Host.Tests.Replay;

/// <summary>What a kept run's file says after something befell it: the same as before, or nothing.</summary>
public sealed class KeptRunFileTests
{
    private static readonly Lazy<KeptRun> Made = new(() =>
    {
        using var session = new CountedSession();
        var source = CountedSession.Source(requests: 6);
        return KeptRun.Of(RunIdentity.Of(session, source), session.Run(source) with { Differences = [new(2, "a", "atlas", 3)] });
    });

    [Fact]
    public void A_file_gives_back_all_of_a_run()
    {
        byte[] bytes = KeptRunFile.Bytes(Made.Value);
        var parsed = KeptRunFile.Parse(bytes);
        Assert.Equal(bytes, KeptRunFile.Bytes(KeptRun.Of(parsed.Identity, parsed.Restore("s"))));
        var (before, after) = (ReplayLog.Restore(Made.Value.Trace, Made.Value.Strategies), parsed.Restore("s"));
        Assert.Equal(Made.Value.Differences, after.Differences);
        foreach (string name in before.Strategies)
        {
            Assert.Equal(before.Total(name), after.Log.Total(name));
            Assert.True(double.IsNaN(after.Log.Total(name).LatencySeconds));
        }
    }

    [Fact]
    public void Part_of_a_file_is_none()
    {
        byte[] bytes = KeptRunFile.Bytes(Made.Value);
        for (int length = 0; length < bytes.Length; length += 1 + length / 50)
            Assert.Throws<InvalidDataException>(() => KeptRunFile.Parse(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Bytes_that_changed_never_give_another_run() => Prop.ForAll<(byte Kind, NonNegativeInt Place, byte Value, byte Length)>(change =>
    {
        byte[] whole = KeptRunFile.Bytes(Made.Value);
        return IsNoneOrTheSame(Changed([.. whole], change.Kind % 4, (int)(change.Place.Get * 7919L % whole.Length), change.Value, change.Length % 16 + 1), whole);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(10_000));

    [Fact]
    public void A_digit_that_changed_never_gives_another_count()
    {
        byte[] whole = KeptRunFile.Bytes(Made.Value);
        var random = new Random(5);
        int[] digits = [.. Enumerable.Range(0, whole.Length).Where(i => char.IsAsciiDigit((char)whole[i]))];
        for (int i = 0; i < 500; i++)
        {
            byte[] changed = [.. whole];
            changed[digits[random.Next(digits.Length)]] = (byte)('0' + random.Next(10));
            Assert.True(IsNoneOrTheSame([.. changed], whole));
        }
    }

    [Fact]
    public void A_run_that_is_not_whole_is_refused_whatever_its_file_says()
    {
        var made = Made.Value;
        var first = made.Strategies[0];
        KeptRun[] wrong =
        [
            made with { Strategies = [] },
            made with { Strategies = [first, first] },
            made with { Trace = made.Trace with { Requests = [] } },
            made with { Trace = made.Trace with { Requests = [.. made.Trace.Requests.Skip(1)] } },
            made with { Trace = made.Trace with { Requests = [default, .. made.Trace.Requests.Skip(1)] } },
            made with { Strategies = [first with { Served = [.. first.Served.Skip(1)] }] },
            made with { Strategies = [first with { States = [.. first.States.Skip(1)] }] },
            made with { Strategies = [first with { Served = [first.Served[0] with { Tokens = -1 }, .. first.Served.Skip(1)] }] },
            made with { Strategies = [first with { Served = [first.Served[0] with { Requests = 2 }, .. first.Served.Skip(1)] }] },
            made with { Strategies = [first with { Served = [.. first.Served.Select(one => one with { Tokens = 0 })] }] },
        ];
        foreach (var run in wrong) Assert.Throws<InvalidDataException>(() => run.Restore("s"));
    }

    private static byte[] Changed(List<byte> bytes, int kind, int place, byte value, int length)
    {
        int count = Math.Min(length, bytes.Count - place);
        switch (kind)
        {
            case 0: bytes[place] = value; break;
            case 1: bytes.InsertRange(place, Enumerable.Repeat(value, length)); break;
            case 2: bytes.RemoveRange(place, count); break;
            default: bytes.InsertRange(place, bytes.GetRange(place, count)); break;
        }
        return [.. bytes];
    }

    private static bool IsNoneOrTheSame(byte[] changed, byte[] whole)
    {
        try
        {
            return KeptRunFile.Bytes(KeptRunFile.Parse(changed)).AsSpan().SequenceEqual(whole);
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}
