using Spectre.Console;

namespace Atlas.Host.CommandLine;

/// <summary>How wide tables may be.</summary>
internal static class TableWidth
{
    private const int RedirectedWidth = 120;

    /// <summary>Gives tables their width where output is no terminal.</summary>
    public static void Widen()
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, RedirectedWidth);
    }
}
