using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Engine;

/// <summary>
/// Verification by equality: the target has drawn its own token after every node with the noise of that position (Gumbel coupling, arXiv
/// 2408.07978), so a draft token is accepted exactly when it is the target's. Stateless.
/// </summary>
public sealed class CoupledVerifier : IVerifier
{
    /// <inheritdoc/>
    public int Verify(DecodeSequence sequence, Span<int> path, Span<SampledToken> emitted)
    {
        int length = 0;
        int node = DraftTree.Root;
        while (true)
        {
            var token = sequence.Verified[node + 1];
            emitted[length] = token;
            node = sequence.Draft.FindChild(node, token.Token);
            if (node < 0) return length;
            path[length++] = node;
        }
    }
}
