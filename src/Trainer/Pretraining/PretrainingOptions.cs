namespace Atlas.Trainer.Pretraining;

/// <summary>How a decoder is trained from documents. A run is resumed only under the options it was begun with.</summary>
public sealed record PretrainingOptions
{
    /// <summary>How long.</summary>
    public required TrainingBudget Budget { get; init; }

    /// <summary>Most positions per optimizer step.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>
    /// Most positions in one forward and backward; larger batches are accumulated in parts. Bounds memory; a whole sequence always fits.
    /// </summary>
    public int MicroBatchTokens { get; init; } = 4096;

    /// <summary>Most positions per sequence; longer documents are cut into pieces that do not see each other.</summary>
    public int SequenceLength { get; init; } = 256;

    /// <summary>Highest learning rate, reached after the warm-up.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Steps over which the learning rate rises linearly.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <summary>What the learning rate ends at, as a fraction of <see cref="LearningRate"/>.</summary>
    public double FinalFraction { get; init; } = 0.1;

    /// <summary>
    /// Last part of the budget over which the learning rate falls; it stands at its highest before. A run can then be prolonged: opened again
    /// under a larger budget it continues from where it had not begun to fall. 0 falls as a cosine from the warm-up on.
    /// </summary>
    public double DecayFraction { get; init; }

    /// <summary>AdamW's weight decay, on matrices.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>
    /// Decay of AdamW's second moment. What it averages over is a number of tokens, so small batches ask for a value nearer to 1
    /// (arXiv 2507.07101).
    /// </summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>
    /// Where above 0, Muon with this momentum moves the matrices of the blocks, see <see cref="Modeling.Training.AdamWStep.MuonMomentum"/>;
    /// 0 is AdamW for all.
    /// </summary>
    public double MuonMomentum { get; init; }

    /// <summary>Largest gradient norm; 0 does not clip.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Steps between evaluations on held-out documents; 0 evaluates at the end only.</summary>
    public int EvaluationInterval { get; init; } = 100;

    /// <summary>Held-out documents per evaluation, the first ones of every set in equal shares, rounded up.</summary>
    public int EvaluationDocuments { get; init; } = 64;

    /// <summary>Steps between checkpoints; 0 writes one at the end only.</summary>
    public int CheckpointInterval { get; init; } = 500;

    /// <summary>Throws <see cref="ArgumentException"/> with one line unless every value is in its range.</summary>
    public void Validate()
    {
        Require(Budget.Amount > 0 && double.IsFinite(Budget.Amount), nameof(Budget), Budget.Amount, "above 0");
        Require(SequenceLength > 0, nameof(SequenceLength), SequenceLength, "at least 1");
        Require(BatchTokens >= SequenceLength, nameof(BatchTokens), BatchTokens, $"at least the sequence length, {SequenceLength}");
        Require(MicroBatchTokens >= SequenceLength, nameof(MicroBatchTokens), MicroBatchTokens, $"at least the sequence length, {SequenceLength}");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(WarmupSteps >= 0, nameof(WarmupSteps), WarmupSteps, "at least 0");
        Require(FinalFraction is >= 0 and <= 1, nameof(FinalFraction), FinalFraction, "0 to 1");
        Require(DecayFraction is >= 0 and <= 1, nameof(DecayFraction), DecayFraction, "0 to 1");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "at least 0");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "0 to less than 1");
        Require(MuonMomentum is >= 0 and < 1, nameof(MuonMomentum), MuonMomentum, "0 to less than 1");
        Require(ClipNorm >= 0 && double.IsFinite(ClipNorm), nameof(ClipNorm), ClipNorm, "at least 0");
        Require(EvaluationInterval >= 0, nameof(EvaluationInterval), EvaluationInterval, "at least 0");
        Require(EvaluationDocuments > 0, nameof(EvaluationDocuments), EvaluationDocuments, "at least 1");
        Require(CheckpointInterval >= 0, nameof(CheckpointInterval), CheckpointInterval, "at least 0");
    }

    private static void Require(bool condition, string name, double value, string expected)
    {
        if (!condition) throw new ArgumentException($"{name} is {value}, expected {expected}");
    }
}
