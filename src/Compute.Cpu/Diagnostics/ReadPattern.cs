namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>In what order a thread reads its memory.</summary>
internal enum ReadPattern
{
    /// <summary>Forwards.</summary>
    OneStream,

    /// <summary>Forwards in four places at once, as a tile of four panels does.</summary>
    FourStreams,
}
