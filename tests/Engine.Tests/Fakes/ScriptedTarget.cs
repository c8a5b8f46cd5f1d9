using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Engine.Tests.Fakes;

/// <summary>
/// A target whose own token at every absolute position is written down, whatever came before it; it keeps a log of what it was told to do.
/// </summary>
internal sealed class ScriptedTarget(params int[] text) : ITarget
{
    private readonly Dictionary<long, int> _cached = [];

    public List<string> Log { get; } = [];

    /// <summary>The batches verified, as sequence ids.</summary>
    public List<long[]> Batches { get; } = [];

    /// <summary>Sequences whose next verification is a prompt chunk that reaches no token.</summary>
    public HashSet<long> StillReading { get; } = [];

    public int MaxDraftNodes { get; init; } = 16;

    public int ContextLength { get; init; } = 1000;

    /// <summary>Rows a sequence's cache holds.</summary>
    public int Cached(DecodeSequence sequence) => _cached.GetValueOrDefault(sequence.Id);

    public bool CanVerify(DecodeSequence sequence) => !StillReading.Contains(sequence.Id);

    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch) => new(batch.Length, batch.Length * MaxDraftNodes, batch.Length * (MaxDraftNodes + 1));

    public void Verify(ReadOnlySpan<DecodeSequence> batch)
    {
        var ids = new List<long>();
        foreach (var sequence in batch)
        {
            Assert.Null(sequence.Finish);
            ids.Add(sequence.Id);
            sequence.IsVerified = CanVerify(sequence);
            if (!sequence.IsVerified) continue;
            sequence.Verified[0] = Token(sequence.Length);
            for (int node = 0; node < sequence.Draft.Count; node++)
                sequence.Verified[node + 1] = Token(sequence.Length + sequence.Draft.Depths[node]);
        }
        Batches.Add([.. ids]);
    }

    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path)
    {
        Log.Add($"commit {sequence.Id}: {string.Join(' ', path.ToArray())}");
        // The rows before the step, the last token's row and those of the path.
        int before = _cached.GetValueOrDefault(sequence.Id, sequence.PromptLength - 1);
        _cached[sequence.Id] = before + 1 + path.Length;
        Assert.Equal(sequence.Length - 1, _cached[sequence.Id]);
    }

    public void Release(DecodeSequence sequence)
    {
        Log.Add($"release {sequence.Id}");
        _cached.Remove(sequence.Id);
    }

    private SampledToken Token(int position) => new(text[position % text.Length], -0.01f * position, 1f);
}
