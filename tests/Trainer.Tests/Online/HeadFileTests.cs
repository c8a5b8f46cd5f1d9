using Atlas.Modeling;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

/// <summary>The head that is shipped beside a target.</summary>
public sealed class HeadFileTests
{
    private const int Vocabulary = 50;

    [Fact]
    public void What_was_written_comes_back()
    {
        using var directory = new TemporaryDirectory();
        Assert.Null(HeadFile.Read(directory.Path, "target", Vocabulary));
        HeadFile.Write(directory.Path, Weights(), "target");
        var read = HeadFile.Read(directory.Path, "target", Vocabulary)!;
        Assert.Equal((0, 1.625), (read.Number, read.ShadowScore));
        Assert.Equal([3, 7, 49], read.HotVocabulary);
        var all = (WeightsInMemory)Weights().Weights;
        foreach (var tensor in all.Tensors)
        {
            Assert.Equal(tensor.Shape, read.Weights.Describe(tensor.Name).Shape);
            Assert.Equal(all.Values(tensor.Name).ToArray(), ((WeightsInMemory)read.Weights).Values(tensor.Name).ToArray());
        }
    }

    [Theory]
    [InlineData("other", Vocabulary, "expected its own")]
    [InlineData("target", 49, "ids from 0 to 48")]
    public void One_of_another_target_is_refused_in_one_line(string fingerprint, int vocabulary, string mention)
    {
        using var directory = new TemporaryDirectory();
        HeadFile.Write(directory.Path, Weights(), "target");
        string message = Assert.Throws<CheckpointException>(() => HeadFile.Read(directory.Path, fingerprint, vocabulary)).Message;
        Assert.Contains(directory.Path, message);
        Assert.Contains(mention, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Damage_is_refused_or_leaves_finite_weights_and_known_tokens()
    {
        using var directory = new TemporaryDirectory();
        HeadFile.Write(directory.Path, Weights(), "target");
        string path = Path.Combine(directory.Path, HeadFile.FileName);
        byte[] whole = File.ReadAllBytes(path);
        int refused = 0;
        var random = new Random(3);
        for (int round = 0; round < 600; round++)
        {
            byte[] damaged = random.Next(4) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int i = random.Next(1, 4); i > 0 && damaged.Length > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                var read = HeadFile.Read(directory.Path, "target", Vocabulary)!;
                Assert.All(read.HotVocabulary, token => Assert.InRange(token, 0, Vocabulary - 1));
                var weights = (WeightsInMemory)read.Weights;
                foreach (var tensor in weights.Tensors) Assert.All(weights.Values(tensor.Name).ToArray(), value => Assert.True(float.IsFinite(value)));
            }
            catch (CheckpointException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.InRange(refused, 1, 599);
    }

    private static LearnedWeights Weights()
    {
        var weights = new WeightsInMemory();
        weights.Write("gate", [4, 2], [1, -2, 0.5f, 4, 0.25f, -8, 16, 0]);
        weights.Write("norm", [2], [1, 1.5f]);
        return new LearnedWeights(12, weights, [3, 7, 49], 1.625);
    }
}
