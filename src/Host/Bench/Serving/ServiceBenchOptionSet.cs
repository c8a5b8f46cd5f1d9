using System.CommandLine;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling;

namespace Atlas.Host.Bench.Serving;

/// <summary>The options of <c>atlas bench --service</c>.</summary>
internal sealed class ServiceBenchOptionSet
{
    private readonly Option<bool> _service = new("--service") { Description = "Measures something else: the service, over a Unix domain socket of this process." };
    private readonly Option<string?> _target = new("--target") { Description = "With --service: directory of the target. Default: the shipped pair.", HelpName = "dir" };
    private readonly Option<string?> _draft = new("--draft") { Description = "With --service: directory of the draft model.", HelpName = "dir" };
    private readonly Option<int> _calls = WholeNumber.Option("--calls", 8000, 40, "With --service: draft calls that a median is taken over.");
    private readonly Option<int> _served = WholeNumber.Option("--served-requests", 32, 1, "With --service: requests of a turn.");
    private readonly Option<int> _tokens = WholeNumber.Option("--served-tokens", 128, 2, "With --service: most tokens of a request.");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_service, _target, _draft, _calls, _served, _tokens]) command.Add(option);
    }

    /// <summary>Whether the service is to be measured.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_service);

    /// <summary>Draft calls.</summary>
    public int Calls(ParseResult parsed) => parsed.GetValue(_calls);

    /// <summary>Requests of a turn, and tokens of each.</summary>
    public (int Requests, int Tokens) Size(ParseResult parsed) => (parsed.GetValue(_served), parsed.GetValue(_tokens));

    /// <summary>Which models are served.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="format">How their matrices are kept.</param>
    /// <exception cref="UsageException">No pair is there.</exception>
    public ModelChoice Models(ParseResult parsed, WeightFormat format)
    {
        if (parsed.GetValue(_target) is { } target) return new ModelChoice(target, parsed.GetValue(_draft), format);
        var pair = ShippedPair.Find();
        return new ModelChoice(pair.Target, parsed.GetValue(_draft) ?? pair.Draft, format);
    }
}
