using System.Text.Json.Nodes;
using Atlas.Compute.Cpu;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Trainer.Online;

namespace Atlas.Host.Tests.Serve;

/// <summary><c>--target-weights</c>: what is read there, and what is refused.</summary>
public sealed class TargetWeightsTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Sidecar = ["serve", "--listen", "/tmp/atlas-never.sock", "--sidecar"];

    [Fact]
    public void What_contradicts_the_checkpoint_is_refused_in_one_line()
    {
        Run("--target-weights", "/no/such/directory").Refused("/no/such/directory", "no such directory");
        Run("--target-weights", pair.Target, "--hidden-size", "64").Refused("--hidden-size is 64", "expected 32", "config.json");
        Run("--target-weights", pair.Target, "--vocabulary", "50").Refused("--vocabulary is 50", $"expected {pair.Config.VocabularySize}", "config.json");
        AtlasProgram.Run("serve", "--listen", "/tmp/atlas-never.sock", "--target-weights", pair.Target).Refused("--target-weights", "expected --sidecar");
        string other = pair.CopyTarget("misshapen", json => json["hidden_size"] = 40);
        Run("--target-weights", other).Refused("model.embed_tokens.weight", "expected");
        string damaged = pair.CopyTarget("damaged");
        File.WriteAllBytes(Path.Combine(damaged, "model.safetensors"), [1, 2, 3]);
        Run("--target-weights", damaged).Refused("model.safetensors");
    }

    [Fact]
    public void A_head_beside_the_checkpoint_is_what_it_begins_with_and_that_of_another_target_is_refused()
    {
        string directory = pair.CopyTarget("with-head");
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using (var whole = ModelPair.Open(new ModelChoice(directory, null, WeightFormat.BF16)))
        {
            whole.Load(engine, new DecoderOptions(), withDraft: false);
            var weights = new WeightsInMemory();
            using var head = engine.CreateTrainableHead(HeadShape.Of(whole.Config, engine), whole.Target, null, 3);
            head.ExportWeights(weights);
            HeadFile.Write(directory, new LearnedWeights(5, weights, [3, 7, 11]), whole.LearningFingerprint);
        }
        using (var ends = ModelEnds.Open(directory))
        using (var loaded = TargetEnds.Load(engine, ends, WeightFormat.BF16))
        {
            Assert.Equal([3, 7, 11], loaded.Heads.Base!.HotVocabulary);
            Assert.Equal((pair.Config.HiddenSize, pair.Config.VocabularySize), (loaded.Heads.Factory.StateWidth, loaded.Heads.Factory.VocabularySize));
        }
        string other = pair.CopyTarget("other-head");
        CheckpointWriter.Write(other, pair.Config, new RandomWeights(pair.Config, 77), WeightType.BF16);
        File.Copy(Path.Combine(directory, HeadFile.FileName), Path.Combine(other, HeadFile.FileName));
        Run("--target-weights", other).Refused("head.safetensors", "expected its own");
    }

    [Fact]
    public async Task The_ends_alone_are_enough_and_hello_says_who_drafts_then()
    {
        // A quantized model, say: nothing but its ends can be read.
        string directory = pair.CopyTarget("ends", json =>
        {
            json["model_type"] = "another_family";
            json["quantization_config"] = new JsonObject { ["quant_method"] = "awq" };
        });
        using (var whole = Checkpoint.Open(pair.Target))
        {
            var ends = WeightsInMemory.CopyOf(whole, DecoderTensors.Expected(pair.Config with { Layers = 0 }).Select(tensor => tensor.Name));
            SafetensorsWriter.Save(Path.Combine(directory, "model.safetensors"), ends, WeightType.BF16);
        }
        using var files = ModelEnds.Open(directory);
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var loaded = TargetEnds.Load(engine, files, WeightFormat.Int8);
        await using var serving = await ServingSidecar.StartAsync(new(pair.Config.VocabularySize, "ends", 16, 4096, 8, 64 << 20, null)
        {
            HiddenSize = loaded.Heads.Factory.StateWidth,
            StateHeads = loaded.Heads,
        });
        await using var client = await serving.ConnectAsync();
        Assert.Equal(["suffix", "learned-text", "recall", "learned"], client.Service.Speculators);
        // Either of the two may be asked for by its name.
        foreach (string speculator in (string[])["learned", "learned-text"])
        {
            await client.OpenAsync(ServingSidecar.Open(speculator.Length, [1, 2, 3, 4, 5, 6, 1, 2, 3], speculator: speculator));
            var draft = await ServingSidecar.DraftAsync(client, speculator.Length, 9, [4]);
            Assert.Equal(speculator == "learned" ? "" : "learned-text", draft.Speculator);
        }
    }

    private static ProgramResult Run(params string[] more) => AtlasProgram.Run([.. Sidecar, .. more]);
}
