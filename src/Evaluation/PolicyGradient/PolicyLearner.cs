using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// The policy and its start, and how it learns (GRPO, arXiv 2402.03300). Deterministic: the same samples in the same order give the same weights
/// to the bit. Memory: four times the weights in f32 for the policy, and the start policy's. Used from one thread.
/// </summary>
public sealed class PolicyLearner : IDisposable
{
    private readonly ITrainableDecoder _reference;
    private readonly GrpoOptions _options;

    /// <summary>A learner.</summary>
    /// <param name="engine">Where it computes.</param>
    /// <param name="config">Shape of the policy.</param>
    /// <param name="start">The start policy, which samples are held to.</param>
    /// <param name="options">How it learns.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="CheckpointException">The weights do not fit the shape.</exception>
    public PolicyLearner(IComputeEngine engine, ModelConfig config, IWeightSource start, GrpoOptions options)
        : this(engine, config, start, start, options) { }

    private PolicyLearner(IComputeEngine engine, ModelConfig config, IWeightSource start, IWeightSource present, GrpoOptions options)
    {
        if (options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        _options = options;
        _reference = engine.CreateTrainableDecoder(config, start, 0);
        Policy = engine.CreateTrainableDecoder(config, present, 0);
    }

    /// <summary>The policy as learned so far.</summary>
    public ITrainableDecoder Policy { get; }

    /// <summary>A learner that goes on from a checkpoint.</summary>
    /// <param name="engine">Where it computes.</param>
    /// <param name="config">Shape of the policy.</param>
    /// <param name="start">The start policy.</param>
    /// <param name="checkpoint">Where the policy stood.</param>
    /// <param name="options">How it learns.</param>
    public static PolicyLearner Resume(IComputeEngine engine, ModelConfig config, IWeightSource start, PolicyCheckpoint checkpoint, GrpoOptions options)
    {
        var learner = new PolicyLearner(engine, config, start, checkpoint.Weights, options);
        learner.Policy.ImportOptimizer(checkpoint.Optimizer, checkpoint.State.UpdateCount);
        return learner;
    }

    /// <summary>Learns from the samples of one step.</summary>
    /// <param name="samples">Samples of one prompt stand together; the prompts share out evenly over the updates.</param>
    /// <param name="groupSize">Samples of each prompt.</param>
    public PolicyUpdate Learn(ReadOnlySpan<PolicySample> samples, int groupSize)
    {
        int perUpdate = samples.Length / _options.UpdatesPerStep;
        if (perUpdate == 0 || perUpdate * _options.UpdatesPerStep != samples.Length || perUpdate % groupSize != 0)
            throw new ArgumentException($"{samples.Length} samples in groups of {groupSize} do not share out over {_options.UpdatesPerStep} updates", nameof(samples));
        List<PolicyBatch>[] updates = new List<PolicyBatch>[_options.UpdatesPerStep];
        for (int i = 0; i < updates.Length; i++) updates[i] = PolicyBatch.Cut(samples.Slice(i * perUpdate, perUpdate), _options.BatchTokens);
        // All old log-probabilities are those of the policy that drew the samples, before its first update; that one finds its own on the way.
        foreach (var batch in updates.Skip(1).SelectMany(update => update)) Policy.LogProbs(batch.Tokens, batch.OldLogProbs);
        foreach (var batch in updates.SelectMany(update => update))
        {
            if (_options.KlWeight > 0) _reference.LogProbs(batch.Tokens, batch.ReferenceLogProbs);
            else batch.HoldToNothing();
        }
        var loss = new GrpoLoss(_options.ClipRange, _options.KlWeight);
        double sum = 0, norm = 0;
        int refused = 0;
        foreach (var update in updates)
        {
            foreach (var batch in update)
            {
                loss.Begin(batch, drewSamples: update == updates[0]);
                sum += Policy.Accumulate(batch.Tokens, loss);
            }
            var report = Policy.Update(new AdamWStep(_options.LearningRate, _options.WeightDecay, _options.ClipNorm));
            norm += report.GradientNorm;
            if (!report.Applied) refused++;
        }
        return new PolicyUpdate(
            sum / updates.Length, _options.KlWeight > 0 ? loss.Divergence / loss.Targets : null, (double)loss.Clipped / loss.Targets, norm / updates.Length, refused);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Policy.Dispose();
        _reference.Dispose();
    }
}
