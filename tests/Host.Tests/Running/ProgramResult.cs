using System.Text.Json;

namespace Atlas.Host.Tests.Running;

/// <summary>What one run of the program left: exit code and the text of both streams.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of standard output as JSON, which <c>--json</c> promises.</summary>
    public JsonElement Json
    {
        get
        {
            Done();
            Assert.EndsWith("\n", Output, StringComparison.Ordinal);
            using var document = JsonDocument.Parse(Output.TrimEnd('\n').Split('\n')[^1]);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Asserts that the program did what it was asked, and complained of nothing.</summary>
    public ProgramResult Done()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Equal("", Error);
        return this;
    }

    /// <summary>Asserts that the program refused: exit code 2, one line that holds each of <paramref name="mentions"/>, no output.</summary>
    public void Refused(params string[] mentions)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Equal("", Output);
        Assert.StartsWith("atlas: ", Error, StringComparison.Ordinal);
        Assert.Equal(Error.Length - 1, Error.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        foreach (string mention in mentions) Assert.Contains(mention, Error, StringComparison.Ordinal);
    }
}
