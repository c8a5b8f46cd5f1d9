using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Target;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times the learned speculator beside its target, turn by turn: a plain target step, a chain drafted from its state, and now and then a batch
/// learned, so that each finds the caches as the others leave them. Weights are random: what is drafted is nonsense, and costs the same.
/// </summary>
/// <param name="engine">Where target and head run.</param>
/// <param name="head">The head's shape.</param>
/// <param name="sampling">How tokens are drawn; noise costs time too.</param>
public sealed class LearnedBenchmark(IComputeEngine engine, HeadConfig head, SamplingOptions sampling)
{
    private const int Lookahead = 5;
    private const int Windows = 8;
    private const int TopK = 8;
    private const int StepsPerBatch = 50;

    private readonly List<double> _steps = [];
    private readonly List<double> _drafts = [];
    private readonly List<double> _batches = [];
    private readonly List<double> _updates = [];
    private readonly List<double> _pieces = [];

    /// <summary>Measures over a target with random weights.</summary>
    /// <param name="shape">The target's shape.</param>
    /// <param name="format">How its weights are kept.</param>
    /// <param name="steps">Steps to measure; a tenth as many warm up.</param>
    public LearnedCost Run(BenchmarkShape shape, WeightFormat format, int steps)
    {
        var config = shape.ToConfig();
        using var decoder = engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions { Format = format, MaxRows = 64, MaxPending = 64 });
        return Run(decoder, steps);
    }

    /// <summary>Measures over a loaded target, which needs a free sequence.</summary>
    /// <param name="decoder">The target; it stays the caller's.</param>
    /// <param name="steps">Steps to measure; a tenth as many warm up.</param>
    public LearnedCost Run(IDecoder decoder, int steps)
    {
        using var drafting = engine.CreateTrainableHead(head, decoder, null, 1);
        using var learning = engine.CreateTrainableHead(head, decoder, null, 1);
        int[] hot = [.. Enumerable.Range(0, Math.Min(head.HotVocabularySize, decoder.Config.VocabularySize))];
        drafting.SetHotVocabulary(hot);
        learning.SetHotVocabulary(hot);
        Measure(decoder, drafting, learning, steps);
        long weights = 6L * decoder.Config.HiddenSize * head.IntermediateSize + (long)decoder.Config.HiddenSize * hot.Length;
        double perWeight = head.DraftFormat switch { WeightFormat.F32 => 4, WeightFormat.Int8 => 1 + 4.0 / 64, _ => 2 };
        return new LearnedCost(
            Percentiles.Median(_steps), Percentiles.Median(_drafts), (long)(weights * perWeight), Percentiles.Median(_batches) / Windows,
            Percentiles.Median(_updates), Percentiles.Of(_pieces, 0.99));
    }

    private void Measure(IDecoder decoder, ITrainableHead drafting, ITrainableHead learning, int steps)
    {
        var target = new TargetModel(decoder, Lookahead);
        var slots = new LearnedSlots();
        slots.Base.Publish(new LearnedVersion(1, drafting));
        var speculator = new LearnedSpeculator(target, decoder.Config.VocabularySize, slots, new LearnedSpeculatorOptions());
        int length = Math.Min(decoder.Config.ContextLength - 1, 512);
        var sequence = NewSequence(0, length);
        var batch = Batch(decoder.Config);
        for (int i = -steps / 10; i < steps; i++)
        {
            if (sequence.Finish is not null)
            {
                target.Release(sequence);
                speculator.Release(sequence);
                sequence = NewSequence(i, length);
            }
            bool measured = i >= 0 && sequence.Output.Length > 0;
            Step(target, speculator, sequence, measured);
            if (i % StepsPerBatch == 0) Learn(learning, batch, i >= 0);
        }
        slots.Base.Publish(null);
    }

    private void Step(TargetModel target, LearnedSpeculator speculator, DecodeSequence sequence, bool measured)
    {
        sequence.Draft.Clear();
        long start = Stopwatch.GetTimestamp();
        target.Verify([sequence]);
        double step = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        sequence.Emit(sequence.Verified[0]);
        target.Commit(sequence, []);
        sequence.Budget = DraftBudget.Chain(Lookahead);
        start = Stopwatch.GetTimestamp();
        speculator.Propose([sequence]);
        double draft = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        if (!measured) return;
        _steps.Add(step);
        _drafts.Add(draft / sequence.Draft.Count);
    }

    private void Learn(ITrainableHead head, HeadExample[] batch, bool measured)
    {
        double gradient = 0, update = 0;
        head.BeginAccumulate(batch);
        while (Piece(head, measured, ref gradient)) { }
        long start = Stopwatch.GetTimestamp();
        head.BeginUpdate(new AdamWStep(1e-4f));
        update += Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        while (Piece(head, measured, ref update)) { }
        if (!measured) return;
        _batches.Add(gradient);
        _updates.Add(update);
    }

    private bool Piece(ITrainableHead head, bool measured, ref double sum)
    {
        long start = Stopwatch.GetTimestamp();
        bool more = head.Continue();
        double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        sum += time;
        if (measured) _pieces.Add(time);
        return more;
    }

    private DecodeSequence NewSequence(int id, int length) =>
        new(id, [1, 2, 3], sampling, new StopRules(length - 3, []), Lookahead);

    private static HeadExample[] Batch(ModelConfig config)
    {
        var random = new Random(1);
        var states = new HostHiddenStates(Windows, config.HiddenSize);
        for (int i = 0; i < Windows; i++)
            foreach (ref float value in states.Writable(i))
                value = (float)(2 * random.NextDouble() - 1);
        return
        [
            .. Enumerable.Range(0, Windows).Select(i => new HeadExample(
                states, i, [.. Enumerable.Range(0, Lookahead).Select(_ => random.Next(config.VocabularySize))],
                [.. Enumerable.Range(0, Lookahead * TopK).Select(t => t % TopK)], [.. Enumerable.Repeat(1f / TopK, Lookahead * TopK)])),
        ];
    }
}
