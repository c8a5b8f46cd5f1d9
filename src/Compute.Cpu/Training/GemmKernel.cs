using System.Runtime.Intrinsics;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A micro-kernel: multiplies a packed panel of A (<see cref="Rows"/> values per step of depth) by a packed panel of B
/// (<see cref="Columns"/> values per step), the sum over depth in ascending order, and adds the initial tile. Blocking after Goto and van de
/// Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 34, 2008).
/// </summary>
internal sealed unsafe class GemmKernel
{
    private GemmKernel(int rows, int columns, delegate*<float*, float*, nint, float*, nint, float*, nint, void> multiply)
    {
        Rows = rows;
        Columns = columns;
        Multiply = multiply;
    }

    /// <summary>For processors with 512-bit vectors.</summary>
    public static GemmKernel Wide { get; } = new(GemmKernel512.Rows, GemmKernel512.Columns, &GemmKernel512.Multiply);

    /// <summary>For processors with 256-bit vectors.</summary>
    public static GemmKernel Medium { get; } = new(GemmKernel256.Rows, GemmKernel256.Columns, &GemmKernel256.Multiply);

    /// <summary>For all others.</summary>
    public static GemmKernel Narrow { get; } = new(GemmKernel128.Rows, GemmKernel128.Columns, &GemmKernel128.Multiply);

    /// <summary>The widest that this machine runs in hardware.</summary>
    public static GemmKernel Best { get; } =
        Vector512.IsHardwareAccelerated ? Wide : Vector256.IsHardwareAccelerated ? Medium : Narrow;

    /// <summary>Rows of the register tile: width of A's panels.</summary>
    public int Rows { get; }

    /// <summary>Columns of the register tile: width of B's panels.</summary>
    public int Columns { get; }

    /// <summary>(A panel, B panel, depth, initial tile or null, its row stride, C tile, its row stride): C = initial + A B.</summary>
    public delegate*<float*, float*, nint, float*, nint, float*, nint, void> Multiply { get; }
}
