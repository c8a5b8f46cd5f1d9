using System.CommandLine;
using System.CommandLine.Parsing;

namespace Atlas.Host.Service.Configuration;

/// <summary>
/// Options of a command that the command line leaves out and the environment or a file sets, in this order. They become further arguments, so
/// that they are read and checked as those of the command line are.
/// </summary>
internal sealed class ConfiguredOptions
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];
    private readonly List<string> _faults = [];

    /// <summary>Reads the sources, the first of which goes first.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="sources">Where else options may stand.</param>
    /// <param name="elsewhere">Options that are settled before: the file's own name.</param>
    public ConfiguredOptions(ParseResult parsed, IReadOnlyList<OptionSource> sources, Option elsewhere)
    {
        Option[] options = [.. parsed.CommandResult.Command.Options.Where(option => option.Action is null)];
        var keys = options.Select(option => OptionSource.KeyOf(option.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            _faults.AddRange(source.Faults);
            foreach (string place in source.PlacesOtherThan(keys)) _faults.Add($"{place} is no option; expected one that --help lists");
        }
        foreach (var option in options.Where(option => option != elsewhere && parsed.GetResult(option) is null or { Implicit: true }))
        {
            foreach (var source in sources)
            {
                if (source.Find(option.Name) is not { } found) continue;
                _places[option.Name] = found.Place;
                _arguments.AddRange(found.Values.Select(value => $"{option.Name}={value}"));
                break;
            }
        }
    }

    /// <summary>What the sources add to the command line.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>What is wrong with the sources themselves, one line for each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>
    /// What the parser found wrong, one line for each option, with the place that its value comes from where that is not the command line. Of
    /// several errors of an option the last says it best: it is the option's own.
    /// </summary>
    public IEnumerable<string> FaultsOf(ParseResult parsed) =>
        parsed.Errors.GroupBy(error => (object?)OptionOf(error) ?? error).Select(errors => Locate(errors.Last().Message, OptionOf(errors.Last())));

    /// <summary>A fault that names an option, with the place that its value comes from where that is not the command line.</summary>
    public string Locate(string fault)
    {
        foreach (string option in _places.Keys)
            if (Names(fault, option))
                return Locate(fault, option);
        return fault;
    }

    private string Locate(string fault, string? option) =>
        option is not null && _places.TryGetValue(option, out string? place) ? $"{fault} ({option} is set by {place})" : fault;

    private static string? OptionOf(ParseError error) => (error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult)?.Option.Name;

    private static bool Names(string fault, string option)
    {
        int at = fault.IndexOf(option, StringComparison.Ordinal);
        if (at < 0) return false;
        int end = at + option.Length;
        return end == fault.Length || (fault[end] != '-' && !char.IsAsciiLetterOrDigit(fault[end]));
    }
}
