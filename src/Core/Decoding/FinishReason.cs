namespace Atlas.Core.Decoding;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>An end token was emitted.</summary>
    EndToken,

    /// <summary>A stop string was completed.</summary>
    StopString,

    /// <summary>The token limit was reached.</summary>
    Length,

    /// <summary>It was ended from outside.</summary>
    Cancelled,
}
