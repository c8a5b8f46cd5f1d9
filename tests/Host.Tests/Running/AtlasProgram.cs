using System.Diagnostics;
using System.Text;

namespace Atlas.Host.Tests.Running;

/// <summary>Runs the real <c>atlas</c>, which the build puts beside these tests, as a process of its own.</summary>
internal static class AtlasProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static ProgramResult Run(params string[] arguments) => Run(arguments, input: "");

    /// <summary>Runs to the end with the given standard input.</summary>
    public static ProgramResult Run(string[] arguments, string input, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        return Finish(process, arguments, input);
    }

    /// <summary>Runs to the end in a working directory of its own.</summary>
    public static ProgramResult RunIn(string workingDirectory, params string[] arguments)
    {
        var start = StartInfo(arguments);
        start.WorkingDirectory = workingDirectory;
        using var process = OwnedProcess.Start(start);
        return Finish(process, arguments, input: "");
    }

    private static ProgramResult Finish(Process process, string[] arguments, string input)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            using var writer = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(false));
            writer.Write(input);
        }
        catch (IOException)
        {
            // It ended without reading its input.
        }
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            Assert.Fail($"atlas {string.Join(' ', arguments)} did not end within {Limit}");
        }
        return new ProgramResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts it; the caller reads, waits and disposes.</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = StartInfo(arguments);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return OwnedProcess.Start(start);
    }

    /// <summary>Starts it by another program, whose last arguments its command line becomes; the caller reads, waits and disposes.</summary>
    public static Process StartBehind(string[] launcher, string[] arguments)
    {
        var start = StartInfo(arguments);
        string[] all = [.. launcher[1..], start.FileName, .. start.ArgumentList];
        start.FileName = launcher[0];
        start.ArgumentList.Clear();
        foreach (string argument in all) start.ArgumentList.Add(argument);
        return OwnedProcess.Start(start);
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "atlas.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
