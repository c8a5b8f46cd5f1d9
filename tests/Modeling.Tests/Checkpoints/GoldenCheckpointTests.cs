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
}
