using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class TrainingIdentityTests
{
    private static readonly int[] Tokens = [.. Enumerable.Range(0, 200)];

    [Fact]
    public void A_run_recognizes_its_own_directory()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("checkpoints");
        Claim(path, Tokens, 1);
        Claim(path, Tokens, 1);
        Assert.Single(Directory.GetFiles(path));
    }

    [Fact]
    public void Another_seed_or_a_single_other_token_is_refused()
    {
        using var directory = new TemporaryDirectory();
        Claim(directory.Path, Tokens, 1);
        int[] other = [.. Tokens];
        other[123] = 7;
        foreach (var claim in (Action[])[() => Claim(directory.Path, Tokens, 2), () => Claim(directory.Path, other, 1)])
            Assert.Contains(directory.Path, Assert.Throws<RecipeException>(claim).Message, StringComparison.Ordinal);
        Claim(directory.Path, Tokens, 1);
    }

    private static void Claim(string directory, int[] tokens, ulong seed)
    {
        var documents = new TextDocuments(tokens, 16, seed);
        TrainingIdentity.Claim(directory, seed, documents, documents.Count);
    }
}
