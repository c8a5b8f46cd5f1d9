using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;

namespace Atlas.Modeling.Tests.Tokenization;

public class BpeTrainerTests
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 3000).Select(GoldenTexts.Random)];

    [Theory]
    [InlineData(TokenizerStyle.Gpt2)]
    [InlineData(TokenizerStyle.Llama3)]
    [InlineData(TokenizerStyle.Qwen2)]
    public void The_same_texts_in_any_order_give_the_same_file(TokenizerStyle style)
    {
        var options = new BpeTrainerOptions { VocabularySize = 600, Style = style, SpecialTokens = ["<|a|>", "<|b|>"], BeginToken = "<|b|>" };
        var first = BpeTrainer.Train(Texts, options);
        var second = BpeTrainer.Train(Texts.Reverse(), options);
        Assert.Equal(first.ToJson(), second.ToJson());
        Assert.Equal(600, first.VocabularySize);

        var tokenizer = first.ToTokenizer();
        Assert.Equal(600, tokenizer.VocabularySize);
        Assert.Equal(598, tokenizer.TokenToId("<|a|>"));
        Assert.Equal([599], tokenizer.Encode("", addSpecialTokens: true));
        Assert.Equal([598, 599], tokenizer.Encode("<|a|><|b|>", addSpecialTokens: false));
    }

    [Fact]
    public void The_most_frequent_pair_merges_first()
    {
        // ab: 5 times, bc: 3 times, and 2 of the latter are gone once ab has merged.
        var trained = BpeTrainer.Train(["ab ab", "abc abc", "bc ab"], new() { VocabularySize = 258, MinimumFrequency = 1 });
        Assert.Equal(("a", "b"), trained.Merges[0]);
        Assert.Equal(("Ġ", "ab"), trained.Merges[1]);
    }

    [Fact]
    public void Merges_are_those_of_counting_afresh_each_time()
    {
        var texts = Texts[..200];
        var trained = BpeTrainer.Train(texts, new() { VocabularySize = 330, Style = TokenizerStyle.Gpt2 });

        // The reference counts all pairs anew for each merge, over pieces cut by an untrained tokenizer of the same style.
        var untrained = BpeTrainer.Train([], new() { VocabularySize = 256, Style = TokenizerStyle.Gpt2 }).ToTokenizer();
        var words = texts.SelectMany(Pieces).Select(piece => untrained.Encode(piece, false).ToList()).ToList();
        var tokens = trained.Tokens.Take(256).ToList();
        foreach (var merge in trained.Merges)
        {
            var pairs = words.SelectMany(word => word.Zip(word.Skip(1))).Where(pair => !tokens.Contains(tokens[pair.First] + tokens[pair.Second]))
                .GroupBy(pair => pair).OrderByDescending(pair => pair.Count()).ThenBy(pair => pair.Key.First).ThenBy(pair => pair.Key.Second);
            var (left, right) = pairs.First().Key;
            Assert.Equal((tokens[left], tokens[right]), merge);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right) continue;
                    word[i] = tokens.Count;
                    word.RemoveAt(i + 1);
                }
            }

            tokens.Add(tokens[left] + tokens[right]);
        }
    }

    [Fact]
    public void Pairs_that_are_too_rare_do_not_merge()
    {
        var trained = BpeTrainer.Train(["abab cdcd cd"], new() { VocabularySize = 1000, MinimumFrequency = 3 });
        Assert.Equal([("c", "d")], trained.Merges);
        Assert.Equal(257, trained.VocabularySize);
    }

    [Fact]
    public void Training_shortens_text_and_loses_none_of_it()
    {
        var text = string.Join("\n", Enumerable.Repeat("The quick brown fox jumps over the lazy dog 1234567 times.", 20));
        var tokenizer = BpeTrainer.Train([text], new() { VocabularySize = 320 }).ToTokenizer();
        var ids = tokenizer.Encode(text, false);
        Assert.True(ids.Length * 3 < text.Length, $"{ids.Length} tokens for {text.Length} characters");
        Assert.Equal(text, tokenizer.Decode(ids, false));
    }

    [Fact]
    public void A_saved_tokenizer_is_loaded_again()
    {
        var path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.json");
        try
        {
            var trained = BpeTrainer.Train(Texts[..100], new() { VocabularySize = 300 });
            trained.Save(path);
            trained.Save(path);
            Assert.Equal(trained.ToJson(), File.ReadAllBytes(path));
            Assert.True(Tokenizer.Load(path).SameVocabulary(trained.ToTokenizer(), out _));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Refuses(new() { VocabularySize = 257, SpecialTokens = ["<a>", "<b>"] }, "VocabularySize is 257; expected at least 258");
        Refuses(new() { VocabularySize = 300, MinimumFrequency = 0 }, "MinimumFrequency");
        Refuses(new() { VocabularySize = 300, SpecialTokens = ["<a>", "<a>"] }, "SpecialTokens repeats");
        Refuses(new() { VocabularySize = 300, SpecialTokens = [""] }, "SpecialTokens holds an empty one");
        Refuses(new() { VocabularySize = 300, SpecialTokens = ["x"] }, "stands for a byte");
        Refuses(new() { VocabularySize = 300, BeginToken = "<a>" }, "BeginToken");
    }

    private static void Refuses(BpeTrainerOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => BpeTrainer.Train([], options)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Atlas.Modeling.Tokenization.PreTokenization.Gpt2Scanner.Instance.Next(text, start);
            yield return text[start..end];
            start = end;
        }
    }
}
