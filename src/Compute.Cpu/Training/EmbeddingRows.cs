using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Copies embedding rows of tokens, and adds gradients back to them. The backward is parallel over column slices: rows of the same token
/// add up in the order of positions.
/// </summary>
internal sealed unsafe class EmbeddingRows(WorkerPool pool) : ParallelLoop
{
    private const int Grain = 64;
    private float* _table;
    private float* _rows;
    private int[] _tokens = [];
    private int _width;
    private bool _backward;

    /// <summary>rows[i] = table[tokens[i]].</summary>
    public void Gather(float* table, int[] tokens, float* rows, int width)
    {
        _table = table;
        _tokens = tokens;
        _rows = rows;
        _width = width;
        _backward = false;
        Run(pool, tokens.Length, Grain);
    }

    /// <summary>table[tokens[i]] += rows[i].</summary>
    public void ScatterAdd(float* table, int[] tokens, float* rows, int width)
    {
        _table = table;
        _tokens = tokens;
        _rows = rows;
        _width = width;
        _backward = true;
        Run(pool, width, Grain);
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        if (_backward)
        {
            for (int i = 0; i < _tokens.Length; i++)
                VectorMath.Add(_rows + (nint)i * _width + first, _table + (nint)_tokens[i] * _width + first, end - first);
        }
        else
        {
            for (int i = first; i < end; i++)
                new Span<float>(_table + (nint)_tokens[i] * _width, _width).CopyTo(new Span<float>(_rows + (nint)i * _width, _width));
        }
    }
}
