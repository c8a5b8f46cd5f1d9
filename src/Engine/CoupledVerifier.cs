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
            // A node behind which nothing can be drawn is a dead end: its token is emitted as recovered, and the next step says so.
            if (node < 0 || sequence.Verified[node + 1].Token < 0) return length;
            path[length++] = node;
        }
    }
}
