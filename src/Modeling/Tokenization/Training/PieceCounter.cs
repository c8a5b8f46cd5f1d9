using System.Runtime.InteropServices;
using Atlas.Modeling.Tokenization.PreTokenization;

namespace Atlas.Modeling.Tokenization.Training;

/// <summary>Counts how often each piece of text occurs.</summary>
internal readonly struct PieceCounter : IPieceSink
{
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>A counter that has seen nothing.</summary>
    public PieceCounter() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The pieces and how often each occurred.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> piece) => CollectionsMarshal.GetValueRefOrAddDefault(_lookup, piece, out _)++;
}
