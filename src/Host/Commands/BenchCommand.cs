using System.CommandLine;
using Atlas.Evaluation.Benchmarks;
using Atlas.Host.Bench;
using Atlas.Host.Bench.Serving;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Commands;

/// <summary><c>atlas bench</c>: what the machine can do, and how near the engine's phases come to it.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var engine = new EngineOptions();
        var options = new BenchOptionSet();
        var steps = new StepBenchOptionSet();
        var service = new ServiceBenchOptionSet();
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command(
            "bench",
            "Measures the machine's limits and how near the engine comes to them, on random weights of a given shape: decoding, verification, prefill, training's products.");
        engine.AddTo(command);
        options.AddTo(command);
        steps.AddTo(command);
        service.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var asked = options.Read(parsed);
            using var compute = engine.Create(parsed);
            if (service.IsAsked(parsed)) return MeasureService(parsed, service, compute, asked.Format, parsed.GetValue(json));
            if (steps.IsAsked(parsed)) return MeasureSteps(parsed, steps, compute, asked, json);
            BenchOptionSet.CheckFitsMemory(asked);
            if (options.Acceptance(parsed) is { } acceptance)
            {
                var (requests, tokens) = options.AcceptanceSize(parsed);
                var result = new AcceptanceBenchmark(compute, asked.Shape, acceptance).Run(requests, tokens);
                AcceptanceReport.WriteText(result, asked.Shape, compute.Info);
                if (parsed.GetValue(json)) AcceptanceReport.WriteJson(result);
                return result.Identical || !compute.Info.BatchInvariant ? 0 : 1;
            }
            var costs = SpeculationBench.Measure(compute, asked.Format, options.SuffixTokens(parsed));
            using var benchmark = new EngineBenchmark(compute, asked);
            var measured = BenchProgress.Measure(benchmark, asked.Rounds);
            new BenchTable(measured, costs).Write();
            if (parsed.GetValue(json)) BenchJson.Write(measured, costs);
            return 0;
        });
        return command;
    }

    private static int MeasureSteps(ParseResult parsed, StepBenchOptionSet options, IComputeEngine engine, BenchmarkOptions target, Option<bool> json)
    {
        var asked = options.Read(parsed, target);
        using var benchmark = new StepBenchmark(engine, asked);
        var head = Engines.TrainHeads(engine) ? HeadShape.Of(asked.Target.ToConfig(), engine) : null;
        var report = new StepReport(BenchProgress.Run(asked.Rounds, done => benchmark.Measure(done, head)));
        report.WriteText();
        if (options.TableFile(parsed) is { } file) report.WriteTable(file);
        if (parsed.GetValue(json)) report.WriteJson();
        return 0;
    }

    private static int MeasureService(ParseResult parsed, ServiceBenchOptionSet options, IComputeEngine engine, WeightFormat format, bool json)
    {
        var models = options.Models(parsed, format);
        var (requests, tokens) = options.Size(parsed);
        var drafts = SidecarBench.MeasureAsync(options.Calls(parsed)).GetAwaiter().GetResult();
        var generation = new GenerationBench(engine, models, requests, tokens).MeasureAsync().GetAwaiter().GetResult();
        ServiceReport.WriteText(drafts, generation);
        if (json) ServiceReport.WriteJson(drafts, generation);
        return 0;
    }
}
