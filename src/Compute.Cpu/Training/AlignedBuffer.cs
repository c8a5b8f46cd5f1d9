using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Floats outside the managed heap, aligned to a cache line; grows on demand and never shrinks, so that a training step that has run once
/// allocates no more. Content does not survive growth.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private float* _data;
    private nint _capacity;

    /// <summary>An empty buffer.</summary>
    public AlignedBuffer() { }

    /// <summary>A buffer of <paramref name="count"/> zeros.</summary>
    public AlignedBuffer(nint count)
    {
        Reserve(count);
        NativeMemory.Clear(_data, (nuint)count * sizeof(float));
    }

    /// <summary>Frees memory that was not disposed.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>First element; null while the buffer is empty.</summary>
    public float* Data => _data;

    /// <summary>Makes room for <paramref name="count"/> floats and returns the first; content is undefined after growth.</summary>
    public float* Reserve(nint count)
    {
        if (count <= _capacity) return _data;
        Free();
        _data = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Alignment);
        _capacity = count;
        return _data;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
    }
}
