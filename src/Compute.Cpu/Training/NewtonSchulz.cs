namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Brings all singular values of a matrix near to 1 and leaves its singular vectors as they are: five steps of the quintic iteration of Muon
/// (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024), which ends between about 0.7 and 1.2. Memory for the
/// largest matrix seen is kept.
/// </summary>
internal sealed unsafe class NewtonSchulz(Gemm gemm) : IDisposable
{
    private const int Steps = 5;
    private const float A = 3.4445f, B = -4.775f, C = 2.0315f;

    private readonly GrowingBuffer _next = new();
    private readonly GrowingBuffer _gram = new();
    private readonly GrowingBuffer _polynomial = new();
    private readonly GrowingBuffer _scaled = new();

    /// <summary>Works on <paramref name="matrix"/>, row-major without gaps; one of zeros stays so.</summary>
    public void Orthogonalize(float* matrix, int rows, int columns)
    {
        int count = rows * columns;
        double norm = Norm(matrix, rows, columns);
        if (!(norm > 0)) return;
        VectorMath.Scale(matrix, (float)(1 / norm), count);
        // The Gram matrix is the smaller one.
        bool wide = rows <= columns;
        int small = wide ? rows : columns;
        float* x = matrix, next = _next.Reserve(count);
        float* gram = _gram.Reserve(small * small), polynomial = _polynomial.Reserve(small * small);
        float* scaled = _scaled.Reserve(Math.Max(count, small * small));
        for (int step = 0; step < Steps; step++)
        {
            var view = new MatrixView(x, rows, columns);
            gemm.Multiply(wide ? new GemmCall(view, view.Transposed, gram, small) : new GemmCall(view.Transposed, view, gram, small));
            // The quintic: (a + b G + c G G) X, or X (a + b G + c G G).
            Copy(gram, scaled, small * small, C);
            Copy(gram, polynomial, small * small, B);
            var square = new MatrixView(gram, small, small);
            gemm.Multiply(new GemmCall(new MatrixView(scaled, small, small), square, polynomial, small, polynomial, small));
            for (int i = 0; i < small; i++) polynomial[i * small + i] += A;
            var factor = new MatrixView(polynomial, small, small);
            gemm.Multiply(wide ? new GemmCall(factor, view, next, columns) : new GemmCall(view, factor, next, columns));
            float* other = x;
            x = next;
            next = other;
        }
        if (x != matrix) Copy(x, matrix, count, 1f);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _next.Dispose();
        _gram.Dispose();
        _polynomial.Dispose();
        _scaled.Dispose();
    }

    private static double Norm(float* matrix, int rows, int columns)
    {
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            float* values = matrix + (nint)row * columns;
            sum += VectorMath.Dot(values, values, columns);
        }
        return Math.Sqrt(sum);
    }

    private static void Copy(float* from, float* to, int count, float factor)
    {
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
        if (factor != 1f) VectorMath.Scale(to, factor, count);
    }
}
