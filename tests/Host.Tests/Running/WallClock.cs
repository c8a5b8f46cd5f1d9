using System.IO.MemoryMappedFiles;

namespace Atlas.Host.Tests.Running;

/// <summary>
/// The time of day as one process sees it, in the tests' hands: a library loaded before all others (<c>wall_clock.c</c>) answers whoever asks the system.
/// Clocks that only go forward stay as they are.
/// </summary>
internal sealed class WallClock : IDisposable
{
    private readonly string _library;
    private readonly string _file;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _offset;

    /// <summary>A clock that is right.</summary>
    /// <param name="scratch">Where its files go.</param>
    public WallClock(Scratch scratch)
    {
        (_library, _file) = (scratch.At("wall_clock.so"), scratch.At("clock"));
        var compiled = Tool.Run("cc", ["-O2", "-shared", "-fPIC", "-o", _library, Tool.RepositoryFile("tests/Host.Tests/Running/wall_clock.c"), "-ldl"]);
        Assert.True(compiled.ExitCode == 0, compiled.Error);
        File.WriteAllBytes(_file, new byte[sizeof(long)]);
        _mapping = MemoryMappedFile.CreateFromFile(_file);
        _offset = _mapping.CreateViewAccessor(0, sizeof(long));
    }

    /// <summary>What a process must find in its environment.</summary>
    public (string Name, string Value)[] Environment => [("LD_PRELOAD", _library), ("ATLAS_TEST_CLOCK", _file)];

    /// <summary>What the process's time of day is ahead of the real one.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromSeconds(_offset.ReadInt64(0));
        set => _offset.Write(0, (long)value.TotalSeconds);
    }

    public void Dispose()
    {
        _offset.Dispose();
        _mapping.Dispose();
    }
}
