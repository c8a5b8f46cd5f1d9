namespace Atlas.Core.Decoding;

/// <summary>Decides how much each sequence of a batch may draft in the coming step.</summary>
public interface IPlanner
{
    /// <summary>Sets the <see cref="DecodeSequence.Budget"/> of every sequence.</summary>
    void Plan(ReadOnlySpan<DecodeSequence> batch);
}
