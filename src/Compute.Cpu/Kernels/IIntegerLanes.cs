namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Sixteen 32-bit integers, or as many pairs of 16-bit ones, on some instruction set. Everything is exact.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="TLanes">Floats of the same instruction set.</typeparam>
internal unsafe interface IIntegerLanes<TSelf, TLanes>
    where TSelf : struct, IIntegerLanes<TSelf, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>All lanes zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Sixteen pairs of 8-bit integers, widened to 16 bits.</summary>
    static abstract TSelf LoadPairs(byte* source);

    /// <summary>One pair of 16-bit integers in all lanes.</summary>
    static abstract TSelf BroadcastPair(short* source);

    /// <summary>Per lane sum + a.first x b.first + a.second x b.second, pairs of 16 bits and sums of 32.</summary>
    static abstract TSelf MultiplyAddPairs(TSelf a, TSelf b, TSelf sum);

    /// <summary>The lanes as floats; exact below 2^24, else rounded to nearest even.</summary>
    static abstract TLanes ToFloats(TSelf value);
}
