using System.CommandLine;
using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;

namespace Atlas.Host.Rl;

/// <summary>The options that say which run it is, and what it is priced for.</summary>
internal sealed class RlOptionSet
{
    private const string ShippedConfig = "experiments/rl/reference.json";
    private const string ShippedTable = "experiments/rl/roofline-8b-h100.json";

    private readonly Option<string?> _config = new("--config")
    {
        Description = $"What the run does: tasks, samples, learning. Default: the shipped {ShippedConfig}.",
        HelpName = "file",
    };

    private readonly Option<int?> _steps = new("--steps") { Description = "Steps, in place of the configuration's: a longer or shorter run of the same." };

    private readonly Option<string?> _checkpoints = new("--checkpoints")
    {
        Description = "Directory of checkpoints; a run continues the newest whole one there. Default: runs/rl- and the name of --config.",
        HelpName = "dir",
    };

    private readonly Option<string?> _table = new("--latency-table")
    {
        Description = "Prices the rollouts for another machine too, by this table of rows and step times (JSON); a simulation. Default: the shipped "
            + $"{ShippedTable}.",
        HelpName = "file",
    };

    public RlOptionSet()
    {
        _steps.MustBe(n => n is null or (>= 1 and <= 1_000_000), "1 to 1000000");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_config, _steps, _checkpoints, _table]) command.Add(option);
    }

    /// <summary>The run that was asked for.</summary>
    public PolicyRunConfig Config(ParseResult parsed)
    {
        var config = PolicyRunConfig.Read(ConfigPath(parsed));
        return parsed.GetValue(_steps) is { } steps ? config with { Steps = steps } : config;
    }

    /// <summary>Where its checkpoints are.</summary>
    public string Checkpoints(ParseResult parsed) =>
        parsed.GetValue(_checkpoints) ?? Path.Combine("runs", "rl-" + Path.GetFileNameWithoutExtension(ConfigPath(parsed)));

    /// <summary>The machine that it is priced for; null where none was named and the shipped one is not there.</summary>
    public MachineTable? Table(ParseResult parsed) => (parsed.GetValue(_table) ?? ShippedPath.Find(ShippedTable)) is { } path ? MachineTable.Read(path) : null;

    private string ConfigPath(ParseResult parsed) => parsed.GetValue(_config) ?? ShippedPath.Find(ShippedConfig)
        ?? throw new UsageException($"{ShippedConfig} is not in the working directory nor above it; expected --config FILE");
}
