using System.Buffers;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Weights;

/// <summary>Packs many matrices at once; a part is a few neighbouring panels of one of them.</summary>
internal sealed class PackJob : IParallelJob
{
    private const int PanelsPerPart = 8;

    private readonly IWeightSource _source;
    private readonly List<(PackedMatrix Matrix, int FirstPanel)> _parts = [];

    private PackJob(IWeightSource source, IEnumerable<PackedMatrix> matrices)
    {
        _source = source;
        foreach (var matrix in matrices)
            for (int panel = 0; panel < matrix.Panels; panel += PanelsPerPart)
                _parts.Add((matrix, panel));
    }

    /// <summary>Packs all panels of <paramref name="matrices"/>.</summary>
    public static void Run(WorkerPool pool, IWeightSource source, IEnumerable<PackedMatrix> matrices)
    {
        var job = new PackJob(source, matrices);
        pool.Run(job, job._parts.Count);
    }

    /// <inheritdoc/>
    public void Execute(int part)
    {
        var (matrix, first) = _parts[part];
        float[] scratch = ArrayPool<float>.Shared.Rent(16 * matrix.Inputs);
        for (int panel = first; panel < Math.Min(first + PanelsPerPart, matrix.Panels); panel++) matrix.Pack(_source, panel, scratch);
        ArrayPool<float>.Shared.Return(scratch);
    }
}
