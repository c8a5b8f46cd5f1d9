using System.Text;
using Atlas.Modeling.Tokenization;

namespace Atlas.Modeling.Tests.Tokenization;

public class TextStreamTests
{
    private static readonly Tokenizer Tokenizer = Fixture.Of("llama3").Tokenizer;

    [Fact]
    public void Without_stop_strings_the_text_is_what_decode_gives()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            int[] tokens = GoldenTexts.RandomTokens(seed, Tokenizer.VocabularySize);
            var stream = new TextStream(Tokenizer, []);
            var shown = new StringBuilder();
            foreach (int token in tokens)
            {
                Assert.False(stream.Push(token));
                shown.Append(stream.TakeReady());
            }
            stream.Finish();
            shown.Append(stream.TakeReady());
            string expected = Tokenizer.Decode(tokens, skipSpecialTokens: true);
            Assert.Equal(expected, stream.Text.ToString());
            Assert.Equal(expected, shown.ToString());
        }
    }

    [Fact]
    public void Random_texts_end_before_the_first_stop_string_and_never_show_a_part_of_one()
    {
        var random = new Random(5);
        int stopped = 0;
        for (int round = 0; round < 3000; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, random.Next(1, 6)))];
            int[] tokens = Tokens(random, Letters(random, random.Next(0, 40)));
            if (AgreesWithReference(tokens, stops)) stopped++;
        }
        Assert.InRange(stopped, 500, 2900);
    }

    [Fact]
    public void A_stop_string_is_found_where_it_lies_across_tokens()
    {
        var stream = new TextStream(Tokenizer, ["END"]);
        foreach (char c in "the EN") Assert.False(stream.Push(Byte((byte)c)));
        Assert.Equal("the ", stream.TakeReady().ToString());
        Assert.True(stream.Push(Byte((byte)'D')));
        Assert.Equal("the ", stream.Text.ToString());
        Assert.Equal("", stream.TakeReady().ToString());
    }

    [Fact]
    public void What_only_looked_like_a_stop_string_is_shown_once_that_is_certain()
    {
        var stream = new TextStream(Tokenizer, ["aab"]);
        stream.Push(Byte((byte)'a'));
        stream.Push(Byte((byte)'a'));
        Assert.Equal("", stream.TakeReady().ToString());
        stream.Push(Byte((byte)'a'));
        Assert.Equal("a", stream.TakeReady().ToString());
        stream.Push(Byte((byte)'c'));
        Assert.Equal("aac", stream.TakeReady().ToString());
    }

    [Fact]
    public void What_is_held_back_is_shown_at_the_end()
    {
        var stream = new TextStream(Tokenizer, ["stop"]);
        foreach (char c in "st") stream.Push(Byte((byte)c));
        Assert.Equal("", stream.TakeReady().ToString());
        stream.Finish();
        Assert.Equal("st", stream.TakeReady().ToString());
        Assert.Equal("st", stream.Text.ToString());
    }

    [Fact]
    public void Of_several_stop_strings_in_one_token_the_earliest_wins()
    {
        int token = Enumerable.Range(0, Tokenizer.VocabularySize).First(IsLongWord);
        string text = Tokenizer.Decode([token], skipSpecialTokens: true);
        foreach (string[] stops in (string[][])[[text[2..], text[1..3]], [text[1..3], text[2..]]])
        {
            var stream = new TextStream(Tokenizer, stops);
            Assert.True(stream.Push(token));
            Assert.Equal(text[..1], stream.Text.ToString());
        }
    }

    [Fact]
    public void A_stop_string_may_end_inside_a_character_sequence_of_several_tokens()
    {
        var stream = new TextStream(Tokenizer, ["é日"]);
        byte[] bytes = Encoding.UTF8.GetBytes("aé日b");
        bool[] ended = [.. bytes[..^1].Select(value => stream.Push(Byte(value)))];
        Assert.Equal([false, false, false, false, false, true], ended);
        Assert.Equal("a", stream.Text.ToString());
    }

    [Fact]
    public void A_text_that_has_ended_takes_no_more_tokens()
    {
        var stream = new TextStream(Tokenizer, ["x"]);
        Assert.True(stream.Push(Byte((byte)'x')));
        Assert.Throws<InvalidOperationException>(() => stream.Push(Byte((byte)'y')));
        stream.Finish();
        Assert.Equal("", stream.Text.ToString());
    }

    [Fact]
    public void An_incomplete_character_at_the_end_becomes_the_replacement_character()
    {
        var stream = new TextStream(Tokenizer, []);
        stream.Push(Byte(0xE6));
        stream.Push(Byte(0x97));
        Assert.Equal("", stream.TakeReady().ToString());
        stream.Finish();
        Assert.Equal("\uFFFD", stream.TakeReady().ToString());
    }

    // Pushes the tokens and compares every state with a search of the whole text; returns whether a stop string ended it.
    private static bool AgreesWithReference(int[] tokens, string[] stops)
    {
        var stream = new TextStream(Tokenizer, stops);
        var shown = new StringBuilder();
        for (int i = 0; i < tokens.Length; i++)
        {
            bool ended = stream.Push(tokens[i]);
            string whole = Tokenizer.Decode(tokens.AsSpan(0, i + 1), skipSpecialTokens: true);
            int cut = stops.Select(stop => whole.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
            shown.Append(stream.TakeReady());
            Assert.Equal(cut >= 0, ended);
            Assert.Equal(cut < 0 ? whole : whole[..cut], stream.Text.ToString());
            Assert.Equal(cut < 0 ? whole[..^HeldBack(whole, stops)] : whole[..cut], shown.ToString());
            if (ended) return true;
        }
        stream.Finish();
        shown.Append(stream.TakeReady());
        Assert.Equal(stream.Text.ToString(), shown.ToString());
        return false;
    }

    private static int HeldBack(string text, string[] stops) => stops
        .SelectMany(stop => Enumerable.Range(0, stop.Length).Where(n => text.EndsWith(stop[..n], StringComparison.Ordinal)))
        .DefaultIfEmpty(0).Max();

    // Cut at random places, so that tokens and stop strings overlap in every way.
    private static int[] Tokens(Random random, string text)
    {
        var tokens = new List<int>();
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(random.Next(1, 8), text.Length - at);
            tokens.AddRange(Tokenizer.Encode(text.AsSpan(at, length), addSpecialTokens: false));
            at += length;
        }
        return [.. tokens];
    }

    private static string Letters(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "tehr"[random.Next(4)]));

    private static bool IsLongWord(int token)
    {
        var bytes = Tokenizer.TokenBytes(token).Span;
        if (bytes.Length < 4 || Tokenizer.IsSpecial(token)) return false;
        foreach (byte value in bytes)
            if (value is < (byte)'a' or > (byte)'z')
                return false;
        return bytes[0] != bytes[1] && bytes[1] != bytes[2];
    }

    private static int Byte(byte value) =>
        Enumerable.Range(0, 256).First(id => Tokenizer.TokenBytes(id).Span.SequenceEqual([value]));
}
