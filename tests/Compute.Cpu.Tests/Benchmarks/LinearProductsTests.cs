using Atlas.Compute.Cpu.Benchmarks;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;

namespace Atlas.Compute.Cpu.Tests.Benchmarks;

/// <summary>What is timed as a product is that product.</summary>
public sealed unsafe class LinearProductsTests
{
    [Theory]
    [InlineData(5, 7, 9)]
    [InlineData(33, 70, 19)]
    [InlineData(1, 1, 1)]
    public void The_products_are_those_of_plain_double_loops(int rows, int inputs, int outputs)
    {
        using var pool = new WorkerPool(2);
        using var products = new LinearProducts(pool, rows, inputs, outputs);
        products.Forward();
        products.InputGradient();
        products.WeightGradient();
        products.WeightGradient();
        AssertProduct(products.X, products.Weight.Transposed, 1, products.Y);
        AssertProduct(products.Dy, products.Weight, 1, products.Dx);
        AssertProduct(products.Dy.Transposed, products.X, 2, products.DWeight);
        Assert.Equal(2.0 * rows * inputs * outputs, products.Operations);
    }

    [Fact]
    public void The_engine_gives_each_product_a_rate()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var rates = engine.MeasureProducts(16, 32, 48);
        foreach (double rate in (double[])[rates.Forward, rates.WeightGradient, rates.InputGradient])
            Assert.True(rate > 0 && double.IsFinite(rate), $"{rate}");
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, -1)]
    public void Empty_products_are_refused(int rows, int inputs, int outputs)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.MeasureProducts(rows, inputs, outputs));
    }

    private static void AssertProduct(MatrixView a, MatrixView b, double factor, MatrixView product)
    {
        Assert.Equal((a.Rows, b.Columns), (product.Rows, product.Columns));
        double sizes = 0;
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < a.Columns; k++) sum += (double)At(a, i, k) * At(b, k, j);
                Assert.Equal(factor * sum, At(product, i, j), 1e-5);
                sizes += Math.Abs(sum);
            }
        Assert.True(sizes > 0, "all products are zero");
    }

    private static float At(MatrixView matrix, int row, int column) => matrix.Data[row * matrix.RowStride + column * matrix.ColumnStride];
}
