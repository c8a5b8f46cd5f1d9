using System.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling;

namespace Atlas.Host.CommandLine;

/// <summary>The options that say which models run, where, and how their weights are kept.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _target = new("--target")
    {
        Description = "Directory of the target's checkpoint (Hugging Face layout). Default: the shipped pair.",
        HelpName = "dir",
    };

    private readonly Option<string?> _draft = new("--draft")
    {
        Description = "Directory of the static draft model's checkpoint; same vocabulary. Default: the shipped pair's, with its target only.",
        HelpName = "dir",
    };

    private readonly Option<string> _format = new("--dtype")
    {
        Description = "How the engine keeps matrices: f32, bf16, int8 (cpu engine) or f16 (torch engine).",
        DefaultValueFactory = _ => "bf16",
    };

    public ModelOptions()
    {
        _format.AcceptOnlyFromAmong("f32", "bf16", "int8", "f16");
    }

    public EngineOptions Engine { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(_target);
        command.Add(_draft);
        command.Add(_format);
        Engine.AddTo(command);
    }

    /// <summary>The models that were asked for; the shipped pair where none was.</summary>
    public ModelChoice Choice(ParseResult parsed)
    {
        string? target = parsed.GetValue(_target);
        string? draft = parsed.GetValue(_draft);
        var format = ParseFormat(parsed.GetValue(_format)!);
        if (target is not null) return new ModelChoice(target, draft, format);
        var pair = ShippedPair.Find();
        return new ModelChoice(pair.Target, draft ?? pair.Draft, format);
    }

    /// <summary>The draft model that was named, if one was, and how its matrices are kept.</summary>
    public (string? Directory, WeightFormat Format) Draft(ParseResult parsed) => (parsed.GetValue(_draft), ParseFormat(parsed.GetValue(_format)!));

    public static WeightFormat ParseFormat(string name) => name switch
    {
        "f32" => WeightFormat.F32,
        "int8" => WeightFormat.Int8,
        "f16" => WeightFormat.F16,
        _ => WeightFormat.BF16,
    };
}
