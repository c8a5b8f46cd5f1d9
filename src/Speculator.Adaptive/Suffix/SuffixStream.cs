using System.Runtime.CompilerServices;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// One text on its way into a <see cref="SuffixStore"/>: where its next token goes, and the rolling hashes of its last tokens. The text itself
/// stays with the caller, who passes all of it each time.
/// </summary>
public sealed class SuffixStream
{
    /// <summary>Most context lengths a store can have.</summary>
    internal const int MostContexts = 8;

    /// <summary>Hashes of the last tokens, by context length.</summary>
    internal RollingHashes Hashes;

    internal SuffixStream(int id) => Id = id;

    /// <summary>Tokens of the text that the store has taken.</summary>
    public int Length { get; internal set; }

    /// <summary>Distinct among the streams a store has opened.</summary>
    internal int Id { get; }

    /// <summary>The position of the separator before the text's first token, or -1 when nothing was written yet.</summary>
    internal int First { get; set; } = TokenBlocks.None;

    /// <summary>The newest token's position, or -1 when there is none.</summary>
    internal int Last { get; set; } = TokenBlocks.None;

    /// <summary>The block being written, or -1 when there is none.</summary>
    internal int Block { get; set; } = TokenBlocks.None;

    /// <summary>Whether it can take more tokens.</summary>
    internal bool IsOpen { get; set; } = true;

    /// <summary>One hash per context length.</summary>
    [InlineArray(MostContexts)]
    internal struct RollingHashes
    {
        private ulong _first;
    }
}
