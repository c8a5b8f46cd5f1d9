using Atlas.Benchmarks.Kernels;
using Atlas.Benchmarks.Reporting;
using BenchmarkDotNet.Running;

// Nothing that ran, or something that failed, is a failure: BenchmarkDotNet itself only prints it.
var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmark).Assembly).Run(args, new KernelConfig()).ToList();
bool listing = args.Any(a => a is "--list" or "--help" or "--info" or "--version");
return listing || (summaries.Count > 0 && summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success))) ? 0 : 1;
