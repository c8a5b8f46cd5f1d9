namespace Atlas.Modeling.Tokenization.Model;

/// <summary>The tokens that go before and after an encoded text when special tokens are asked for.</summary>
internal sealed record SequenceTemplate(int[] Before, int[] After)
{
    /// <summary>No tokens.</summary>
    public static readonly SequenceTemplate Empty = new([], []);
}
