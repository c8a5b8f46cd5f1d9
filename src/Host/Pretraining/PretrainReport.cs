using System.Text.Json.Nodes;
using Atlas.Trainer.Pretraining;

namespace Atlas.Host.Pretraining;

/// <summary>What <c>atlas pretrain</c> shows while it trains and says at its end.</summary>
internal sealed class PretrainReport(bool json)
{
    private readonly JsonArray _models = [];

    public static void Line(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    /// <summary>Begins a model's progress.</summary>
    public TrainingBar Begin(string name) => new(name, this);

    public void Add(string name, string directory, PretrainingState state) => _models.Add(new JsonObject
    {
        ["name"] = name,
        ["directory"] = directory,
        ["updates"] = state.Step,
        ["tokens"] = state.Tokens,
        ["held_out_loss"] = state.HeldOut is { } losses ? Math.Round(losses.All, 5) : null,
        ["seconds"] = Math.Round(state.ElapsedSeconds, 1),
        ["tokens_per_s"] = Math.Round(state.Tokens / Math.Max(state.ElapsedSeconds, 1e-9), 1),
    });

    public void Finish()
    {
        if (json) Console.WriteLine(new JsonObject { ["models"] = _models }.ToJsonString());
    }
}
