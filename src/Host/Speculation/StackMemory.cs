using System.Diagnostics;
using System.Text.Json;
using Atlas.Controller;
using Atlas.Controller.Calibration;
using Atlas.Modeling;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>
/// Keeps what speculation knows of each namespace beside heads' weights (its suffix store and the calibration of its speculators) in checkpoints,
/// so that a restart goes on with it. Copies are made on the decoding thread between two steps, of one namespace at a time; they are written on
/// another. Everything here is called on the decoding thread.
/// </summary>
internal sealed class StackMemory : IDisposable
{
    private const string SuffixFileName = "suffix.bin";
    private const string CalibrationFileName = "calibration.json";

    // What a stored token of a namespace takes in memory at most, over what it takes in a file.
    private const int MemoryOverFile = 16;

    private readonly MemoryCheckpoints _checkpoints;
    private readonly SuffixSpeculator? _suffix;
    private readonly AdaptivePlanner? _planner;
    private readonly TimeSpan _interval;
    private readonly Dictionary<string, (long Appended, long Observed)> _saved = new(StringComparer.Ordinal);
    private readonly Queue<string> _due = new();
    private Task _writing = Task.CompletedTask;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Takes up what the checkpoints hold.</summary>
    /// <param name="checkpoints">Where it is kept; its directory was checked to be of this target.</param>
    /// <param name="suffix">Whose stores; null for none.</param>
    /// <param name="planner">Whose calibration; null for none.</param>
    /// <param name="interval">Time between two checkpoints.</param>
    public StackMemory(MemoryCheckpoints checkpoints, SuffixSpeculator? suffix, AdaptivePlanner? planner, TimeSpan interval)
    {
        (_checkpoints, _suffix, _planner, _interval) = (checkpoints, suffix, planner, interval);
        Restore();
    }

    /// <summary>Files that could not be written or taken up.</summary>
    public long Faults { get; private set; }

    /// <summary>The last of these, in one line; null where there was none.</summary>
    public string? LastFault { get; private set; }

    /// <summary>Begins a checkpoint where one is due; returns at once.</summary>
    public void AfterStep()
    {
        if (_writing.IsFaulted) TakeFault();
        if (_due.Count == 0 && Stopwatch.GetElapsedTime(_last) < _interval) return;
        if (!_writing.IsCompleted) return;
        if (_due.Count == 0)
        {
            _last = Stopwatch.GetTimestamp();
            foreach (string name in Changed()) _due.Enqueue(name);
        }
        if (!_due.TryDequeue(out string? next) || Copy(next) is not { } files) return;
        _writing = Task.Run(() => _checkpoints.Save(next, files));
    }

    /// <summary>Writes all that has changed; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save()
    {
        foreach (var (name, files) in CopyChanged()) _checkpoints.Save(name, files);
    }

    /// <summary>Copies all that has changed and writes it on another thread; it is on the disk when the task ends, which fails where it cannot be written.</summary>
    public Task BeginSave()
    {
        var copies = CopyChanged();
        return _writing = Task.Run(() =>
        {
            foreach (var (name, files) in copies) _checkpoints.Save(name, files);
        });
    }

    /// <summary>Deletes a namespace's checkpoints; its store and calibration are the caller's to delete.</summary>
    public void Forget(string name)
    {
        Settle();
        _saved.Remove(name);
        _checkpoints.Delete(name);
    }

    /// <summary>Writes all that has changed, as far as it can.</summary>
    public void Dispose()
    {
        try
        {
            Save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    // The newest first, as far as they fit; then those are taken up in the order of their age, so that the newest are the last to be evicted.
    private void Restore()
    {
        var chosen = new Stack<MemoryCheckpoint>();
        long room = _suffix?.MemoryLimit ?? 0;
        foreach (var checkpoint in _checkpoints.Newest())
        {
            room -= checkpoint.Find(SuffixFileName) is { } file ? new FileInfo(file).Length * MemoryOverFile : 0;
            if (room < 0 && _suffix is not null) break;
            chosen.Push(checkpoint);
        }
        foreach (var checkpoint in chosen) Restore(checkpoint);
    }

    private void Restore(MemoryCheckpoint checkpoint)
    {
        string name = checkpoint.Namespace;
        try
        {
            if (_suffix is not null && checkpoint.Find(SuffixFileName) is { } texts)
            {
                using var source = File.OpenRead(texts);
                _suffix.Load(name, source);
            }
            if (_planner is not null && checkpoint.Find(CalibrationFileName) is { } counts
                && JsonSerializer.Deserialize<CalibrationState>(File.ReadAllBytes(counts)) is { } state)
                _planner.LoadCalibration(name, state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CheckpointException or JsonException or ArgumentException)
        {
            Fail(e);
        }
        _saved[name] = StateOf(name);
    }

    private List<(string Name, Dictionary<string, byte[]> Files)> CopyChanged()
    {
        Settle();
        _due.Clear();
        _last = Stopwatch.GetTimestamp();
        List<(string, Dictionary<string, byte[]>)> copies = [];
        foreach (string name in Changed())
            if (Copy(name) is { } files)
                copies.Add((name, files));
        return copies;
    }

    private List<string> Changed()
    {
        List<string> changed = [];
        foreach (string name in (_suffix?.Namespaces ?? []).Union(_planner?.Namespaces ?? []))
            if (StateOf(name) is var state && state != _saved.GetValueOrDefault(name))
                changed.Add(name);
        return changed;
    }

    private (long Appended, long Observed) StateOf(string name) => (_suffix?.Appended(name) ?? 0, _planner?.CalibrationObservations(name) ?? 0);

    // Null where there is nothing any more.
    private Dictionary<string, byte[]>? Copy(string name)
    {
        Dictionary<string, byte[]> files = [];
        // A store that was given up for memory stays on the disk as it was.
        if (_suffix?.Store(name) is null && _saved.GetValueOrDefault(name).Appended > 0) return null;
        if (_suffix?.Store(name) is { } store)
        {
            using var texts = new MemoryStream();
            SuffixFile.Save(store, texts);
            files.Add(SuffixFileName, texts.ToArray());
        }
        if (_planner?.SaveCalibration(name) is { } state) files.Add(CalibrationFileName, JsonSerializer.SerializeToUtf8Bytes(state));
        _saved[name] = StateOf(name);
        return files.Count > 0 ? files : null;
    }

    private void Settle()
    {
        try
        {
            _writing.Wait();
        }
        catch (AggregateException)
        {
            // Counted below.
        }
        TakeFault();
    }

    // What could not be written is tried again with the next change.
    private void TakeFault()
    {
        if (_writing.Exception?.InnerException is { } fault) Fail(fault);
        _writing = Task.CompletedTask;
    }

    private void Fail(Exception fault)
    {
        Faults++;
        LastFault = fault.Message.ReplaceLineEndings(" ");
    }
}
