using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Core.Decoding;

/// <summary>
/// One request while it is decoded: its tokens (prompt, then emitted), how they are sampled, its draft of the current step, and what was
/// counted. The token list is the one authority: target and speculators bring their own caches into step with it. Owned by the decoding
/// thread.
/// </summary>
public sealed class DecodeSequence
{
    /// <summary>The namespace of whoever names none.</summary>
    public const string DefaultNamespace = "default";

    private readonly int[] _tokens;
    private readonly float[] _logProbs;

    /// <summary>A sequence that has emitted nothing yet.</summary>
    /// <param name="id">Distinct among the sequences alive.</param>
    /// <param name="prompt">At least one token.</param>
    /// <param name="sampling">How tokens are drawn.</param>
    /// <param name="limits">When it ends.</param>
    /// <param name="draftCapacity">Most draft nodes in a step.</param>
    public DecodeSequence(long id, ReadOnlySpan<int> prompt, SamplingOptions sampling, StopRules limits, int draftCapacity)
    {
        if (prompt.IsEmpty) throw new ArgumentException("the prompt is empty; expected at least one token", nameof(prompt));
        if (limits.MaxTokens < 1)
            throw new ArgumentException($"the token limit is {limits.MaxTokens}; expected at least 1", nameof(limits));
        Id = id;
        PromptLength = prompt.Length;
        Stop = limits;
        Sampling = new SamplingState(sampling, prompt, limits.MaxTokens);
        Draft = new DraftTree(draftCapacity);
        Verified = new SampledToken[draftCapacity + 1];
        Statistics = new DecodeStatistics(draftCapacity);
        _tokens = new int[prompt.Length + limits.MaxTokens];
        _logProbs = new float[limits.MaxTokens];
        prompt.CopyTo(_tokens);
        Length = prompt.Length;
    }

    /// <summary>Distinct among the sequences alive.</summary>
    public long Id { get; }

    /// <summary>
    /// Whose traffic it belongs to (a tenant, a domain): what speculators learn from it is used for sequences of the same namespace only.
    /// </summary>
    public string Namespace { get; init; } = DefaultNamespace;

    /// <summary>What its sender asks of the service; may change between two steps.</summary>
    public RequestClass Class { get; set; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>Tokens of prompt and output together.</summary>
    public int Length { get; private set; }

    /// <summary>Prompt and output.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>What was emitted.</summary>
    public ReadOnlySpan<int> Output => _tokens.AsSpan(PromptLength, Length - PromptLength);

    /// <summary>
    /// Natural log-probability of each emitted token under the target (temperature 1, nothing masked); under classical rejection sampling,
    /// under the warped distribution that tokens are drawn from.
    /// </summary>
    public ReadOnlySpan<float> OutputLogProbs => _logProbs.AsSpan(0, Length - PromptLength);

    /// <summary>How tokens are drawn, with the counts that penalties read.</summary>
    public SamplingState Sampling { get; }

    /// <summary>When it ends.</summary>
    public StopRules Stop { get; }

    /// <summary>Why it ended; null while it runs.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>What the planner allows to be drafted in this step.</summary>
    public DraftBudget Budget { get; set; }

    /// <summary>
    /// What the planner allows each speculator of a merged draft; null gives <see cref="Budget"/> to every one of them. The planner owns it.
    /// </summary>
    public DraftShares? Shares { get; set; }

    /// <summary>The draft of this step.</summary>
    public DraftTree Draft { get; }

    /// <summary>
    /// The target's own tokens of this step: element 0 follows the sequence's last token, element i + 1 follows draft node i.
    /// </summary>
    public SampledToken[] Verified { get; }

    /// <summary>Whether <see cref="Verified"/> holds this step's tokens; false while the prompt is still being read in chunks.</summary>
    public bool IsVerified { get; set; }

    /// <summary>
    /// Where the draft's distributions q go when tokens are verified by classical rejection sampling; null under coupled sampling, where no
    /// distribution is needed.
    /// </summary>
    public DraftDistributions? DraftProbabilities { get; private set; }

    /// <summary>The target's distributions p of this step, numbered like <see cref="Verified"/>; null under coupled sampling.</summary>
    public DraftDistributions? TargetProbabilities { get; private set; }

    /// <summary>What was counted.</summary>
    public DecodeStatistics Statistics { get; }

    /// <summary>Tokens that may still be emitted.</summary>
    public int Remaining => Stop.MaxTokens - (Length - PromptLength);

    /// <summary>Makes room for the distributions that classical rejection sampling needs.</summary>
    public void KeepDistributions(int vocabularySize)
    {
        DraftProbabilities = new DraftDistributions(Draft.Capacity, vocabularySize);
        TargetProbabilities = new DraftDistributions(Draft.Capacity + 1, vocabularySize);
    }

    /// <summary>Appends an emitted token and applies the stop rules to it; returns whether the sequence has ended with it.</summary>
    public bool Emit(in SampledToken token)
    {
        if (Finish is not null) throw new InvalidOperationException($"sequence {Id} has ended; it takes no more tokens");
        _logProbs[Length - PromptLength] = token.LogProb;
        _tokens[Length++] = token.Token;
        Sampling.Emit(token.Token);
        Finish = Stop.Check(token.Token, Remaining);
        return Finish is not null;
    }

    /// <summary>Ends the sequence from outside (cancellation).</summary>
    public void Cancel() => Finish ??= FinishReason.Cancelled;
}
