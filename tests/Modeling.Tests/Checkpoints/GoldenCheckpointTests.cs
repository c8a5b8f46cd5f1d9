using System.Runtime.InteropServices;
using System.Text.Json;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Opens the checkpoints that an independent writer made.</summary>
public class GoldenCheckpointTests
{
    public static TheoryData<string> Cases => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_golden_checkpoint_opens_and_every_tensor_reads(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.Case(name));
        foreach (TensorShape tensor in DecoderTensors.Expected(checkpoint.Config))
        {
            var values = new float[tensor.Elements];
            checkpoint.Read(tensor.Name, values);
            Assert.All(values, v => Assert.True(float.IsFinite(v)));
            Assert.Contains(values, v => v != 0);
        }
        int[] tokens = JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(Golden.Case(name), "tokens.json")))!;
        Assert.Equal(24, tokens.Length);
        Assert.All(tokens, t => Assert.InRange(t, 0, checkpoint.Config.VocabularySize - 1));
        Assert.Equal(24L * checkpoint.Config.VocabularySize * 4, new FileInfo(Path.Combine(Golden.Case(name), "logits.bin")).Length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plain_forward_pass_over_what_was_read_gives_the_golden_logits(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.Case(name));
        int[] tokens = JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(Golden.Case(name), "tokens.json")))!;
        float[] golden = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Golden.Case(name), "logits.bin"))).ToArray();
        double[] logits = [.. new ReferenceForward(checkpoint).Logits(tokens).SelectMany(row => row)];
        Assert.Equal(golden.Length, logits.Length);
        // Both passes are in double precision; the file rounds to float, and the file's epsilon is a float here.
        for (int i = 0; i < golden.Length; i++) Assert.InRange(logits[i] - golden[i], -5e-6, 5e-6);
    }

    [PythonTorchFact]
    [Trait("Speed", "slow")]
    public void The_golden_files_are_what_their_script_makes()
    {
        (int exitCode, string output) = PythonTorchFactAttribute.Run(Path.Combine(Golden.Root, "make_golden.py"), "--check");
        Assert.True(exitCode == 0, output);
        Assert.All(Golden.Names, name => Assert.Contains($"{name}: ", output, StringComparison.Ordinal));
    }
}
