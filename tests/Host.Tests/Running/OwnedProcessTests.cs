using System.Diagnostics;

namespace Atlas.Host.Tests.Running;

public sealed class OwnedProcessTests
{
    [UnixFact]
    public async Task A_service_does_not_outlive_the_test_that_lets_go_of_it_whatever_became_of_the_test()
    {
        using var scratch = new Scratch();
        int id;
        using (var process = AtlasProgram.Start(["serve", "--sidecar", "--vocabulary", "50", "--listen", scratch.At("a.sock")]))
        {
            id = process.Id;
            Assert.Equal($"atlas serves on unix:{scratch.At("a.sock")}", await process.StandardOutput.ReadLineAsync());
        }
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [UnixFact]
    public void Nor_does_what_it_started_itself()
    {
        int id;
        using (var process = OwnedProcess.Start(new ProcessStartInfo("sh", ["-c", "sleep 600 & echo $!; wait"]) { RedirectStandardOutput = true }))
            id = int.Parse(process.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(SpinWait.SpinUntil(() => HasEnded(id), TimeSpan.FromSeconds(30)));
    }

    // Somebody has still to take note of its end, which is not ours to wait for.
    private static bool HasEnded(int id)
    {
        string status = $"/proc/{id}/status";
        return !File.Exists(status) || File.ReadLines(status).Any(line => line.StartsWith("State:", StringComparison.Ordinal) && line.Contains('Z', StringComparison.Ordinal));
    }
}
