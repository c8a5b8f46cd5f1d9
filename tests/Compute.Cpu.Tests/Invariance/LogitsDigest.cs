using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Invariance;

/// <summary>
/// The test program's entry: prints the kernels in use and a hash of some logits, so that a test can run it with instruction sets turned off.
/// </summary>
internal static class LogitsDigest
{
    public static int Main()
    {
        Console.WriteLine($"{CpuKernels.Best.Name} {Compute()}");
        return 0;
    }

    /// <summary>A hash over the logits of several models in every format.</summary>
    public static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string model in new[] { "llama-biases", "qwen3", "odd-widths" })
            foreach (var format in new[] { WeightFormat.F32, WeightFormat.BF16, WeightFormat.Int8 })
                Append(hash, TinyModels.All[model], format);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ModelConfig config, WeightFormat format)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 2 });
        using var decoder = engine.LoadDecoder(config, new TestWeights(config, 4), new DecoderOptions { Format = format });
        using var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        plan.Begin(sequence);
        for (int i = 0; i < 21; i++) plan.Add(i * 3, i - 1, output: true);
        var result = decoder.Forward(plan);
        var logits = new float[config.VocabularySize];
        for (int i = 0; i < 21; i++)
        {
            result.ReadLogits(i, logits);
            hash.AppendData(MemoryMarshal.AsBytes<float>(logits));
        }
    }
}
