using System.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling.Engine;

namespace Atlas.Host.CommandLine;

/// <summary>The options that say which engine computes.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string> _engine = new("--engine")
    {
        Description = "Where models run: cpu (embedded) or torch (TorchSharp; needs a build with -p:AtlasTorch=cpu|cuda|system).",
        DefaultValueFactory = _ => "cpu",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute; 0 takes one per processor.",
        DefaultValueFactory = _ => 0,
    };

    public EngineOptions()
    {
        _engine.AcceptOnlyFromAmong("cpu", "torch");
        _threads.MustBe(n => n is >= 0 and <= 1024, "0 to 1024");
    }

    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_threads);
    }

    public IComputeEngine Create(ParseResult parsed) => Engines.Create(parsed.GetValue(_engine)!, parsed.GetValue(_threads));
}
