using System.CommandLine;
using Atlas.Compute.Cpu;
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

    private readonly Option<bool> _pin = new("--pin")
    {
        Description = "Keep the embedded engine's threads on one processor each; for machines that do nothing else (Linux).",
    };

    /// <summary>Names of the engines that Atlas has, whether or not this build holds them.</summary>
    public static string[] Names { get; } = ["cpu", "torch"];

    public EngineOptions()
    {
        _engine.AcceptOnlyFromAmong(Names);
        _threads.MustBe(n => n is >= 0 and <= 1024, "0 to 1024");
    }

    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_threads);
        command.Add(_pin);
    }

    /// <summary>Threads that were asked for; 0 for the default.</summary>
    public int Threads(ParseResult parsed) => parsed.GetValue(_threads);

    /// <summary>Creates the engine with the threads that were asked for.</summary>
    public IComputeEngine Create(ParseResult parsed) => Create(parsed, Threads(parsed));

    /// <summary>Creates the engine with so many threads.</summary>
    public IComputeEngine Create(ParseResult parsed, int threads) => Engines.Create(
        parsed.GetValue(_engine)!, new CpuEngineOptions { Threads = threads, PinThreads = parsed.GetValue(_pin) });
}
