using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Memory;

/// <summary>
/// Native memory aligned to a cache line. It is not cleared: pages that nobody writes cost nothing, so capacities may be generous.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed unsafe class AlignedBuffer<T> : IDisposable where T : unmanaged
{
    /// <summary>Alignment in bytes: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    private T* _pointer;

    /// <summary>Room for <paramref name="length"/> elements of undefined content.</summary>
    /// <param name="length">Number of elements.</param>
    /// <param name="dense">
    /// Whether all of it will be written and then read again and again: then the system is asked for large pages.
    /// </param>
    public AlignedBuffer(long length, bool dense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)Math.Max(Alignment, checked(length * sizeof(T)));
        bool large = dense && bytes >= LargePages.Size;
        _pointer = (T*)LargeBlocks.Allocate(bytes, large ? LargePages.Size : Alignment);
        if (large) LargePages.Advise(_pointer, bytes);
    }

    /// <summary>Frees what nobody disposed.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>First element.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is freed.</exception>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    /// <summary>A part of the buffer.</summary>
    public Span<T> Span(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset + count > Length) throw new ArgumentOutOfRangeException(nameof(offset));
        return new Span<T>(Pointer + offset, count);
    }

    /// <summary>Frees the memory; a second call does nothing.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer is null) return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
