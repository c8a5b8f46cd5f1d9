using System.Collections.Concurrent;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Protocol.Tests.Serving;

/// <summary>
/// A service without models, strict about positions: it drafts the numbers that follow the last token, and "generates" those that follow
/// the prompt's length. The prompt <c>hang</c> runs until it is cancelled; <c>break</c> fails.
/// </summary>
internal sealed class FakeService : IAtlasService
{
    public string Token { get; init; } = "";

    public ConcurrentQueue<string> Log { get; } = new();

    public TaskCompletionSource<Exception?> Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is done behind the answer of a draft.</summary>
    public Action? DraftAnswered { get; init; }

    /// <summary>Set, drafts wait for it.</summary>
    public Task? DraftGate { get; set; }

    public ValueTask<HelloResult> HelloAsync(ServicePeer peer, HelloParams parameters, CancellationToken cancellation)
    {
        if (parameters.Token != Token) throw new RpcException(RpcErrorCode.Unauthorized, "the token is wrong");
        var result = new HelloResult { Version = "0.1", Target = "fake", VocabularySize = 1000, MaxBatch = 64 };
        result.Methods.AddRange(ServiceDispatcher.MethodNames);
        return ValueTask.FromResult(result);
    }

    public async ValueTask<GenerateResult> GenerateAsync(
        ServicePeer peer, GenerateParams parameters, TokenStream stream, CancellationToken cancellation)
    {
        if (parameters.Prompt == "break") throw new InvalidOperationException("the engine broke");
        if (parameters.Prompt == "hang") await Task.Delay(Timeout.Infinite, cancellation);
        int first = parameters.Tokens.Count + parameters.Prompt.Length;
        var result = new GenerateResult { Seed = parameters.Seed ?? 42, PromptTokens = first };
        for (int index = 0; index < parameters.N; index++)
        {
            GenerateChoice choice = result.Choices.Add();
            choice.Index = index;
            choice.FinishReason = "length";
            choice.TokenCount = parameters.MaxTokens;
            for (int i = 0; i < parameters.MaxTokens; i++)
            {
                if (i % 8 == 0) await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                if (parameters.Stream)
                {
                    stream.Piece.Index = index;
                    stream.Piece.Offset = i;
                    stream.Piece.Tokens.Add(first + i);
                    stream.Piece.Text = $"{first + i} ";
                    if (parameters.Logprobs >= 0) stream.Piece.Logprobs.Add().Token = first + i;
                    stream.Send();
                    if (i % 3 == 0) stream.Flush();
                }
                else
                {
                    choice.Tokens.Add(first + i);
                    choice.Text += $"{first + i} ";
                }
            }
            result.CompletionTokens += choice.TokenCount;
        }
        return result;
    }

    public ValueTask<PositionResult> OpenAsync(ServicePeer peer, OpenParams parameters, CancellationToken cancellation)
    {
        if (!SessionsOf(peer).TryAdd(parameters.Session, new Session { Count = parameters.Tokens.Count }))
            throw new RpcException(RpcErrorCode.SessionExists, $"session {parameters.Session} is open");
        return ValueTask.FromResult(new PositionResult { Session = parameters.Session, Position = parameters.Tokens.Count });
    }

    public ValueTask DraftAsync(ServicePeer peer, DraftParams parameters, DraftResult result, CancellationToken cancellation)
    {
        if (DraftGate is { } gate) return WaitAndDraftAsync(gate, peer, parameters, result);
        Draft(peer, parameters, result);
        return default;
    }

    public void OnDraftAnswered(ServicePeer peer) => DraftAnswered?.Invoke();

    public ValueTask<PositionResult> CommitAsync(ServicePeer peer, SequenceUpdate parameters, CancellationToken cancellation)
    {
        if (!SessionsOf(peer).TryGetValue(parameters.Session, out Session? session))
            throw new RpcException(RpcErrorCode.UnknownSession, $"session {parameters.Session} is not open");
        if (parameters.Base != session.Count)
        {
            throw new RpcException(new RpcError
            {
                Code = parameters.Base < session.Count ? RpcErrorCode.StalePosition : RpcErrorCode.PositionGap,
                Message = $"base is {parameters.Base}; expected {session.Count}",
                Parameter = "base",
                Position = session.Count,
            });
        }
        session.Count += parameters.Tokens.Count;
        return ValueTask.FromResult(new PositionResult { Session = parameters.Session, Position = session.Count });
    }

    public ValueTask<PositionResult> CloseAsync(ServicePeer peer, CloseParams parameters, CancellationToken cancellation)
    {
        if (!SessionsOf(peer).Remove(parameters.Session, out Session? session))
            throw new RpcException(RpcErrorCode.UnknownSession, $"session {parameters.Session} is not open");
        return ValueTask.FromResult(new PositionResult { Session = parameters.Session, Position = session.Count });
    }

    public ValueTask<WeightsUpdatedResult> WeightsUpdatedAsync(ServicePeer peer, WeightsUpdatedParams parameters, CancellationToken cancellation)
    {
        Log.Enqueue($"weights {parameters.Fingerprint}");
        return ValueTask.FromResult(new WeightsUpdatedResult { Generation = 1 });
    }

    public ValueTask<ForgetResult> ForgetAsync(ServicePeer peer, ForgetParams parameters, CancellationToken cancellation)
    {
        Log.Enqueue($"forget {parameters.Namespace}");
        return ValueTask.FromResult(new ForgetResult { Sessions = 2, Bytes = 1L << 40 });
    }

    public ValueTask<StatsResult> StatsAsync(ServicePeer peer, StatsParams parameters, CancellationToken cancellation)
    {
        var result = new StatsResult { UptimeSeconds = 1.5 };
        result.Values["sessions"] = SessionsOf(peer).Count;
        return ValueTask.FromResult(result);
    }

    public ValueTask<CheckpointResult> CheckpointAsync(ServicePeer peer, CheckpointParams parameters, CancellationToken cancellation) =>
        ValueTask.FromResult(new CheckpointResult { Path = "/var/lib/atlas/7", Version = 7 });

    public ValueTask<DrainResult> DrainAsync(ServicePeer peer, DrainParams parameters, CancellationToken cancellation) =>
        ValueTask.FromResult(new DrainResult { Cancelled = (int)parameters.DeadlineMs });

    public void OnPeerGone(ServicePeer peer, Exception? reason) => Gone.TrySetResult(reason);

    private static Dictionary<long, Session> SessionsOf(ServicePeer peer) => (Dictionary<long, Session>)(peer.State ??= new Dictionary<long, Session>());

    private static async ValueTask WaitAndDraftAsync(Task gate, ServicePeer peer, DraftParams parameters, DraftResult result)
    {
        await gate;
        Draft(peer, parameters, result);
    }

    private static void Draft(ServicePeer peer, DraftParams parameters, DraftResult result)
    {
        Dictionary<long, Session> sessions = SessionsOf(peer);
        for (int i = 0; i < parameters.Sequences.Count; i++)
        {
            SequenceUpdate update = parameters.Sequences[i];
            SequenceDraft draft = result.Sequences.Add();
            draft.Session = update.Session;
            if (!sessions.TryGetValue(update.Session, out Session? session))
            {
                draft.Status = DraftStatus.UnknownSession;
                continue;
            }
            draft.Position = session.Count;
            if (update.Base != session.Count)
            {
                draft.Status = update.Base < session.Count ? DraftStatus.StalePosition : DraftStatus.PositionGap;
                continue;
            }
            session.Count += update.Tokens.Count;
            draft.Position = session.Count;
            if (update.Tokens.Count > 0) session.Last = update.Tokens[update.Tokens.Count - 1];
            for (int k = 1; k <= update.Budget; k++)
            {
                draft.Tokens.Add(session.Last + k);
                draft.Confidence.Add(1f / (1 << k));
            }
            draft.Speculator = "suffix";
            draft.Version = session.Count;
        }
    }

    private sealed class Session
    {
        public long Count { get; set; }

        public int Last { get; set; }
    }
}
