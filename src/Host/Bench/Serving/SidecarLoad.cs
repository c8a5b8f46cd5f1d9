using Atlas.Client;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Bench.Serving;

/// <summary>
/// A server that verifies in no time: its texts repeat themselves, it commits what agrees of a draft and one token more, and asks for the next
/// at once. One connection with as many sessions as a batch has; used from one thread at a time.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="batch">Sequences of a call.</param>
internal sealed class SidecarLoad(AtlasClient client, int batch)
{
    private const int Period = 61;
    private const int PromptTokens = 4 * Period;
    private const int LongestText = 16_384;
    private const int Budget = 8;

    // What a real server's forward takes: the controller is to draft as it would for one.
    private const int VerifyMicroseconds = 20_000;

    private readonly DraftParams _parameters = new() { VerifyUs = VerifyMicroseconds };
    private readonly DraftResult _result = new();
    private readonly int[] _tokens = new int[Budget + 1];
    private readonly long[] _positions = new long[batch];
    private long _drafted;

    /// <summary>Draft tokens that were answered.</summary>
    public long Drafted => _drafted;

    /// <summary>Opens the sessions, or opens them again.</summary>
    public async Task OpenAsync()
    {
        for (int i = 0; i < batch; i++)
        {
            if (_positions[i] > 0) await client.CloseAsync(new CloseParams { Session = i, Learn = false }).ConfigureAwait(false);
            var open = new OpenParams { Session = i, Speculator = "suffix" };
            for (int position = 0; position < PromptTokens; position++) open.Tokens.Add(Token(i, position));
            await client.OpenAsync(open).ConfigureAwait(false);
            _positions[i] = PromptTokens;
        }
        _parameters.Sequences.Clear();
        for (int i = 0; i < batch; i++)
        {
            var update = _parameters.Sequences.Add();
            (update.Session, update.Budget, update.Packed) = (i, Budget, true);
            Commit(i, update, 1);
        }
    }

    /// <summary>Whether the sessions are about to be too long and want to be opened again.</summary>
    public bool IsFull => _positions.Max() > LongestText;

    /// <summary>One call: commits, and takes the drafts.</summary>
    public ValueTask CallAsync() => client.DraftAsync(_parameters, _result);

    /// <summary>Verifies what the call answered, for the next one.</summary>
    public void Verify()
    {
        for (int i = 0; i < batch; i++)
        {
            var draft = _result.Sequences[i];
            if (draft.Status != DraftStatus.Ok) throw new InvalidOperationException($"session {i} was answered with status {draft.Status}");
            _positions[i] = draft.Position;
            _drafted += draft.Tokens.Count;
            Commit(i, _parameters.Sequences[i], Agreed(i, draft) + 1);
        }
    }

    private static int Token(int session, long position) => (int)(position % Period * 31 % Period) + (session * Period % 4000);

    private void Commit(int session, SequenceUpdate update, int count)
    {
        for (int k = 0; k < count; k++) _tokens[k] = Token(session, _positions[session] + k);
        update.Base = _positions[session];
        update.Tokens.Set(_tokens.AsSpan(0, count));
    }

    private int Agreed(int session, SequenceDraft draft)
    {
        int node = -1, depth = 0;
        for (int i = 0; i < draft.Tokens.Count; i++)
        {
            int parent = draft.Parents.Count > 0 ? draft.Parents[i] : i - 1;
            if (parent != node || draft.Tokens[i] != Token(session, _positions[session] + depth)) continue;
            node = i;
            depth++;
        }
        return depth;
    }
}
