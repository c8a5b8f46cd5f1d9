using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>A training that nobody interrupted, with which interrupted ones are compared.</summary>
public sealed class WholeTraining : IDisposable
{
    private readonly Scratch _scratch = new();
    public WholeTraining()
    {
        var recipe = Recipes.Tiny(updates: 1200);
        _scratch.Write("often.json", recipe.ToJsonString());
        foreach (string model in (string[])["target", "draft"]) recipe[model]!["checkpoint_updates"] = 100_000;
        _scratch.Write("rare.json", recipe.ToJsonString());
        AtlasProgram.Run(Arguments(Output)).Done();
    }

    public string Output => _scratch.At("pair");

    /// <summary>
    /// The command line of the same training into another directory, with a checkpoint every 20 updates (<c>often.json</c>) or at the end
    /// only (<c>rare.json</c>).
    /// </summary>
    public string[] Arguments(string output, string recipe = "often.json") =>
        ["pretrain", "--recipe", _scratch.At(recipe), "--out", output, "--checkpoints", output + "-checkpoints", "--threads", "1"];

    public void Dispose() => _scratch.Dispose();
}
