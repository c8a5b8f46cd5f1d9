using System.Globalization;
using System.Text.Json;
using Atlas.Host.CommandLine;
using Microsoft.Extensions.Configuration;

namespace Atlas.Host.Service.Configuration;

/// <summary>
/// Values of options of <c>atlas serve</c> from one place beside the command line. Names are compared by letters and digits alone, so
/// <c>--kv-memory-mib</c> is <c>KvMemoryMib</c> in a file and <c>ATLAS_SERVE_KV_MEMORY_MIB</c> in the environment. Empty values are none.
/// </summary>
internal sealed class OptionSource
{
    /// <summary>What the names of environment variables begin with.</summary>
    public const string Prefix = "ATLAS_SERVE_";

    /// <summary>The section of a file that is read; others may stand beside it.</summary>
    public const string Section = "Atlas";

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Func<string, string> _path;

    private OptionSource(IConfiguration options, Func<string, string> path)
    {
        _path = path;
        foreach (var option in options.GetChildren()) Add(option);
    }

    /// <summary>What is wrong with the place itself, one line for each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The environment of this process.</summary>
    public static OptionSource FromEnvironment() =>
        new(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(), name => Prefix + name.ToUpperInvariant());

    /// <summary>Section <c>Atlas</c> of a JSON file, in which comments and trailing commas may stand.</summary>
    /// <exception cref="UsageException">It cannot be read, or is no JSON object.</exception>
    public static OptionSource FromFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new OptionSource(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection(Section), name => $"{path}: {Section}:{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException or ArgumentException)
        {
            throw new UsageException($"{path}: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}; expected a JSON object with a section {Section}");
        }
    }

    /// <summary>How an option's name is compared.</summary>
    public static string KeyOf(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>An option's values, none of them empty, and where they stand; null where it has none here.</summary>
    public (IReadOnlyList<string> Values, string Place)? Find(string option) =>
        _entries.TryGetValue(KeyOf(option), out var entry) ? (entry.Values, _path(entry.Name)) : null;

    /// <summary>Where names stand that are none of these.</summary>
    public IEnumerable<string> PlacesOtherThan(IReadOnlySet<string> keys) =>
        _entries.Where(entry => !keys.Contains(entry.Key)).Select(entry => _path(entry.Value.Name));

    private void Add(IConfigurationSection option)
    {
        var elements = option.GetChildren().ToArray();
        if (elements.Any(element => !int.TryParse(element.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) || element.GetChildren().Any()))
        {
            Faults.Add($"{_path(option.Key)} holds more than values; expected a value, or a list of them");
            return;
        }
        string[] values = [.. elements.OrderBy(element => int.Parse(element.Key, CultureInfo.InvariantCulture)).Select(element => element.Value).Prepend(option.Value).OfType<string>().Where(value => value.Length > 0)];
        if (values.Length > 0 && !_entries.TryAdd(KeyOf(option.Key), new Entry(option.Key, values))) Faults.Add($"{_path(option.Key)} is given twice; expected one of them");
    }

    private sealed record Entry(string Name, IReadOnlyList<string> Values);
}
