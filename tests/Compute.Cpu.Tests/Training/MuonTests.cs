using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

public sealed unsafe class MuonTests : IDisposable
{
    private const string Up = "model.layers.1.mlp.up_proj.weight";
    private static readonly ModelConfig Small = TinyModels.Llama with { HiddenSize = 24, IntermediateSize = 40, HeadDim = 6 };
    private static readonly AdamWStep Step = new(1e-2f, WeightDecay: 0.1f, ClipNorm: 0.05f, MuonMomentum: 0.9f);

    private readonly WorkerPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(12, 30)]
    [InlineData(30, 12)]
    [InlineData(17, 17)]
    public void Orthogonalizing_keeps_singular_vectors_and_evens_out_singular_values(int rows, int columns)
    {
        int rank = Math.Min(rows, columns);
        float[][] left = Orthonormal(rows, rank, 1), right = Orthonormal(columns, rank, 2);
        var matrix = new float[rows * columns];
        for (int r = 0; r < rank; r++)
            for (int i = 0; i < rows; i++)
                for (int k = 0; k < columns; k++)
                    matrix[i * columns + k] += left[r][i] * right[r][k] * (0.1f + r);
        using var gemm = new Gemm(_pool, GemmKernel.Best);
        using var iteration = new NewtonSchulz(gemm);
        fixed (float* data = matrix) iteration.Orthogonalize(data, rows, columns);
        for (int a = 0; a < rank; a++)
            for (int b = 0; b < rank; b++)
            {
                double value = 0;
                for (int i = 0; i < rows; i++)
                    for (int k = 0; k < columns; k++)
                        value += (double)left[a][i] * matrix[i * columns + k] * right[b][k];
                if (a != b) Assert.Equal(0, value, 1e-3);
                // The smallest is a few thousandths of the norm, which five steps do not bring all the way.
                else Assert.InRange(value, a == 0 ? 0.2 : 0.6, 1.3);
            }
    }

    [Fact]
    public void A_matrix_of_zeros_stays_one()
    {
        var matrix = new float[12];
        using var gemm = new Gemm(_pool, GemmKernel.Best);
        using var iteration = new NewtonSchulz(gemm);
        fixed (float* data = matrix) iteration.Orthogonalize(data, 3, 4);
        Assert.All(matrix, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Matrices_of_blocks_move_by_the_orthogonal_gradient_and_all_else_as_with_AdamW()
    {
        using CpuTrainableDecoder muon = Decoder(_pool), adam = Decoder(_pool);
        var batch = TinyModels.Batch(Small, 1, 12);
        foreach (var decoder in new[] { muon, adam }) decoder.Accumulate(batch, new CrossEntropy());
        var before = muon.WeightsOf(Up).ToArray();
        var direction = muon.GradientOf(Up).ToArray();
        using (var gemm = new Gemm(_pool, GemmKernel.Best))
        using (var iteration = new NewtonSchulz(gemm))
            fixed (float* data = direction) iteration.Orthogonalize(data, 40, 24);
        muon.Update(Step);
        adam.Update(Step with { MuonMomentum = 0 });
        foreach (string name in new[] { DecoderTensors.Embedding, DecoderTensors.FinalNorm })
            Assert.Equal(adam.WeightsOf(name).ToArray(), muon.WeightsOf(name).ToArray());
        var after = muon.WeightsOf(Up).ToArray();
        double rate = 1e-2 * 0.2 * Math.Sqrt(40);
        for (int i = 0; i < after.Length; i++) Assert.Equal(before[i] * (1 - 1e-3) - rate * direction[i], after[i], 1e-5);
        Assert.All(muon.GradientOf(Up).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Learns_one_batch_by_heart()
    {
        using var decoder = Decoder(_pool);
        var batch = TinyModels.Batch(Small, 1, 30, 20);
        double last = double.NaN;
        for (int step = 0; step < 120; step++)
        {
            last = decoder.Accumulate(batch, new CrossEntropy());
            decoder.Update(Step with { WeightDecay = 0, ClipNorm = 1 });
        }
        Assert.True(last < 0.05, $"loss {last} after 120 steps");
    }

    [Fact]
    public void Bits_do_not_depend_on_threads_nor_on_an_interruption()
    {
        using var five = new WorkerPool(5);
        using CpuTrainableDecoder whole = Decoder(_pool), other = Decoder(five);
        Train(whole, 0, 2);
        MemoryWeights weights = new(), optimizer = new();
        whole.ExportWeights(weights);
        whole.ExportOptimizer(optimizer);
        Train(whole, 2, 5);
        Train(other, 0, 5);
        using var resumed = new CpuTrainableDecoder(Small, weights, 99, five);
        resumed.ImportOptimizer(optimizer, 2);
        Train(resumed, 2, 5);
        foreach (var tensor in DecoderTensors.Expected(Small))
        {
            var expected = whole.WeightsOf(tensor.Name).ToArray();
            Assert.Equal(expected, other.WeightsOf(tensor.Name).ToArray());
            Assert.Equal(expected, resumed.WeightsOf(tensor.Name).ToArray());
        }
    }

    private static CpuTrainableDecoder Decoder(WorkerPool pool) => new(Small, null, 7, pool);

    private static void Train(CpuTrainableDecoder decoder, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            decoder.Accumulate(TinyModels.Batch(Small, step, 15, 8), new CrossEntropy());
            decoder.Update(Step);
        }
    }

    // Gram-Schmidt on random vectors.
    private static float[][] Orthonormal(int length, int count, int seed)
    {
        var random = new Random(seed);
        var vectors = new float[count][];
        for (int v = 0; v < count; v++)
        {
            var vector = new double[length];
            for (int i = 0; i < length; i++) vector[i] = random.NextDouble() - 0.5;
            for (int turn = 0; turn < 2; turn++)
                for (int earlier = 0; earlier < v; earlier++)
                {
                    double dot = 0;
                    for (int i = 0; i < length; i++) dot += vector[i] * vectors[earlier][i];
                    for (int i = 0; i < length; i++) vector[i] -= dot * vectors[earlier][i];
                }
            double norm = Math.Sqrt(vector.Sum(value => value * value));
            vectors[v] = [.. vector.Select(value => (float)(value / norm))];
        }
        return vectors;
    }
}
