using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Extents of a tile as types. The compiler folds sizeof of a type argument while it reads the method, so that a tile's code for absent rows
/// and panels costs nothing, not even inlining.
/// </summary>
internal static class TileSize
{
    /// <summary>One.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 1)]
    internal struct One;

    /// <summary>Two.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 2)]
    internal struct Two;

    /// <summary>Three.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 3)]
    internal struct Three;

    /// <summary>Four.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 4)]
    internal struct Four;

    /// <summary>Five.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 5)]
    internal struct Five;

    /// <summary>Six.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 6)]
    internal struct Six;
}
