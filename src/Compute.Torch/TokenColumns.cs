using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Which token each column of logits belongs to: all of a vocabulary in order, or an ascending part of it (a head's hot vocabulary). So the
/// order of columns is that of ids, and a tie goes to the lowest id either way.
/// </summary>
internal sealed class TokenColumns : IDisposable
{
    private readonly int[]? _tokens;

    /// <summary>The whole vocabulary.</summary>
    public TokenColumns(int vocabulary) => Count = vocabulary;

    /// <summary>A part of it.</summary>
    /// <param name="tokens">Ids, ascending; kept, not copied.</param>
    /// <param name="device">Where the logits are.</param>
    public TokenColumns(int[] tokens, torch.Device device)
    {
        _tokens = tokens;
        Count = tokens.Length;
        using var scope = torch.NewDisposeScope();
        Ids = torch.tensor(Array.ConvertAll(tokens, t => (long)t)).to(device).DetachFromDisposeScope();
    }

    /// <summary>Number of columns.</summary>
    public int Count { get; }

    /// <summary>Token of each column, int64 [columns]; null where that is the column itself.</summary>
    public Tensor? Ids { get; }

    /// <summary>Column of a token, negative where there is none.</summary>
    public int IndexOf(int token) =>
        _tokens is not null ? Array.BinarySearch(_tokens, token) : (uint)token < (uint)Count ? token : -1;

    /// <summary>Token of a column; what is negative stays so.</summary>
    public int Token(int column) => column < 0 || _tokens is null ? column : _tokens[column];

    /// <inheritdoc/>
    public void Dispose() => Ids?.Dispose();
}
