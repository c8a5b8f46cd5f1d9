using Atlas.Core.Decoding;
using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Scoring;

/// <summary>What a target's completions are worth, over the tasks of a group. Sums, so that every ratio is of totals.</summary>
public sealed class CompletionScore
{
    // The model card's measure of a completion that goes round in circles.
    private const int RepeatedTokens = 8;
    private const int Repetitions = 4;

    private long _ended;
    private long _repeating;
    private long _answers;
    private long _right;
    private SequenceScore _expected;
    private SequenceScore _draftExpected;
    private SequenceScore _sampled;

    /// <summary>Tasks completed.</summary>
    public long Requests { get; private set; }

    /// <summary>Fraction of greedy completions that ended by an end token.</summary>
    public double Ended => Ratio(_ended, Requests);

    /// <summary>Fraction of greedy completions in which some run of 8 tokens occurs four times or more.</summary>
    public double Repeating => Ratio(_repeating, Requests);

    /// <summary>Fraction of right greedy completions among the tasks with one right answer; NaN where there are none.</summary>
    public double ExactMatch => Ratio(_right, _answers);

    /// <summary>Loss on expected completions, in nats per token.</summary>
    public double Loss => Ratio(_expected.Loss, _expected.Tokens);

    /// <summary>The draft model's loss on them; NaN without one.</summary>
    public double DraftLoss => Ratio(_draftExpected.Loss, _draftExpected.Tokens);

    /// <summary>Mean entropy of the target's distribution over the tokens of completions sampled at temperature 1, in nats per token.</summary>
    public double Entropy => Ratio(_sampled.Entropy, _sampled.Tokens);

    /// <summary>Counts a greedy completion.</summary>
    internal void AddGreedy(DecodeSequence completed, EvaluationRequest request)
    {
        Requests++;
        if (completed.Finish == FinishReason.EndToken) _ended++;
        if (Repetition.Occurs(completed.Output, RepeatedTokens, Repetitions)) _repeating++;
        if (request.Accepts is null) return;
        _answers++;
        int length = completed.Output.Length - (completed.Finish == FinishReason.EndToken ? 1 : 0);
        if (request.Accepts(completed.Output[..length].ToArray())) _right++;
    }

    /// <summary>Adds the target's score of an expected completion.</summary>
    internal void AddExpected(SequenceScore score) => _expected = Sum(_expected, score);

    /// <summary>Adds the draft model's.</summary>
    internal void AddDraftExpected(SequenceScore score) => _draftExpected = Sum(_draftExpected, score);

    /// <summary>Adds the target's score of a completion that it sampled.</summary>
    internal void AddSampled(SequenceScore score) => _sampled = Sum(_sampled, score);

    /// <summary>Adds another group's sums.</summary>
    internal void Add(CompletionScore other)
    {
        Requests += other.Requests;
        _ended += other._ended;
        _repeating += other._repeating;
        _answers += other._answers;
        _right += other._right;
        AddExpected(other._expected);
        AddDraftExpected(other._draftExpected);
        AddSampled(other._sampled);
    }

    private static SequenceScore Sum(SequenceScore a, SequenceScore b) => new(a.Tokens + b.Tokens, a.Loss + b.Loss, a.Entropy + b.Entropy);

    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;
}
