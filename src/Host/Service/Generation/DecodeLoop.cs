using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Atlas.Core.Decoding;
using Atlas.Host.Speculation;
using Atlas.Modeling.Tokenization;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// The one thread that decodes. Between two steps it takes in what other threads ask of it, lets completions that wait into the batch while there
/// is room, and hands on what the last step emitted; nothing in it waits for a client. Completions join and leave between steps, so a request's
/// tokens are decoded beside whatever else runs, and are the same bits whatever that is.
/// </summary>
internal sealed class DecodeLoop : IDisposable
{
    private readonly DecodingStack _stack;
    private readonly SpeculatorRestrictions _restrictions;
    private readonly LoopLimits _limits;
    private readonly Tokenizer? _tokenizer;
    private readonly CompletionWriter _writer;
    private readonly PrefixCache _prefixes;
    private readonly FairQueue<Completion> _queue = new();
    private readonly List<Completion> _running = [];
    private readonly List<DecodeSequence> _batch = [];
    private readonly ConcurrentQueue<Action> _inbox = new();
    private readonly Queue<Action<Exception?>> _replacements = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private long _lastSequence;
    private int _submitted;
    private volatile bool _draining;
    private volatile bool _stopping;

    /// <summary>A loop over a stack, which stays the caller's to dispose; it begins with <see cref="Start"/>.</summary>
    public DecodeLoop(DecodingStack stack, SpeculatorRestrictions restrictions, LoopLimits limits, Tokenizer? tokenizer, GenerationMeters meters, CompletionWriter writer)
    {
        _stack = stack;
        _restrictions = restrictions;
        _limits = limits;
        _tokenizer = tokenizer;
        Meters = meters;
        _writer = writer;
        _prefixes = new PrefixCache(stack.Target, limits.LeastShared);
        _thread = new Thread(Run) { IsBackground = true, Name = "atlas-decode" };
    }

    /// <summary>What was counted.</summary>
    public GenerationMeters Meters { get; }

    /// <summary>Whether nothing new is taken.</summary>
    public bool IsDraining => _draining;

    /// <summary>Begins to decode.</summary>
    public void Start() => _thread.Start();

    /// <summary>Whether the thread comes to what is asked of it within a time.</summary>
    public async Task<bool> IsAliveAsync(TimeSpan within)
    {
        try
        {
            return await InvokeAsync(() => true).WaitAsync(within).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Takes a request; its <see cref="GenerationRequest.Answer"/> ends when it has ended. It has its place until <see cref="Leave"/>.
    /// </summary>
    /// <exception cref="RpcException">The queue is full, or the service drains.</exception>
    public void Submit(GenerationRequest request)
    {
        if (_draining || _stopping) throw new RpcException(RpcErrorCode.Draining, "the service is draining and takes nothing new");
        int count = request.Result.Choices.Count;
        if (Interlocked.Add(ref _submitted, count) > _limits.MaxWaiting + _limits.MaxBatch)
        {
            Interlocked.Add(ref _submitted, -count);
            throw new RpcException(RpcErrorCode.Overloaded, $"{_limits.MaxWaiting} completions wait, the queue's limit; try again later");
        }
        Post(() => Enqueue(request));
    }

    /// <summary>Gives back the place of a request that has ended, before its answer is sent.</summary>
    public void Leave(GenerationRequest request) => Interlocked.Add(ref _submitted, -request.Result.Choices.Count);

    /// <summary>Ends a request, which is then answered as cancelled; does nothing for one that is over.</summary>
    public void Cancel(GenerationRequest request) => Post(() => End(request, new RpcException(RpcErrorCode.Cancelled, "cancelled")));

    /// <summary>Runs something on the decoding thread between two steps.</summary>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                done.TrySetResult(work());
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>
    /// Replaces the target's weights when what runs has come to its end; what waits is decoded with the new ones. So every completion is one
    /// target's, and no cache is older than its weights.
    /// </summary>
    /// <param name="replace">Replaces them, on the decoding thread.</param>
    public Task ReplaceTargetAsync(Action replace)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => _replacements.Enqueue(given =>
        {
            try
            {
                if (given is not null) throw given;
                replace();
                while (_prefixes.EvictOldest()) { }
                done.TrySetResult();
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        }));
        return done.Task;
    }

    /// <summary>Takes nothing new, and returns when nothing runs; what still runs at the deadline is cancelled, and counted.</summary>
    public async Task<int> DrainAsync(TimeSpan deadline)
    {
        _draining = true;
        long begin = Stopwatch.GetTimestamp();
        while (await InvokeAsync(() => _running.Count + _queue.Count).ConfigureAwait(false) > 0)
        {
            if (Stopwatch.GetElapsedTime(begin) >= deadline) return await InvokeAsync(() => EndAll(_ => true, "the service stops")).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(5)).ConfigureAwait(false);
        }
        return 0;
    }

    /// <summary>Ends what runs in a namespace and drops what is kept of it; returns the requests ended and the bytes of text dropped.</summary>
    public Task<(int Ended, long Bytes)> ForgetAsync(string name, long bytesPerToken) => InvokeAsync(() =>
    {
        int ended = EndAll(request => request.Namespace == name, $"namespace {name} is forgotten");
        // A sequence that is released leaves its text in the stores: that comes before they are forgotten.
        RemoveEnded();
        long tokens = _prefixes.Forget(name);
        return (ended, _stack.Forget(name) + (tokens * bytesPerToken));
    });

    /// <summary>Ends the thread; what runs is answered as cancelled.</summary>
    public void Dispose()
    {
        _draining = true;
        if (_thread.IsAlive)
        {
            Post(() =>
            {
                EndAll(_ => true, "the service stops");
                _stopping = true;
            });
            _thread.Join();
        }
        _wake.Dispose();
    }

    private void Post(Action work)
    {
        _inbox.Enqueue(work);
        _wake.Set();
    }

    private void Run()
    {
        _stack.Begin();
        while (!_stopping)
        {
            while (_inbox.TryDequeue(out var work)) work();
            RemoveEnded();
            if (_running.Count == 0)
                while (_replacements.TryDequeue(out var replace)) replace(null);
            Admit();
            Meters.Load(_running.Count, _queue.Count, _prefixes.Count);
            if (_stopping) break;
            if (_running.Count == 0) _wake.WaitOne();
            else Step();
        }
        while (_replacements.TryDequeue(out var replace)) replace(new RpcException(RpcErrorCode.Draining, "the service stops"));
        _prefixes.Dispose();
        _stack.End();
    }

    private void Enqueue(GenerationRequest request)
    {
        if (request.IsOver) return;
        for (int i = 0; i < request.Result.Choices.Count; i++)
        {
            var completion = new Completion(request, i, _tokenizer);
            _queue.Enqueue(request.Namespace, completion.Cost, completion);
        }
    }

    private void Admit()
    {
        while (_replacements.Count == 0 && _running.Count < _limits.MaxBatch && _queue.TryDequeue(out var completion))
        {
            while (_running.Count + _prefixes.Count >= _limits.CacheSlots && _prefixes.EvictOldest()) { }
            completion.Begin(++_lastSequence, _stack.DraftCapacity);
            Meters.Latencies.Begin(completion);
            if (completion.Request.Speculator is { } only) _restrictions.Restrict(completion.Sequence, only);
            completion.IsHeld = true;
            _running.Add(completion);
        }
    }

    // Everybody who does not wait for a prefix that another is just reading.
    private void Gather()
    {
        _batch.Clear();
        foreach (var completion in _running)
        {
            if (completion.IsHeld) completion.IsHeld = !TryBegin(completion);
            if (!completion.IsHeld) _batch.Add(completion.Sequence);
        }
    }

    private bool TryBegin(Completion completion)
    {
        var sequence = completion.Sequence;
        DecodeSequence? donor = null;
        int ready = _limits.LeastShared - 1;
        foreach (var other in _running)
        {
            if (other.IsHeld || other == completion || other.Request.Namespace != completion.Request.Namespace) continue;
            int shared = Math.Min(sequence.Tokens.CommonPrefixLength(other.Sequence.Tokens), sequence.Length - 1);
            int read = Math.Min(shared, _stack.Target.CachedTokens(other.Sequence));
            // The prefix will be there when the other's prompt has been read, sooner than if both read it.
            if (read < shared && shared > ready && other.Taken == 0) return false;
            if (read <= ready) continue;
            (donor, ready) = (other.Sequence, read);
        }
        int cached = donor is null ? _prefixes.Begin(sequence) : ready;
        if (donor is not null) _stack.Target.BeginWith(sequence, donor, ready);
        completion.Request.Result.CachedTokens += cached;
        Meters.Begin(sequence.PromptLength, cached);
        return true;
    }

    private void Step()
    {
        long begin = Stopwatch.GetTimestamp();
        try
        {
            Gather();
            _stack.Decoder.Step(CollectionsMarshal.AsSpan(_batch));
            foreach (var completion in _running)
                if (!completion.IsHeld)
                    Write(completion);
            foreach (var completion in _running) completion.Request.Stream?.Flush();
            RemoveEnded();
            _stack.AfterStep();
        }
        catch (Exception e)
        {
            // The step is not to be trusted: its requests fail, the service goes on.
            foreach (var request in _running.Select(completion => completion.Request).Distinct().ToArray())
            {
                if (request.Fail(new RpcException(RpcErrorCode.Internal, $"decoding failed: {e.Message}"))) Meters.Fail();
                Abandon(request);
            }
            RemoveEnded();
        }
        Meters.Step(Stopwatch.GetElapsedTime(begin));
    }

    private void Write(Completion completion)
    {
        try
        {
            _writer.Write(completion);
        }
        catch (RpcClosedException e)
        {
            // The client is gone, or does not read: its connection has ended, and its requests with it.
            End(completion.Request, new RpcException(RpcErrorCode.Cancelled, e.Message));
        }
    }

    private void RemoveEnded()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            var completion = _running[i];
            if (completion.Sequence.Finish is null) continue;
            _running.RemoveAt(i);
            // A held one that was cancelled has computed nothing.
            if (!completion.IsHeld && !completion.Request.Answer.IsFaulted) _prefixes.Keep(completion.Sequence);
            _stack.Decoder.Release(completion.Sequence);
        }
    }

    private int EndAll(Predicate<GenerationRequest> which, string why)
    {
        var ended = _running.Select(completion => completion.Request).Where(request => which(request)).ToHashSet();
        _queue.Remove(completion =>
        {
            if (!which(completion.Request)) return false;
            ended.Add(completion.Request);
            return true;
        });
        foreach (var request in ended) End(request, new RpcException(RpcErrorCode.Cancelled, why));
        return ended.Count;
    }

    private void End(GenerationRequest request, RpcException why)
    {
        if (!request.Fail(why)) return;
        Meters.Cancel();
        _queue.Remove(completion => completion.Request == request);
        Abandon(request);
    }

    private void Abandon(GenerationRequest request)
    {
        foreach (var completion in _running)
            if (completion.Request == request)
                completion.Sequence.Cancel();
    }
}
