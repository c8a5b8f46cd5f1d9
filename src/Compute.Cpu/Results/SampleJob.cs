using Atlas.Compute.Cpu.Threading;
using Atlas.Core.Sampling;

namespace Atlas.Compute.Cpu.Results;

/// <summary>
/// Draws or ranks tokens of several rows, shared out over the threads; each part has a sampler of its own, made on first use. What a row
/// yields does not depend on the split. Serves one result at a time.
/// </summary>
/// <param name="pool">Threads.</param>
/// <param name="vocabularySize">Full vocabulary of the model.</param>
internal sealed class SampleJob(WorkerPool pool, int vocabularySize) : IParallelJob
{
    private readonly CoupledSampler?[] _samplers = new CoupledSampler?[pool.Threads];
    private SampleSpec[] _specs = new SampleSpec[16];
    private int[] _rows = new int[16];
    private int[] _path = new int[64];
    private SampledToken[] _drawn = new SampledToken[16];
    private OutputRows? _outputs;
    private int _count;
    private int _parts;
    private int _k;
    private bool _perturbed;

    /// <summary>The <paramref name="k"/> best tokens per spec by warped logit plus noise.</summary>
    public void Draw(OutputRows outputs, SampleBatch batch, int k, Span<SampledToken> results)
    {
        Fit(ref _specs, batch.Specs.Length);
        Fit(ref _path, batch.PathTokens.Length);
        batch.Specs.CopyTo(_specs);
        batch.PathTokens.CopyTo(_path);
        foreach (ref readonly var spec in batch.Specs)
        {
            outputs.LogitsOf(spec.Row);
            batch.Path(spec);
        }
        Run(outputs, batch.Specs.Length, k, perturbed: true, results);
    }

    /// <summary>The <paramref name="k"/> best tokens per row by logit.</summary>
    public void Top(OutputRows outputs, ReadOnlySpan<int> rows, int k, Span<SampledToken> results)
    {
        Fit(ref _rows, rows.Length);
        rows.CopyTo(_rows);
        foreach (int row in rows) outputs.LogitsOf(row);
        Run(outputs, rows.Length, k, perturbed: false, results);
    }

    /// <inheritdoc/>
    public void Execute(int part)
    {
        var sampler = _samplers[part] ??= new CoupledSampler(vocabularySize);
        for (int i = part; i < _count; i += _parts)
        {
            var best = _drawn.AsSpan(i * _k, _k);
            if (!_perturbed)
            {
                sampler.Top(_outputs!.LogitsOf(_rows[i]), best, _outputs.Ids);
                continue;
            }
            ref readonly var spec = ref _specs[i];
            sampler.Draw(_outputs!.LogitsOf(spec.Row), spec, _path.AsSpan(spec.PathOffset, spec.PathLength), best, _outputs.Ids);
        }
    }

    private void Run(OutputRows outputs, int count, int k, bool perturbed, Span<SampledToken> results)
    {
        Fit(ref _drawn, count * k);
        _outputs = outputs;
        _count = count;
        _k = k;
        _perturbed = perturbed;
        _parts = Math.Min(count, pool.Threads);
        try
        {
            pool.Run(this, _parts);
        }
        finally
        {
            _specs.AsSpan(0, Math.Min(count, _specs.Length)).Clear();
        }
        _drawn.AsSpan(0, count * k).CopyTo(results);
    }

    private static void Fit<T>(ref T[] array, int length)
    {
        if (array.Length < length) array = new T[Math.Max(length, 2 * array.Length)];
    }
}
