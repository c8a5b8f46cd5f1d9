using System.CommandLine;
using System.CommandLine.Help;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Service.Configuration;

/// <summary>Where <c>atlas serve</c> finds options that are not on its command line: the environment, then a file.</summary>
internal static class ServeConfiguration
{
    // Read where it is there and no other is named.
    private const string DefaultFile = "appsettings.json";

    /// <summary>Names the file; commands that have this option are configured by it.</summary>
    public static Option<string?> File { get; } = new("--config")
    {
        Description = $"JSON file whose section {OptionSource.Section} sets options that neither the command line nor the environment sets. Default: {DefaultFile} of the working directory, where there is one.",
        HelpName = "file",
    };

    /// <summary>Reads them; null for a command that is not configured so, and for one that is only asked for its help.</summary>
    /// <exception cref="UsageException">A file that was named cannot be read, or the file is no JSON.</exception>
    public static ConfiguredOptions? Read(ParseResult parsed)
    {
        if (!parsed.CommandResult.Command.Options.Contains(File) || parsed.Action is HelpAction) return null;
        var environment = OptionSource.FromEnvironment();
        List<OptionSource> sources = [environment];
        string? file = parsed.GetValue(File) ?? environment.Find(File.Name)?.Values[0] ?? (System.IO.File.Exists(DefaultFile) ? DefaultFile : null);
        if (file is not null) sources.Add(OptionSource.FromFile(file));
        return new ConfiguredOptions(parsed, sources, File);
    }
}
