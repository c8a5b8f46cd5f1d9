using Atlas.Core.Decoding;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>What a learned speculator's heads start from. Used from the decoding thread.</summary>
public interface IDraftStates
{
    /// <summary>
    /// The state before a sequence's last token; false where there is none, and then nothing is drafted. It is valid until as many more have
    /// been asked for as a head has rows.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="states">Where the state is.</param>
    /// <param name="row">Its row there.</param>
    bool TryGet(DecodeSequence sequence, out IHiddenStates states, out int row);
}
