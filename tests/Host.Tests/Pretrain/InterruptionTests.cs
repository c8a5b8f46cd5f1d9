using System.Diagnostics;
using System.Text.RegularExpressions;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>A training that is ended midway and run again ends with the bytes of one that was left alone.</summary>
public sealed class InterruptionTests(WholeTraining whole) : IClassFixture<WholeTraining>
{
    [Fact]
    public void Killed_and_run_again_it_ends_with_the_same_bytes()
    {
        using var scratch = new Scratch();
        using (var process = AtlasProgram.Start(whole.Arguments(scratch.At("pair"))))
        {
            WaitForCheckpoint(process, scratch.At("pair-checkpoints", "target"));
            process.Kill();
            process.WaitForExit();
        }
        Assert.False(Directory.Exists(scratch.At("pair", "target")));
        ContinuesToTheSameBytes(scratch.At("pair"), whole.Arguments(scratch.At("pair")), beyond: 20);
    }

    [UnixFact]
    public void Interrupted_it_writes_a_checkpoint_says_so_and_continues()
    {
        using var scratch = new Scratch();
        // No checkpoint is due before the end: the one that is there afterwards was written because of the interrupt.
        string[] arguments = whole.Arguments(scratch.At("pair"), "rare.json");
        using (var process = AtlasProgram.Start(arguments))
        {
            while (process.StandardOutput.ReadLine()?.Contains(" update 1 ", StringComparison.Ordinal) == false) { }
            ProcessSignal.Terminate(process);
            Assert.Equal("atlas: interrupted\n", process.StandardError.ReadToEnd());
            process.WaitForExit();
            Assert.Equal(1, process.ExitCode);
        }
        string checkpoint = Assert.Single(Directory.GetDirectories(scratch.At("pair-checkpoints", "target"), "step-*"));
        Assert.True(File.Exists(Path.Combine(checkpoint, "state.json")));
        ContinuesToTheSameBytes(scratch.At("pair"), arguments, beyond: 1);
    }

    private void ContinuesToTheSameBytes(string output, string[] arguments, int beyond)
    {
        string lines = AtlasProgram.Run(arguments).Done().Output;
        int first = int.Parse(Regex.Match(lines, @"target \[.*? update (\d+) ").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(first > beyond, $"it began at update {first}");
        foreach (string model in (string[])["target", "draft"])
            foreach (string file in (string[])["config.json", "model.safetensors", "tokenizer.json"])
                Assert.True(
                    File.ReadAllBytes(Path.Combine(whole.Output, model, file)).AsSpan()
                        .SequenceEqual(File.ReadAllBytes(Path.Combine(output, model, file))),
                    $"{model}/{file} differs");
    }

    private static void WaitForCheckpoint(Process process, string directory)
    {
        var clock = Stopwatch.StartNew();
        while (!Directory.Exists(directory) || Directory.GetDirectories(directory, "step-*").Length < 2)
        {
            Assert.False(process.HasExited, "it ended before it could be interrupted");
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "no checkpoint was written");
            Thread.Sleep(2);
        }
    }
}
