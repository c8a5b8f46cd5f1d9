using System.CommandLine;
using System.Globalization;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Replay;

/// <summary>The options of a replay in which a target generates.</summary>
internal sealed class LiveOptionSet
{
    private const string BackToBack = "back-to-back";
    private const string Real = "real";
    private const string Scaled = "scaled:";
    private const double MostScale = 1e6;
    private const int MostBatch = 32;

    private static readonly string[] ServiceDecides = ["--target", "--draft", "--dtype", "--engine", "--threads", "--pin", "--max-batch", "--lookahead"];

    private readonly ModelOptions _models = new();

    private readonly Option<string> _arrivals = new("--arrivals")
    {
        Description = "Live: when requests come: back-to-back (one at a time), real (by the trace's clock), or scaled:X (its gaps times X).",
        HelpName = "how",
        DefaultValueFactory = _ => BackToBack,
    };

    private readonly Option<string?> _connect = new("--connect")
    {
        Description = "Live: a running service generates (unix:PATH, tcp:HOST:PORT or a path with a slash), in place of this process.",
        HelpName = "endpoint",
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "With --connect: file whose first line is the service's bearer token.", HelpName = "file" };
    private readonly Option<int> _batch = WholeNumber.Option("--max-batch", 8, 1, "Live: most requests decoded at once, where they come by a clock.");
    private readonly Option<int> _maxTokens = WholeNumber.Option("--max-tokens", 192, 1, "Live: most tokens emitted per request; a trace may ask for fewer.");

    public LiveOptionSet()
    {
        _batch.MustBe(n => n <= MostBatch, $"1 to {MostBatch}");
        _arrivals.MustBe(text => text is BackToBack or Real || ScaleOf(text) is not null, $"{BackToBack}, {Real}, or {Scaled}X with a positive number such as {Scaled}0.5");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_arrivals, _batch, _maxTokens, _connect, _tokenFile]) command.Add(option);
        _models.AddTo(command);
    }

    /// <summary>A session with a target: in this process, or behind a service.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="strategies">Those that were asked for; null for all that are possible.</param>
    /// <param name="lookahead">Where the budget is fixed.</param>
    /// <exception cref="UsageException">Options contradict each other, or what they name is not there.</exception>
    public IReplaySession Open(ParseResult parsed, IReadOnlyList<string>? strategies, int lookahead)
    {
        var options = Read(parsed, strategies, lookahead);
        if (parsed.GetValue(_connect) is not { } endpoint)
        {
            if (parsed.GetValue(_tokenFile) is not null) throw new UsageException("--token-file goes with --connect only");
            var models = _models.Choice(parsed);
            return new LiveSession(_models.Engine.Create(parsed), models, options);
        }
        foreach (var option in parsed.CommandResult.Command.Options)
            if (ServiceDecides.Contains(option.Name) && parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} is the service's own affair; expected no --connect");
        try
        {
            return new ServiceSession(RpcEndpoint.Parse(endpoint), TokenFile.Read(parsed.GetValue(_tokenFile)), options);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--connect: {e.Message}");
        }
    }

    private LiveOptions Read(ParseResult parsed, IReadOnlyList<string>? strategies, int lookahead)
    {
        string text = parsed.GetValue(_arrivals)!;
        if (text == BackToBack && parsed.GetResult(_batch) is { Implicit: false }) throw new UsageException($"--max-batch has no meaning with --arrivals {BackToBack}; expected {Real} or {Scaled}X");
        var arrivals = text == BackToBack ? null : new ArrivalTimes(text == Real ? 1 : ScaleOf(text)!.Value, parsed.GetValue(_batch));
        return new LiveOptions(strategies, lookahead, parsed.GetValue(_maxTokens), arrivals, text);
    }

    private static double? ScaleOf(string? text) =>
        text is not null && text.StartsWith(Scaled, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(Scaled.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double scale) && scale is > 0 and <= MostScale
            ? scale
            : null;
}
