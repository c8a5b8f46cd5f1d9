using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Service.Generation;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Service;

/// <summary>Composes what <c>atlas serve</c> runs.</summary>
internal static class ServiceBuilder
{
    /// <summary>Loads a pair with room for as many sequences as the settings say, and generates with it. The engine stays the caller's.</summary>
    public static GenerationService Generation(
        IComputeEngine engine, ModelPair pair, ModelChoice models, SpeculationChoice choice, GenerationSettings settings, OnlineTrainerOptions? trainer = null)
    {
        pair.Load(
            engine,
            new DecoderOptions { Format = models.Format, ContextLength = settings.ContextLength, MaxSequences = settings.CacheSlots },
            withDraft: choice.UsesDraftModel);
        var parts = StackParts.Of(choice.Speculator, pair.Draft is not null, Engines.TrainHeads(engine));
        var meters = new GenerationMeters();
        SpeculatorRestrictions? restrictions = null;
        var stack = new StackFactory(engine, pair, settings.MaxBatch).Create(choice, new StackOptions
        {
            Planning = planner => restrictions = new SpeculatorRestrictions(planner, parts.Speculators),
            Drafting = speculator => new ShieldedSpeculator(speculator, _ => meters.FailSpeculator()),
            Trainer = (trainer ?? new OnlineTrainerOptions()) with { CheckpointDirectory = settings.CheckpointDirectory },
        });
        return new GenerationService(pair, stack, restrictions!, settings, meters);
    }

    /// <summary>The service over what it has, with its figures.</summary>
    public static AtlasService Service(GenerationService? generation, SidecarService? sidecar, MetricSet metrics, AccessSettings access)
    {
        generation?.AddTo(metrics);
        sidecar?.AddTo(metrics);
        var namespaces = generation?.ByNamespace ?? sidecar!.ByNamespace;
        namespaces.AddTo(metrics);
        return new AtlasService(generation, sidecar, metrics, namespaces, access);
    }
}
