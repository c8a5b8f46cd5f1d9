using Atlas.Client;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>Verifies as a greedy server would whose target writes a known text: takes what agrees of a draft, and one token more.</summary>
internal static class GreedyServer
{
    /// <summary>Serves one session to the end of its text; returns the draft tokens that were right and the calls.</summary>
    public static async Task<(int Accepted, int Calls)> ServeAsync(AtlasClient client, long session, int[] text, int position, int budget = 4)
    {
        int accepted = 0, calls = 0;
        int[] committed = text[position..(position + 1)];
        while (position + committed.Length < text.Length)
        {
            var draft = await ServingSidecar.DraftAsync(client, session, position, committed, budget);
            Assert.Equal(DraftStatus.Ok, draft.Status);
            Assert.InRange(draft.Tokens.Count, 0, budget);
            calls++;
            position += committed.Length;
            int agreed = Agreed(draft, text, position);
            accepted += agreed;
            committed = text[position..Math.Min(position + agreed + 1, text.Length)];
        }
        var last = new SequenceUpdate { Session = session, Base = position };
        last.Tokens.Add(committed);
        Assert.Equal(text.Length, (await client.CommitAsync(last)).Position);
        return (accepted, calls + 1);
    }

    private static int Agreed(SequenceDraft draft, int[] text, int position)
    {
        int node = -1, depth = 0;
        for (int i = 0; i < draft.Tokens.Count; i++)
        {
            int parent = draft.Parents.Count > 0 ? draft.Parents[i] : i - 1;
            if (parent != node || position + depth >= text.Length || draft.Tokens[i] != text[position + depth]) continue;
            node = i;
            depth++;
        }
        return depth;
    }
}
