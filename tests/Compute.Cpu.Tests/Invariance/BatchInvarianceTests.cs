using Atlas.Compute.Cpu.Kernels;
using Atlas.Conformance.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Invariance;

/// <summary>A row's logits to the bit, over random shapes, formats, threads, instruction sets, batches, chunks and trees.</summary>
public class BatchInvarianceTests
{
    [Fact]
    public void Random_batches_give_the_bits_of_rows_computed_alone()
    {
        for (int seed = 0; seed < 12; seed++) Check(seed);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Many_random_batches_give_the_bits_of_rows_computed_alone()
    {
        for (int seed = 1000; seed < 1200; seed++) Check(seed);
    }

    // One random shape: every sequence is fed one row at a time on one thread with plain floats, then all in random forwards otherwise.
    private static void Check(int seed)
    {
        var random = new Random(seed);
        var config = RandomShape(random);
        var weights = new TestWeights(config, seed);
        var format = (WeightFormat)random.Next(3);
        var texts = Enumerable.Range(0, random.Next(1, 5))
            .Select(_ => Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(config.VocabularySize)).ToArray()).ToArray();
        var expected = Alone(config, weights, format, texts);
        int threads = random.Next(1, 4);
        foreach (var kernels in CpuKernels.Available())
        {
            using var engine = new CpuEngine(new CpuEngineOptions { Threads = threads }, kernels);
            using var decoder = engine.LoadDecoder(config, weights, Options(format));
            var actual = Together(decoder, texts, random);
            for (int t = 0; t < texts.Length; t++)
                for (int i = 0; i < texts[t].Length; i++)
                    Assert.True(expected[t][i].AsSpan().SequenceEqual(actual[t][i]), $"seed {seed}, {kernels.Name}, {format}, {threads} threads: row {i} of text {t}");
        }
    }

    private static float[][][] Alone(ModelConfig config, TestWeights weights, WeightFormat format, int[][] texts)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 }, CpuKernels.Available().Last());
        using var decoder = engine.LoadDecoder(config, weights, Options(format));
        var plan = new BatchPlan();
        return Array.ConvertAll(texts, text =>
        {
            using var sequence = decoder.OpenSequence();
            return Array.ConvertAll(text, token =>
            {
                plan.Clear();
                plan.Begin(sequence);
                plan.Add(token, BatchPlan.NoParent, output: true);
                var logits = Logits(decoder, decoder.Forward(plan), 0);
                sequence.CommitChain(1);
                return logits;
            });
        });
    }

    // Each forward takes a random run of every text, with stray branches beside it, and commits a random part of it.
    private static float[][][] Together(IDecoder decoder, int[][] texts, Random random)
    {
        var logits = Array.ConvertAll(texts, text => new float[text.Length][]);
        var sequences = Array.ConvertAll(texts, _ => decoder.OpenSequence());
        var plan = new BatchPlan();
        var rows = new List<(int Text, int Index, int Row, int Pending)>();
        while (Enumerable.Range(0, texts.Length).Any(t => sequences[t].Length < texts[t].Length))
        {
            plan.Clear();
            rows.Clear();
            for (int t = 0; t < texts.Length; t++)
            {
                int at = sequences[t].Length, count = Math.Min(random.Next(0, 34), texts[t].Length - at);
                if (count == 0) continue;
                plan.Begin(sequences[t]);
                int parent = BatchPlan.NoParent, pending = 0;
                for (int i = 0; i < count; i++)
                {
                    for (int stray = random.Next(4) == 0 ? 2 : 0; stray > 0; stray--, pending++)
                        plan.Add(random.Next(decoder.Config.VocabularySize), parent, output: random.Next(2) == 0);
                    rows.Add((t, at + i, plan.Add(texts[t][at + i], parent, output: true), pending));
                    parent = pending++;
                }
            }
            if (rows.Count == 0) continue;
            var result = decoder.Forward(plan);
            foreach (var row in rows) logits[row.Text][row.Index] = Logits(decoder, result, row.Row);
            foreach (var text in rows.GroupBy(row => row.Text))
                sequences[text.Key].CommitPath([.. text.Take(random.Next(1, text.Count() + 1)).Select(row => row.Pending)]);
        }
        foreach (var sequence in sequences) sequence.Dispose();
        return logits;
    }

    private static ModelConfig RandomShape(Random random)
    {
        string[] types = ["llama", "mistral", "qwen2", "qwen3"];
        string type = types[random.Next(4)];
        int kvHeads = random.Next(1, 4), layers = random.Next(1, 4);
        return new ModelConfig
        {
            ModelType = type,
            VocabularySize = random.Next(20, 200),
            HiddenSize = random.Next(4, 160),
            IntermediateSize = random.Next(4, 200),
            Layers = layers,
            KvHeads = kvHeads,
            Heads = kvHeads * random.Next(1, 4),
            HeadDim = 2 * random.Next(1, 40),
            ContextLength = 64,
            TiedEmbeddings = random.Next(2) == 0,
            QkvBias = type == "qwen2",
            QkNorm = type == "qwen3",
            LayerWindows = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, layers).Select(_ => random.Next(0, 20))],
        };
    }

    private static DecoderOptions Options(WeightFormat format) =>
        new() { Format = format, MaxSequences = 4, MaxRows = 512, MaxPending = 160 };

    private static float[] Logits(IDecoder decoder, IForwardResult result, int row)
    {
        var logits = new float[decoder.Config.VocabularySize];
        result.ReadLogits(row, logits);
        return logits;
    }
}
