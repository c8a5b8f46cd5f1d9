using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Text;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Recipes;

/// <summary>The recipe of the reference pair keeps to what the pair is for.</summary>
public sealed class ReferenceRecipeTests
{
    private static readonly PairRecipe Recipe = PairRecipe.Read(Path.Combine(Folder(), "recipe.json"));

    [Fact]
    public void The_target_is_larger_than_a_cache_and_the_draft_a_tenth_of_it()
    {
        long target = Recipe.Target.ToConfig(Recipe.Tokenizer.VocabularySize, 0).ParameterCount;
        long draft = Recipe.Draft.ToConfig(Recipe.Tokenizer.VocabularySize, 0).ParameterCount;
        Assert.InRange(target, 28_000_000, 32_000_000);
        Assert.InRange(draft, 1, target / 10);
        Assert.InRange(Recipe.Tokenizer.VocabularySize, 4096, 8192);
    }

    [Fact]
    public void The_draft_has_seen_part_of_the_domains_and_at_least_two_that_are_no_copies_are_unseen()
    {
        Assert.Empty(Recipe.Draft.Domains.Except(Recipe.Target.Domains));
        Assert.Empty(Recipe.Target.Domains.Except(Recipe.Tokenizer.Domains));
        Assert.InRange(Recipe.Target.Domains.Distinct().Count(), 7, WorkloadCatalog.All.Count);
        var unseen = Recipe.Target.Domains.Except(Recipe.Draft.Domains).ToList();
        Assert.InRange(unseen.Intersect(["sql", "completion", "logs", "arithmetic"]).Count(), 2, 4);
    }

    [Fact]
    public void Real_text_is_a_minor_share_of_a_run_that_can_be_prolonged()
    {
        Assert.InRange(Recipe.Target.TextShare, 0.05, 0.15);
        Assert.InRange(Recipe.Target.DecayFraction, 0.1, 0.9);
        long first = Recipe.Target.Growth is { } growth ? (long)growth.Updates * (growth.BatchTokens ?? Recipe.Target.BatchTokens) : 0;
        Assert.InRange(first + (long)Recipe.Target.Updates * Recipe.Target.BatchTokens, 4_000_000, 20_000_000);
        Assert.NotEmpty(CorpusRecipe.Read(Recipe.Corpus!).Sources);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "models", "reference");
            if (Directory.Exists(path)) return path;
        }
        throw new DirectoryNotFoundException("models/reference");
    }
}
