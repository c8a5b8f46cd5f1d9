using System.Runtime.InteropServices;
using Atlas.Compute.Cpu.Memory;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Scratch floats that grow on demand and never shrink, so that a training step that has run once allocates no more. Content does not
/// survive growth.
/// </summary>
internal sealed unsafe class GrowingBuffer : IDisposable
{
    private AlignedBuffer<float>? _memory;

    /// <summary>An empty buffer.</summary>
    public GrowingBuffer() { }

    /// <summary>A buffer of <paramref name="count"/> zeros.</summary>
    public GrowingBuffer(long count) => NativeMemory.Clear(Reserve(count), (nuint)count * sizeof(float));

    /// <summary>First element; null while the buffer is empty.</summary>
    public float* Data => _memory == null ? null : _memory.Pointer;

    /// <summary>Makes room for <paramref name="count"/> floats and returns the first; content is undefined after growth.</summary>
    public float* Reserve(long count)
    {
        if (_memory == null || count > _memory.Length)
        {
            _memory?.Dispose();
            _memory = new AlignedBuffer<float>(count);
        }
        return _memory.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();
}
