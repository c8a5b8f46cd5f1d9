namespace Atlas.Speculator.Adaptive.Voting;

/// <summary>What the votes of a <see cref="MatchSet"/>'s occurrences are worth: where a draft may go, and how sure it is.</summary>
internal interface IVoteEvidence
{
    /// <summary>How much an occurrence's vote counts; only ratios matter.</summary>
    float Weight(int match);

    /// <summary>Whether a draft may go on behind so many draft tokens, all of which the chosen occurrences agree on.</summary>
    /// <param name="matches">Their bits.</param>
    /// <param name="depth">Draft tokens so far.</param>
    bool ReachesTo(uint matches, int depth);

    /// <summary>Probability, 0 to 1, that the token which the chosen occurrences vote for is accepted.</summary>
    /// <param name="matches">Their bits.</param>
    /// <param name="depth">Draft tokens before it.</param>
    /// <param name="share">Their share of the votes at this node; 1 where all agree.</param>
    float Confidence(uint matches, int depth, float share);
}
