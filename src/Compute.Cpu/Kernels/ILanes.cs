namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Sixteen f32 lanes on some instruction set. Kernels are written once over this and compiled for each implementation. All operations round
/// as IEEE 754 says, lane by lane, and <see cref="Fma"/> rounds once, so all implementations give the same bits.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Panels of sixteen outputs that the widest register tile takes: 4 or 1.</summary>
    static abstract int TilePanels { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One value in all lanes.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>Sixteen values from memory.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Sixteen values to memory.</summary>
    static abstract void Store(float* destination, TSelf value);

    /// <summary>The first of each of sixteen pairs of bfloat16.</summary>
    static abstract TSelf LoadBf16Even(ushort* source);

    /// <summary>The second of each of sixteen pairs of bfloat16.</summary>
    static abstract TSelf LoadBf16Odd(ushort* source);

    /// <summary>a + b.</summary>
    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary>a - b.</summary>
    static abstract TSelf Subtract(TSelf a, TSelf b);

    /// <summary>a x b.</summary>
    static abstract TSelf Multiply(TSelf a, TSelf b);

    /// <summary>a / b.</summary>
    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a x b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>The greater of each pair.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The lesser of each pair.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>
    /// Adds the low nine bits of <paramref name="shifter"/>'s representation, as a signed number, to the exponent of <paramref name="value"/>.
    /// </summary>
    static abstract TSelf AddExponent(TSelf value, TSelf shifter);

    /// <summary>Sum of the lanes: lane i with i+8, then i+4, then i+2, then i+1.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>The greatest lane.</summary>
    static abstract float Max(TSelf value);
}
