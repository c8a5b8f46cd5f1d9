using System.CommandLine;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Service;
using Atlas.Host.Service.Configuration;
using Atlas.Host.Service.Generation;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Commands;

/// <summary><c>atlas serve</c>: a service on sockets, which generates with a target of its own or drafts for another server.</summary>
internal static class ServeCommand
{
    private const int SidecarContext = 32768;
    private const int SidecarBatchFactor = 256;

    public static Command Create()
    {
        var models = new ModelOptions();
        var speculation = new SpeculationOptionSet();
        var serve = new ServeOptionSet();
        var command = new Command("serve", "Serves generation, or with --sidecar drafts for another server, over MessagePack-RPC (docs/protocol.md). "
            + $"Every option may also stand in the environment ({OptionSource.Prefix}KV_MEMORY_MIB for --kv-memory-mib) or in a file (--config; KvMemoryMib).");
        serve.AddTo(command);
        models.AddTo(command);
        speculation.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = serve.Settings(parsed);
            if (serve.IsSidecar(parsed)) ServeDrafts(parsed, models, serve, settings);
            else ServeGeneration(parsed, models, speculation, serve, settings);
        });
        return command;
    }

    private static void ServeGeneration(ParseResult parsed, ModelOptions models, SpeculationOptionSet speculation, ServeOptionSet serve, ServeSettings settings)
    {
        var chosen = models.Choice(parsed);
        using var pair = ModelPair.Open(chosen);
        var choice = speculation.Read(parsed, pair.HasDraft);
        if (choice.Rejection) throw new UsageException("--verification rejection does not serve; expected coupled");
        int context = serve.Context(parsed) is var asked and > 0 ? Math.Min(asked, pair.Config.ContextLength) : pair.Config.ContextLength;
        int slots = GenerationSettings.SlotsOf(
            pair.Config, choice.UsesDraftModel ? pair.DraftConfig : null, chosen.Format, context, serve.CacheBytes(parsed));
        using var recorder = serve.Recorder(parsed);
        var limits = new GenerationSettings(context, Math.Min(serve.Batch(parsed), slots), slots, serve.Queue(parsed), serve.Checkpoints(parsed))
        {
            Recorder = recorder,
        };
        var budget = CoreBudget.OfTarget(serve.Cores(parsed), models.Engine.Threads(parsed));
        using var engine = models.Engine.Create(parsed, budget.EngineThreads);
        using var generation = ServiceBuilder.Generation(engine, pair, chosen, choice, limits);
        var metrics = new MetricSet();
        generation.Start();
        Run(ServiceBuilder.Service(generation, null, metrics, settings.Access), metrics, settings, budget);
    }

    private static void ServeDrafts(ParseResult parsed, ModelOptions models, ServeOptionSet serve, ServeSettings settings)
    {
        using var target = SidecarTarget.Open(parsed, models, serve);
        int context = serve.Context(parsed) is var asked and > 0 ? asked : SidecarContext;
        var drafting = new SidecarSettings(
            target.VocabularySize, target.Fingerprint, serve.Sessions(parsed), context, Math.Min(4096, serve.Batch(parsed) * SidecarBatchFactor),
            serve.LearningBytes(parsed), serve.Checkpoints(parsed))
        {
            HiddenSize = target.HiddenSize,
            Latency = serve.Latency(parsed),
        };
        var (directory, format) = models.Draft(parsed);
        int cores = serve.Cores(parsed);
        bool computes = directory is not null || target.Ends is not null;
        var budget = computes ? CoreBudget.OfComputingSidecar(cores, models.Engine.Threads(parsed)) : CoreBudget.OfText(cores);
        using var engine = computes ? models.Engine.Create(parsed, budget.EngineThreads) : null;
        using var ends = target.Ends is null ? null : LoadEnds(engine!, target.Ends, format);
        using var draft = directory is null ? null : DraftModel.Load(engine!, directory, target.VocabularySize, config =>
        {
            int length = Math.Min(context, config.ContextLength);
            int slots = GenerationSettings.SlotsOf(config, null, format, length, serve.CacheBytes(parsed));
            return new DecoderOptions { Format = format, ContextLength = length, MaxSequences = Math.Min(slots, serve.Sessions(parsed)) };
        });
        using var recorder = serve.Recorder(parsed);
        using var sidecar = new SidecarService(drafting with { DraftModel = draft?.Decoder, StateHeads = ends?.Heads, Recorder = recorder });
        var metrics = new MetricSet();
        sidecar.Start();
        Run(ServiceBuilder.Service(null, sidecar, metrics, settings.Access), metrics, settings, budget);
    }

    private static TargetEnds LoadEnds(IComputeEngine engine, ModelEnds ends, WeightFormat format) => Engines.TrainHeads(engine)
        ? TargetEnds.Load(engine, ends, format)
        : throw new UsageException($"--target-weights: the {engine.Info.Name} engine trains no heads; expected --engine cpu");

    private static void Run(AtlasService service, MetricSet metrics, ServeSettings settings, CoreBudget budget)
    {
        budget.Apply();
        budget.AddTo(metrics);
        RunAsync(service, metrics, settings).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(AtlasService service, MetricSet metrics, ServeSettings settings)
    {
        await using var run = new ServiceRun(service, metrics, settings);
        await run.StartAsync().ConfigureAwait(false);
        Console.WriteLine($"atlas serves on {string.Join(", ", run.Addresses)}");
        await run.WaitAsync().ConfigureAwait(false);
    }
}
