using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Copies strips of a matrix into the order in which a micro-kernel reads them: for each step of depth the strip's values side by side,
/// missing ones zero. Strips of B are strips of its transpose.
/// </summary>
internal static unsafe class PanelPacking
{
    /// <summary>
    /// Packs rows <paramref name="firstRow"/> to firstRow + <paramref name="width"/> - 1 (those that exist) and columns
    /// <paramref name="firstColumn"/> to firstColumn + <paramref name="depth"/> - 1 of <paramref name="source"/>.
    /// </summary>
    public static void Pack(in MatrixView source, int firstRow, int width, int firstColumn, int depth, float* destination)
    {
        int count = Math.Min(width, source.Rows - firstRow);
        float* data = source.Data + firstRow * source.RowStride + firstColumn * source.ColumnStride;
        if (source.RowStride == 1) CopyStrips(data, source.ColumnStride, count, width, depth, destination);
        else Transpose(data, source.RowStride, count, width, depth, destination);
        if (count == width) return;
        for (int k = 0; k < depth; k++) new Span<float>(destination + (nint)k * width + count, width - count).Clear();
    }

    private static void CopyStrips(float* data, nint stride, int count, int width, int depth, float* destination)
    {
        if (count == 32 && width == 32)
        {
            for (int k = 0; k < depth; k++, data += stride, destination += 32)
            {
                Vector512.Store(Vector512.Load(data), destination);
                Vector512.Store(Vector512.Load(data + 16), destination + 16);
            }
            return;
        }
        for (int k = 0; k < depth; k++, data += stride, destination += width)
        {
            int i = 0;
            for (; i <= count - 4; i += 4) Vector128.Store(Vector128.Load(data + i), destination + i);
            for (; i < count; i++) destination[i] = data[i];
        }
    }

    private static void Transpose(float* data, nint stride, int count, int width, int depth, float* destination)
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            float* r0 = data + i * stride;
            float* r1 = r0 + stride;
            float* r2 = r1 + stride;
            float* r3 = r2 + stride;
            float* to = destination + i;
            int k = 0;
            for (; k <= depth - 4; k += 4, to += 4 * (nint)width)
                Transpose4(Vector128.Load(r0 + k), Vector128.Load(r1 + k), Vector128.Load(r2 + k), Vector128.Load(r3 + k), to, width);
            for (; k < depth; k++, to += width)
            {
                to[0] = r0[k];
                to[1] = r1[k];
                to[2] = r2[k];
                to[3] = r3[k];
            }
        }
        for (; i < count; i++)
        {
            float* row = data + i * stride;
            for (int k = 0; k < depth; k++) destination[(nint)k * width + i] = row[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(
        Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3, float* to, nint stride)
    {
        if (Sse.IsSupported)
        {
            var low01 = Sse.UnpackLow(r0, r1);
            var high01 = Sse.UnpackHigh(r0, r1);
            var low23 = Sse.UnpackLow(r2, r3);
            var high23 = Sse.UnpackHigh(r2, r3);
            Sse.MoveLowToHigh(low01, low23).Store(to);
            Sse.MoveHighToLow(low23, low01).Store(to + stride);
            Sse.MoveLowToHigh(high01, high23).Store(to + 2 * stride);
            Sse.MoveHighToLow(high23, high01).Store(to + 3 * stride);
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            var low01 = AdvSimd.Arm64.ZipLow(r0, r1).AsDouble();
            var high01 = AdvSimd.Arm64.ZipHigh(r0, r1).AsDouble();
            var low23 = AdvSimd.Arm64.ZipLow(r2, r3).AsDouble();
            var high23 = AdvSimd.Arm64.ZipHigh(r2, r3).AsDouble();
            AdvSimd.Arm64.ZipLow(low01, low23).AsSingle().Store(to);
            AdvSimd.Arm64.ZipHigh(low01, low23).AsSingle().Store(to + stride);
            AdvSimd.Arm64.ZipLow(high01, high23).AsSingle().Store(to + 2 * stride);
            AdvSimd.Arm64.ZipHigh(high01, high23).AsSingle().Store(to + 3 * stride);
        }
        else
        {
            for (int k = 0; k < 4; k++, to += stride)
            {
                to[0] = r0[k];
                to[1] = r1[k];
                to[2] = r2[k];
                to[3] = r3[k];
            }
        }
    }
}
