using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>Products against a naive sum in double, for every layout, kernel and ragged size.</summary>
public sealed unsafe class GemmTests
{
    public enum Addend
    {
        Nothing,
        Itself,
        Residual,
        Bias,
    }

    public static TheoryData<string, bool, bool, Addend> Cases()
    {
        var cases = new TheoryData<string, bool, bool, Addend>();
        foreach (string kernel in new[] { "wide", "medium", "narrow" })
            foreach (bool transposeA in new[] { false, true })
                foreach (bool transposeB in new[] { false, true })
                    foreach (var addend in Enum.GetValues<Addend>())
                        cases.Add(kernel, transposeA, transposeB, addend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_the_naive_product(string kernel, bool transposeA, bool transposeB, Addend addend)
    {
        using var pool = new WorkerPool(2);
        using var gemm = new Gemm(pool, Kernel(kernel));
        var random = new Random(7);
        foreach (var (m, k, n) in new[] { (1, 1, 1), (12, 256, 32), (13, 300, 33), (5, 513, 47), (100, 7, 70), (61, 129, 31) })
        {
            var product = new Product(random, m, k, n, transposeA, transposeB, addend);
            float[] result = product.Compute(gemm);
            for (int i = 0; i < result.Length; i++)
                Assert.True(
                    Math.Abs(result[i] - product.Expected[i]) <= 1e-5 * Math.Sqrt(k), $"{m}x{k}x{n} at {i}: {result[i]} != {product.Expected[i]}");
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_threads_or_on_neighbouring_rows()
    {
        using var one = new WorkerPool(1);
        using var three = new WorkerPool(3);
        using var alone = new Gemm(one, GemmKernel.Best);
        using var shared = new Gemm(three, GemmKernel.Best);
        var product = new Product(new Random(3), 201, 700, 203, false, true, Addend.Nothing);
        float[] expected = product.Compute(alone);
        Assert.Equal(expected, product.Compute(shared));
        Assert.Equal(expected.AsSpan(0, 17 * 203).ToArray(), product.Compute(shared, rows: 17));
    }

    internal static GemmKernel Kernel(string name) => name switch
    {
        "wide" => GemmKernel.Wide,
        "medium" => GemmKernel.Medium,
        _ => GemmKernel.Narrow,
    };

    private sealed class Product
    {
        private readonly float[] _a;
        private readonly float[] _b;
        private readonly float[] _initial;
        private readonly int _m;
        private readonly int _k;
        private readonly int _n;
        private readonly bool _transposeA;
        private readonly bool _transposeB;
        private readonly Addend _addend;

        public Product(Random random, int m, int k, int n, bool transposeA, bool transposeB, Addend addend)
        {
            (_m, _k, _n, _transposeA, _transposeB, _addend) = (m, k, n, transposeA, transposeB, addend);
            _a = Values(random, m * k);
            _b = Values(random, k * n);
            _initial = Values(random, m * n);
            Expected = new double[m * n];
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    double sum = addend switch
                    {
                        Addend.Nothing => 0,
                        Addend.Bias => _initial[j],
                        _ => _initial[i * n + j],
                    };
                    for (int p = 0; p < k; p++)
                        sum += (double)_a[transposeA ? p * m + i : i * k + p] * _b[transposeB ? j * k + p : p * n + j];
                    Expected[i * n + j] = sum;
                }
        }

        public double[] Expected { get; }

        // The result has columns beyond the product's, which must stay as they are.
        public float[] Compute(Gemm gemm, int? rows = null)
        {
            const int Gap = 3;
            int m = rows ?? _m, stride = _n + Gap;
            var c = new float[m * stride];
            for (int i = 0; i < m; i++)
            {
                if (_addend == Addend.Itself) _initial.AsSpan(i * _n, _n).CopyTo(c.AsSpan(i * stride));
                c.AsSpan(i * stride + _n, Gap).Fill(-7f);
            }
            fixed (float* a = _a, b = _b, initial = _initial, to = c)
            {
                var left = _transposeA ? new MatrixView(a, _k, _m).Transposed : new MatrixView(a, m, _k);
                var right = _transposeB ? new MatrixView(b, _n, _k).Transposed : new MatrixView(b, _k, _n);
                gemm.Multiply(_addend switch
                {
                    Addend.Nothing => new GemmCall(left, right, to, stride),
                    Addend.Itself => new GemmCall(left, right, to, stride, to, stride),
                    Addend.Bias => new GemmCall(left, right, to, stride, initial),
                    _ => new GemmCall(left, right, to, stride, initial, _n),
                });
            }
            var result = new float[m * _n];
            for (int i = 0; i < m; i++)
            {
                c.AsSpan(i * stride, _n).CopyTo(result.AsSpan(i * _n));
                for (int j = _n; j < stride; j++) Assert.Equal(-7f, c[i * stride + j]);
            }
            return result;
        }

        private static float[] Values(Random random, int count)
        {
            var values = new float[count];
            for (int i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
            return values;
        }
    }
}
