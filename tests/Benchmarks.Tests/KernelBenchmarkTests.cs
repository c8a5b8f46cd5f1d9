using System.Reflection;
using Atlas.Benchmarks.Kernels;
using Atlas.Benchmarks.Reporting;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;

namespace Atlas.Benchmarks.Tests;

/// <summary>Every benchmark can be set up, called and freed, and says what its calls do.</summary>
public sealed class KernelBenchmarkTests
{
    private static readonly Type[] Types =
        [.. typeof(KernelBenchmark).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(KernelBenchmark)) && !type.IsAbstract)];

    public static TheoryData<Type> Benchmarks => [.. Types];

    [Fact]
    public void All_kernels_have_a_benchmark() => Assert.Equal(
        ["AdamWBenchmark", "AttentionBenchmark", "LinearBenchmark", "ProductBenchmark", "RowBenchmark", "SamplingBenchmark", "TokenizerBenchmark", "WorkerPoolBenchmark"],
        Types.Select(type => type.Name).Order());

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Every_case_says_what_its_calls_do(Type type)
    {
        var cases = BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases;
        Assert.NotEmpty(cases);
        foreach (var benchmark in cases)
        {
            var work = WorkRates.Of(benchmark);
            Assert.NotNull(work);
            Assert.True(work.Value.Operations >= 1 && double.IsFinite(work.Value.Operations), benchmark.DisplayInfo);
            Assert.True(work.Value.Bytes >= 0 && double.IsFinite(work.Value.Bytes), benchmark.DisplayInfo);
            Assert.NotEqual("", work.Value.Unit);
        }
    }

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Every_case_runs(Type type)
    {
        foreach (var benchmark in Corners(BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases))
        {
            using var instance = (KernelBenchmark)Activator.CreateInstance(type)!;
            foreach (var parameter in benchmark.Parameters.Items) type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
            // As little as there can be: two calls go round whatever goes round.
            instance.WorkingSet = 1;
            instance.Setup();
            foreach (var method in type.GetMethods().Where(m => m.GetCustomAttribute<IterationSetupAttribute>() is not null)) method.Invoke(instance, null);
            for (int call = 0; call < 2; call++)
            {
                object? returned = benchmark.Descriptor.WorkloadMethod.Invoke(instance, null);
                // Counts, tokens and success: what a benchmark returns is never nothing.
                if (returned is int number) Assert.True(number >= 0, benchmark.DisplayInfo);
                if (returned is bool done) Assert.True(done, benchmark.DisplayInfo);
            }
        }
    }

    [Fact]
    public void A_wrong_method_name_is_an_error_where_methods_differ()
    {
        using var rows = new RowBenchmark();
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Work("Nothing"));
    }

    [Fact]
    public void A_linear_layers_work_is_its_packed_weights_and_two_operations_for_each_of_them_and_row()
    {
        using var linear = new LinearBenchmark { Format = Modeling.WeightFormat.BF16, Rows = 4 };
        Assert.Equal(new KernelWork(2.0 * 1024 * 5632, 2.0 * 4 * 1024 * 5632, "flop"), linear.Work("Apply"));
    }

    [Fact]
    public void Rows_of_a_tree_see_their_ancestors_only()
    {
        using var chain = new AttentionBenchmark { Context = 100, Rows = 4, Form = DraftForm.Chain };
        using var tree = new AttentionBenchmark { Context = 100, Rows = 4, Form = DraftForm.BinaryTree };
        // Depths 1, 2, 3, 4 against 1, 2, 2, 3; two multiply-adds for each element of a query of 1024 and position.
        Assert.Equal(4.0 * 1024 * 410, chain.Work("Attend").Operations);
        Assert.Equal(4.0 * 1024 * 408, tree.Work("Attend").Operations);
    }

    // The first and the last case of each method: all parameters at one end, then at the other.
    private static IEnumerable<BenchmarkCase> Corners(IEnumerable<BenchmarkCase> cases) =>
        cases.GroupBy(benchmark => benchmark.Descriptor.WorkloadMethod.Name).SelectMany(group => new[] { group.First(), group.Last() }.Distinct());
}
