using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Trainer.Online;

/// <summary>States and probabilities as the target's last forward left them on the device.</summary>
internal sealed class TargetVerification(ITargetRows target) : IVerificationSource
{
    private int[] _rows = [];
    private SampledToken[] _top = [];

    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => target.TryGetRows(sequence, out _);

    /// <inheritdoc/>
    public void Fill(DecodeSequence sequence, ReadOnlySpan<int> accepted, VerificationRecord record)
    {
        if (!target.TryGetRows(sequence, out var rows)) return;
        int k = record.TopK, count = record.Count * k;
        if (_rows.Length < record.Count) _rows = new int[2 * record.Count];
        if (_top.Length < count) _top = new SampledToken[2 * count];
        for (int i = 0; i < record.Count; i++) _rows[i] = rows.RowOfEmitted(accepted, i);
        rows.Result.TopK(_rows.AsSpan(0, record.Count), k, _top.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            record.TopTokens[i] = _top[i].Token;
            record.TopProbabilities[i] = _top[i].Token < 0 ? 0f : MathF.Exp(_top[i].LogProb);
        }
        for (int i = 0; i < record.Count; i++) rows.Result.Hidden.Read(_rows[i], record.State(i));
    }
}
