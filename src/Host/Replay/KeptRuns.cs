using System.Globalization;

namespace Atlas.Host.Replay;

/// <summary>
/// The finished runs in <c>runs</c> of a folder of results, a file each, written when the run has ended. A command that was interrupted, given again,
/// takes them up; one that would not make the same run replaces it.
/// </summary>
/// <param name="directory">The folder of results.</param>
internal sealed class KeptRuns(string directory)
{
    private readonly string _directory = Path.Combine(directory, "runs");

    /// <summary>The run that is kept, or else a new one, which is kept from now on.</summary>
    /// <param name="job">What the report is called.</param>
    /// <param name="source">What is replayed.</param>
    /// <param name="session">How.</param>
    public ReplayRun Run(string job, ReplaySource source, IReplaySession session)
    {
        if (!source.IsRepeatable)
        {
            Console.WriteLine($"{source.Name} can be read only once: its run is not kept");
            return session.Run(source);
        }
        string path = Path.Combine(_directory, job + (source.Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"-seed-{seed}") : "") + ".json");
        var identity = RunIdentity.Of(session, source);
        if (Find(path, source, identity) is { } kept) return kept;
        Directory.CreateDirectory(_directory);
        var run = session.Run(source);
        KeptRunFile.Save(path, KeptRun.Of(identity, run));
        return run;
    }

    private static ReplayRun? Find(string path, ReplaySource source, RunIdentity identity)
    {
        if (!File.Exists(path)) return null;
        string reason;
        try
        {
            var kept = KeptRunFile.Parse(File.ReadAllBytes(path));
            if (kept.Identity.DifferenceFrom(identity) is not { } difference)
            {
                var run = kept.Restore(source.Name);
                Console.WriteLine($"{source.Name}: taken up from {path}");
                return run;
            }
            reason = difference;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            reason = e.Message.ReplaceLineEndings(" ");
        }
        Console.WriteLine($"{source.Name}: replayed anew, {path} is {reason}");
        return null;
    }
}
