using System.Text;
using Atlas.Modeling.Tokenization;

namespace Atlas.Modeling.Tests.Tokenization;

public class StreamingDetokenizerTests
{
    private static readonly Tokenizer Tokenizer = Fixture.Of("llama3").Tokenizer;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_pushed_and_flushed_is_what_decode_gives(bool skipSpecialTokens)
    {
        var detokenizer = new StreamingDetokenizer(Tokenizer, skipSpecialTokens);
        for (var seed = 0; seed < 5000; seed++)
        {
            // Even seeds: bytes of any kind; odd seeds: text, cut off somewhere.
            var tokens = seed % 2 == 0 ? GoldenTexts.RandomTokens(seed, Tokenizer.VocabularySize)
                : Tokenizer.Encode(GoldenTexts.Random(seed), false)[..^(seed % 4 / 2)];
            var text = new StringBuilder();
            foreach (var token in tokens) text.Append(detokenizer.Push(token));
            text.Append(detokenizer.Flush());
            Assert.Equal(Tokenizer.Decode(tokens, skipSpecialTokens), text.ToString());
        }
    }

    [Fact]
    public void No_push_emits_part_of_a_character()
    {
        var detokenizer = new StreamingDetokenizer(Tokenizer, skipSpecialTokens: false);
        var bytes = Encoding.UTF8.GetBytes("aé日😀");
        var emitted = bytes.Select(value => detokenizer.Push(Byte(value)).ToString()).ToArray();
        Assert.Equal(["a", "", "é", "", "", "日", "", "", "", "😀"], emitted);
        Assert.Equal("", detokenizer.Flush().ToString());
    }

    [Fact]
    public void What_is_held_back_is_replaced_at_the_end_and_forgotten_by_reset()
    {
        var detokenizer = new StreamingDetokenizer(Tokenizer, skipSpecialTokens: false);
        Assert.Equal("", detokenizer.Push(Byte(0xF0)).ToString());
        Assert.Equal("", detokenizer.Push(Byte(0x9F)).ToString());
        Assert.Equal("\uFFFD", detokenizer.Flush().ToString());
        Assert.Equal("", detokenizer.Push(Byte(0xF0)).ToString());
        detokenizer.Reset();
        Assert.Equal("a", detokenizer.Push(Byte((byte)'a')).ToString());
    }

    [Fact]
    public void Pushing_allocates_nothing()
    {
        var detokenizer = new StreamingDetokenizer(Tokenizer, skipSpecialTokens: true);
        var tokens = Tokenizer.Encode("Naïve café 日本語 😀 <|end|> and so on", true);
        long allocated = 0;
        for (var round = 0; round < 100; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var token in tokens) detokenizer.Push(token);
            detokenizer.Flush();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static int Byte(byte value) =>
        Enumerable.Range(0, 256).First(id => Tokenizer.TokenBytes(id).Span.SequenceEqual([value]));
}
