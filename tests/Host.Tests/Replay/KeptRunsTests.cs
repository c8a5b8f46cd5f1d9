using Atlas.Evaluation.Replay;
using Atlas.Host.Replay;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Replay;

public sealed class KeptRunsTests
{
    [Fact]
    public void A_kept_run_is_not_replayed_and_has_the_same_figures()
    {
        using var scratch = new Scratch();
        using var session = new CountedSession();
        var first = new KeptRuns(scratch.Path).Run("job", CountedSession.Source(), session);
        var second = new KeptRuns(scratch.Path).Run("job", CountedSession.Source(), session);
        Assert.Equal(1, session.Runs);
        Assert.Equal(Page(first, session), Page(second, session));
        Assert.Equal([scratch.At("runs", "job.json")], Directory.GetFileSystemEntries(scratch.At("runs")));
    }

    [Fact]
    public void Seeds_and_reports_have_files_of_their_own()
    {
        using var scratch = new Scratch();
        using var session = new CountedSession();
        var kept = new KeptRuns(scratch.Path);
        foreach (var (job, seed) in new[] { ("one", 1UL), ("one", 2UL), ("two", 1UL), ("one", 1UL), ("two", 1UL) }) kept.Run(job, CountedSession.Source(seed: seed), session);
        Assert.Equal(3, session.Runs);
    }

    [Fact]
    public void A_run_of_anything_else_is_replayed_and_replaced()
    {
        using var scratch = new Scratch();
        var kept = new KeptRuns(scratch.Path);
        using var usual = new CountedSession();
        CountedSession[] others =
        [
            new() { Manner = usual.Manner with { Mode = "live" } }, new() { Manner = usual.Manner with { Description = "other" } },
            new() { Manner = usual.Manner with { Arrivals = "real" } }, new() { Engine = usual.Engine with { Threads = 9 } }, new() { Engine = usual.Engine with { Device = "other" } },
            new() { Models = [("target", "directory", "f00")] }, new() { Strategies = [ReplayStrategies.Plain] }, new() { Settings = "--tokens words" },
        ];
        foreach (var other in others)
        {
            kept.Run("job", CountedSession.Source(), usual);
            int before = usual.Runs;
            kept.Run("job", CountedSession.Source(), other);
            kept.Run("job", CountedSession.Source(), other);
            Assert.Equal(1, other.Runs);
            kept.Run("job", CountedSession.Source(), usual);
            Assert.Equal(before + 1, usual.Runs);
            other.Dispose();
        }
        int replayed = usual.Runs;
        Assert.Equal(11, kept.Run("job", CountedSession.Source(requests: 11), usual).Log.Count);
        Assert.Equal(replayed + 1, usual.Runs);
    }

    [Fact]
    public void A_run_of_another_commit_is_no_run_of_this_one()
    {
        using var session = new CountedSession();
        var identity = RunIdentity.Of(session, CountedSession.Source());
        Assert.Null(identity.DifferenceFrom(RunIdentity.Of(session, CountedSession.Source())));
        Assert.Contains("abc", identity.DifferenceFrom(identity with { Program = "abc" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("{\"digest\": null, \"run\": null}")]
    [InlineData("{\"digest\": \"\", \"run\": {\"identity\": {}, \"trace\": {}, \"strategies\": [null]}}")]
    public void A_foreign_file_is_replaced(string content)
    {
        using var scratch = new Scratch();
        using var session = new CountedSession();
        string file = Path.Combine(Directory.CreateDirectory(scratch.At("runs")).FullName, "job.json");
        File.WriteAllText(file, content);
        var kept = new KeptRuns(scratch.Path);
        Assert.Equal(12, kept.Run("job", CountedSession.Source(), session).Log.Count);
        kept.Run("job", CountedSession.Source(), session);
        Assert.Equal(1, session.Runs);
    }

    [Fact]
    public void What_can_be_read_only_once_is_not_kept()
    {
        using var scratch = new Scratch();
        using var session = new CountedSession();
        var kept = new KeptRuns(scratch.Path);
        for (int i = 0; i < 2; i++) kept.Run("job", CountedSession.Source() with { IsRepeatable = false }, session);
        Assert.Equal(2, session.Runs);
        Assert.False(Directory.Exists(scratch.At("runs")));
    }

    // Dates are those of the summary, which both share.
    private static (string Figures, string Page) Page(ReplayRun run, CountedSession session)
    {
        var summary = new ReplaySummary("job", [run], null, session.Manner, Provenance);
        return (ReplayJson.Object(summary).ToJsonString(), ReplayPage.Create(summary).ToString()!);
    }

    private static readonly Provenance Provenance = new([], new("cpu", "none", 1, true), [], []);
}
