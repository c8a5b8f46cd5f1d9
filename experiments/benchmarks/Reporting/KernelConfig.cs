using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Atlas.Benchmarks.Reporting;

/// <summary>
/// BenchmarkDotNet's defaults with the rate columns, run in this process: the runtime's environment switches that choose an instruction set
/// then hold for what is measured, and nothing is generated and built. A job from the command line (<c>--job short</c>) keeps that.
/// </summary>
internal sealed class KernelConfig : ManualConfig
{
    public KernelConfig()
    {
        Add(DefaultConfig.Instance);
        AddColumn(RateColumn.Bytes, RateColumn.Operations);
        HideColumns(Column.Error, Column.StdDev, Column.RatioSD);
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator());
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
