using System.Diagnostics;

namespace Atlas.Compute.Cpu.Tests.Invariance;

/// <summary>The same bits in processes that may not use some instructions: the runtime then takes other paths than on this machine.</summary>
public class InstructionSetTests
{
    [Theory]
    [InlineData("EnableAVX512", "AVX-512")]
    [InlineData("EnableAVX2", "AVX2")]
    [InlineData("EnableHWIntrinsic", "128-bit")]
    public void Bits_are_the_same_without_some_instructions(string setting, string absent)
    {
        var (kernels, digest) = RunWithout(setting);
        Assert.NotEqual(absent, kernels);
        Assert.NotEqual("AVX-512", kernels);
        if (setting == "EnableHWIntrinsic") Assert.Equal("scalar", kernels);
        Assert.Equal(LogitsDigest.Compute(), digest);
    }

    private static (string Kernels, string Digest) RunWithout(string setting)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(LogitsDigest).Assembly.Location);
        start.Environment[$"DOTNET_{setting}"] = "0";
        using var process = Process.Start(start)!;
        string[] words = process.StandardOutput.ReadToEnd().Trim().Split(' ');
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (words[0], words[1]);
    }
}
