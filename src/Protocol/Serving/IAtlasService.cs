using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>
/// What a service does for its clients; <see cref="ServiceDispatcher"/> calls it. Methods of one connection are called one after another
/// in the order of arrival, each up to the point where it first waits, so a client may send <c>open</c> and <c>draft</c> without waiting
/// between. They run on the connection's reading loop and must not block. Connections call concurrently. An <see cref="RpcException"/> is
/// answered as its error, a cancellation as <see cref="RpcErrorCode.Cancelled"/>, any other exception as <see
/// cref="RpcErrorCode.Internal"/>. Tokens cancel when the connection ends.
/// </summary>
public interface IAtlasService
{
    /// <summary>Tells who serves; refuses a wrong bearer token with <see cref="RpcErrorCode.Unauthorized"/>.</summary>
    ValueTask<HelloResult> HelloAsync(ServicePeer peer, HelloParams parameters, CancellationToken cancellation);

    /// <summary>
    /// Generates completions; also cancelled by <c>cancel</c>. Where it streams, every token has gone to <paramref name="stream"/> before
    /// it returns.
    /// </summary>
    ValueTask<GenerateResult> GenerateAsync(
        ServicePeer peer, GenerateParams parameters, TokenStream stream, CancellationToken cancellation);

    /// <summary>Opens a session of this peer.</summary>
    ValueTask<PositionResult> OpenAsync(ServicePeer peer, OpenParams parameters, CancellationToken cancellation);

    /// <summary>
    /// Commits and drafts for a batch. Parameters and result are reused: neither may be kept beyond the returned task. The result comes
    /// empty and gets one element per sequence, in order. Answered without allocating where the task is complete on return or backed by
    /// a pooled source.
    /// </summary>
    ValueTask DraftAsync(ServicePeer peer, DraftParams parameters, DraftResult result, CancellationToken cancellation);

    /// <summary>
    /// An answer of <see cref="DraftAsync"/> has been handed to its connection: the place for what need not hold it up. Not called where the draft failed.
    /// </summary>
    void OnDraftAnswered(ServicePeer peer);

    /// <summary>
    /// Commits without drafting; a wrong base is <see cref="RpcErrorCode.StalePosition"/> or <see cref="RpcErrorCode.PositionGap"/>.
    /// </summary>
    ValueTask<PositionResult> CommitAsync(ServicePeer peer, SequenceUpdate parameters, CancellationToken cancellation);

    /// <summary>Ends a session.</summary>
    ValueTask<PositionResult> CloseAsync(ServicePeer peer, CloseParams parameters, CancellationToken cancellation);

    /// <summary>Takes note that the target has changed.</summary>
    ValueTask<WeightsUpdatedResult> WeightsUpdatedAsync(ServicePeer peer, WeightsUpdatedParams parameters, CancellationToken cancellation);

    /// <summary>Deletes a namespace; returns when everything of it is gone.</summary>
    ValueTask<ForgetResult> ForgetAsync(ServicePeer peer, ForgetParams parameters, CancellationToken cancellation);

    /// <summary>Figures of the service.</summary>
    ValueTask<StatsResult> StatsAsync(ServicePeer peer, StatsParams parameters, CancellationToken cancellation);

    /// <summary>Saves what was learned; returns when it is on disk.</summary>
    ValueTask<CheckpointResult> CheckpointAsync(ServicePeer peer, CheckpointParams parameters, CancellationToken cancellation);

    /// <summary>Finishes what runs and takes nothing new.</summary>
    ValueTask<DrainResult> DrainAsync(ServicePeer peer, DrainParams parameters, CancellationToken cancellation);

    /// <summary>The peer's connection has ended; its sessions go with it. The reason is null where the client closed it.</summary>
    void OnPeerGone(ServicePeer peer, Exception? reason);
}
