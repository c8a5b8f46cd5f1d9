using System.Diagnostics;
using System.Threading.Channels;
using Atlas.Evaluation.Traces;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Recording;

/// <summary>
/// Writes what is served to a trace that <c>atlas replay --recorded</c> reads: a line for each completion or session, when it has ended, as token
/// ids. Whoever serves hands a line over and goes on; where the disk does not keep up, lines are dropped and counted. The file, readable by
/// its owner only, is made anew; another one is never overwritten. Thread-safe.
/// </summary>
internal sealed class TrafficRecorder : IDisposable
{
    private const int MostWaiting = 4096;

    private readonly string _path;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Task _writing;
    private FileStream _file;
    private TraceWriter _trace;
    private long _written, _dropped;

    /// <summary>A recorder that writes from now on.</summary>
    /// <exception cref="IOException">The file is there already, or cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public TrafficRecorder(string path)
    {
        _path = Path.GetFullPath(path);
        _file = Create(_path, FileMode.CreateNew);
        _trace = new TraceWriter(_file, leaveOpen: true);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Requests written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Requests that were not written: too many waited, or the disk refused them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Seconds from the trace's start to a time of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public double SecondsAt(long timestamp) => Math.Max(0, Stopwatch.GetElapsedTime(_startedAt, timestamp).TotalSeconds);

    /// <summary>Hands a request over to be written; never waits.</summary>
    public void Record(TraceRequest request)
    {
        if (!_entries.Writer.TryWrite(new Entry(request, null))) Interlocked.Increment(ref _dropped);
    }

    /// <summary>Takes the lines of a namespace out of the file again; returns when they are gone.</summary>
    public async Task ForgetAsync(string name)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _entries.Writer.WriteAsync(new Entry(null, new Removal(name, done))).ConfigureAwait(false);
        await done.Task.ConfigureAwait(false);
    }

    /// <summary>Adds its figures.</summary>
    public void AddTo(MetricSet metrics)
    {
        metrics.Counter("recorded_requests", "Requests written to the trace of --record.", () => Written);
        metrics.Counter("recorded_requests_dropped", "Requests that did not get there: too many waited, or the disk refused them.", () => Dropped);
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public void Dispose()
    {
        _entries.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
        _trace.Dispose();
        _file.Dispose();
    }

    private async Task WriteAsync()
    {
        while (await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_entries.Reader.TryRead(out var entry))
            {
                if (entry.Request is { } request) Write(request);
                else Remove(entry.Removal!);
            }
            Try(_file.Flush);
        }
    }

    private void Write(TraceRequest request)
    {
        if (Try(() => _trace.Write(request))) Interlocked.Increment(ref _written);
        else Interlocked.Increment(ref _dropped);
    }

    // A full disk, or a request that no trace may hold, ends neither recording nor serving.
    private static bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Remove(Removal removal)
    {
        try
        {
            _trace.Dispose();
            _file.Dispose();
            string rest = _path + ".tmp";
            using (var copy = new TraceWriter(Create(rest, FileMode.Create), leaveOpen: false))
                foreach (var request in TraceReader.Read(_path))
                    if (request.Namespace != removal.Name)
                        copy.Write(request);
            File.Move(rest, _path, overwrite: true);
            removal.Done.TrySetResult();
        }
        catch (Exception e) when (e is IOException or TraceException or UnauthorizedAccessException)
        {
            removal.Done.TrySetException(new IOException($"{_path}: namespace {removal.Name} was not taken out of the recorded traffic: {e.Message}", e));
        }
        finally
        {
            _file = Create(_path, FileMode.Append);
            _trace = new TraceWriter(_file, leaveOpen: true);
        }
    }

    private static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private readonly record struct Entry(TraceRequest? Request, Removal? Removal);

    private sealed record Removal(string Name, TaskCompletionSource Done);
}
