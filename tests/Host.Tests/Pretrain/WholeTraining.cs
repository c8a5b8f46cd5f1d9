using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Pretrain;

/// <summary>A training that nobody interrupted, with which interrupted ones are compared.</summary>
public sealed class WholeTraining : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _recipe;

    public WholeTraining()
    {
        _recipe = _scratch.Write("recipe.json", Recipes.Tiny(updates: 400).ToJsonString());
        AtlasProgram.Run(Arguments(Output)).Done();
    }

    public string Output => _scratch.At("pair");

    /// <summary>The command line of the same training into another directory.</summary>
    public string[] Arguments(string output) =>
        ["pretrain", "--recipe", _recipe, "--out", output, "--checkpoints", output + "-checkpoints", "--threads", "1"];

    public void Dispose() => _scratch.Dispose();
}
