using System.Text;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Modeling.Tests.Tokenization;

public class TokenizerTests
{
    private static readonly Tokenizer Gpt2 = Fixture.Of("gpt2").Tokenizer;
    private static readonly Tokenizer Llama3 = Fixture.Of("llama3").Tokenizer;

    [Fact]
    public void Decoding_what_was_encoded_gives_the_text_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<UnicodeString>(), text =>
            RoundTrips(Gpt2, WellFormed(text.Get)) && RoundTrips(Llama3, WellFormed(text.Get))).QuickCheckThrowOnFailure();
        for (var seed = 0; seed < 2000; seed++) Assert.True(RoundTrips(Llama3, GoldenTexts.Random(seed)), $"seed {seed}");
    }

    [Fact]
    public void Special_tokens_in_a_text_are_recognised_as_asked()
    {
        const string text = "a<|end|>b <sp>";
        var end = Llama3.TokenToId("<|end|>")!.Value;
        var added = Llama3.TokenToId(" <sp>")!.Value;
        Assert.True(Llama3.IsSpecial(end));
        Assert.False(Llama3.IsSpecial(added));

        var all = Llama3.Encode(text, false);
        Assert.Contains(end, all);
        Assert.Contains(added, all);

        var notSpecial = Llama3.Encode(text, false, AddedTokenRecognition.NotSpecial);
        Assert.DoesNotContain(end, notSpecial);
        Assert.Contains(added, notSpecial);

        var none = Llama3.Encode(text, false, AddedTokenRecognition.None);
        Assert.DoesNotContain(end, none);
        Assert.DoesNotContain(added, none);
        Assert.Equal(text, Llama3.Decode(none, true));
    }

    [Fact]
    public void The_template_goes_around_the_text_only_when_asked()
    {
        var (begin, end) = (Llama3.TokenToId("<|begin|>")!.Value, Llama3.TokenToId("<|end|>")!.Value);
        int[] plain = Llama3.Encode("hello", false);
        Assert.Equal([begin, .. plain, end], Llama3.Encode("hello", true));
        Assert.Equal([begin, end], Llama3.Encode("", true));
        Assert.Empty(Llama3.Encode("", false));
        Assert.Equal("hello", Llama3.Decode(Llama3.Encode("hello", true), true));
        Assert.Equal("<|begin|>hello<|end|>", Llama3.Decode(Llama3.Encode("hello", true), false));
    }

    [Fact]
    public void Tokens_ids_and_bytes_belong_together()
    {
        for (var id = 0; id < Gpt2.VocabularySize; id++)
        {
            Assert.Equal(id, Gpt2.TokenToId(Gpt2.IdToToken(id)!));
            Assert.InRange(Gpt2.TokenBytes(id).Length, 1, Gpt2.LongestToken);
        }

        Assert.Null(Gpt2.IdToToken(-1));
        Assert.Null(Gpt2.IdToToken(Gpt2.VocabularySize));
        Assert.Null(Gpt2.TokenToId("no such token"));
        Assert.True(Gpt2.TokenBytes(Gpt2.VocabularySize).IsEmpty);
        Assert.Equal(" the"u8.ToArray(), Gpt2.TokenBytes(Gpt2.TokenToId("Ġthe")!.Value).ToArray());
    }

    [Fact]
    public void A_long_piece_merges_like_a_short_one()
    {
        // The reference: of all neighbours, again and again, the ones that merge earliest, the leftmost first.
        var trained = BpeTrainer.Train(
            [.. Enumerable.Range(0, 200).Select(GoldenTexts.Random), "abababab babab aabbaabb abcabc"], new() { VocabularySize = 400 });
        var tokenizer = trained.ToTokenizer();
        var ranks = trained.Merges.Select((merge, rank) => (merge, rank)).ToDictionary(m => m.merge, m => m.rank);
        for (var seed = 0; seed < 60; seed++)
        {
            var next = new Mulberry(seed);
            var text = string.Concat(Enumerable.Range(0, 60 + next.Below(200)).Select(_ => "abc"[next.Below(3)]));
            var symbols = text.Select(letter => letter.ToString()).ToList();
            while (true)
            {
                var best = Enumerable.Range(0, symbols.Count - 1)
                    .MinBy(i => ranks.GetValueOrDefault((symbols[i], symbols[i + 1]), int.MaxValue));
                if (symbols.Count < 2 || !ranks.ContainsKey((symbols[best], symbols[best + 1]))) break;
                symbols[best] += symbols[best + 1];
                symbols.RemoveAt(best + 1);
            }

            Assert.Equal(symbols, tokenizer.Encode(text, false).Select(id => tokenizer.IdToToken(id)!));
        }
    }

    [Fact]
    public void A_megabyte_without_a_break_is_encoded()
    {
        var text = new string('a', 1 << 20);
        var ids = Gpt2.Encode(text, false);
        Assert.Equal(text, Gpt2.Decode(ids, false));
    }

    [Fact]
    public void Threads_that_encode_at_once_get_the_same_ids()
    {
        var texts = Enumerable.Range(0, 2000).Select(GoldenTexts.Random).ToArray();
        var alone = texts.Select(text => Llama3.Encode(text, false)).ToArray();
        var fresh = Tokenizer.Load(Fixture.PathOf("llama3.tokenizer.json"));
        Parallel.For(0, 4, worker =>
        {
            for (var i = 0; i < texts.Length; i++)
            {
                var index = (i * 7 + worker * 501) % texts.Length;
                Assert.Equal(alone[index], fresh.Encode(texts[index], false));
            }
        });
    }

    [Fact]
    public void Vocabularies_are_compared_by_meaning()
    {
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(Fixture.PathOf("gpt2.tokenizer.json")));
        Assert.True(Gpt2.SameVocabulary(Parse(text), out var difference));
        Assert.Equal("", difference);

        Assert.False(Gpt2.SameVocabulary(Llama3, out difference));
        Assert.Contains("token", difference, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', difference);

        var ordinary = text.Replace("\"content\":\"<mask>\"", "\"content\":\"<mosk>\"", StringComparison.Ordinal);
        Assert.False(Gpt2.SameVocabulary(Parse(ordinary), out difference));
        Assert.Contains("<mosk>", difference, StringComparison.Ordinal);
    }

    private static Tokenizer Parse(string json) => Tokenizer.Parse(Encoding.UTF8.GetBytes(json), "tokenizer.json");

    private static bool RoundTrips(Tokenizer tokenizer, string text) =>
        tokenizer.Decode(tokenizer.Encode(text, false, AddedTokenRecognition.None), false) == text;

    private static string WellFormed(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}
