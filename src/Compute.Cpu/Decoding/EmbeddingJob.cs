using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Looks up the embedding of each row's token.</summary>
internal sealed class EmbeddingJob(WorkerPool pool, PlanRows rows) : RowWiseJob(pool)
{
    private PackedMatrix? _embedding;
    private RowBlock _destination;

    /// <summary>Writes the rows' embeddings.</summary>
    public void Run(PackedMatrix embedding, RowBlock destination)
    {
        _embedding = embedding;
        _destination = destination;
        RunRows(rows.Count);
    }

    /// <inheritdoc/>
    protected override unsafe void Process(int row) => _embedding!.ReadOutput(rows[row].Token, _destination.Row(row));
}
