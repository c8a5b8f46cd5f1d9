using Atlas.Core.Decoding;
using Atlas.Engine;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Speculator.Static;
using Atlas.Target;

namespace Atlas.Host.Generation;

/// <summary>Puts a speculative decoder together from loaded models.</summary>
internal static class DecoderFactory
{
    public static SpeculativeDecoder Create(ModelPair pair, SpeculationChoice choice)
    {
        var target = new TargetModel(pair.Target, choice.Budget.Nodes);
        ISpeculator speculator = choice.Speculator == "static"
            ? new StaticSpeculator(pair.Draft!, new StaticSpeculatorOptions { MinPathConfidence = choice.MinPathConfidence })
            : new NoSpeculator();
        IVerifier verifier = choice.Rejection ? new RejectionVerifier() : new CoupledVerifier();
        return new SpeculativeDecoder(target, speculator, new FixedPlanner(choice.Budget), verifier);
    }
}
