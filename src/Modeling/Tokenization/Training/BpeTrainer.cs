using System.Text;
using Atlas.Modeling.Tokenization.Model;
using Atlas.Modeling.Tokenization.PreTokenization;
using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.Training;

/// <summary>
/// Learns a byte-level byte-pair vocabulary from text (Sennrich et al., arXiv 1508.07909): the most frequent pair of neighbouring tokens
/// becomes a token, again and again. The same texts and options give the same vocabulary, whatever the order of the texts: equally frequent
/// pairs merge in the order of their ids.
/// </summary>
public static class BpeTrainer
{
    /// <summary>Learns from <paramref name="texts"/>, each of which is read once and held no longer than that.</summary>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static TrainedTokenizer Train(IEnumerable<string> texts, BpeTrainerOptions options)
    {
        options.Check();
        var tokens = Enumerable.Range(0, 256).Select(value => ByteAlphabet.ToCharacter((byte)value).ToString())
            .Order(StringComparer.Ordinal).ToList();
        var merges = Learn(Words(texts, options.Style, tokens), tokens, options);
        return new TrainedTokenizer(tokens, merges, options);
    }

    private static WordTable Words(IEnumerable<string> texts, TokenizerStyle style, List<string> alphabet)
    {
        var tokenOf = new int[256];
        for (var token = 0; token < alphabet.Count; token++) tokenOf[ByteAlphabet.ToByte(alphabet[token][0])] = token;
        var words = CountPieces(texts, style)
            .Select(piece => (Encoding.UTF8.GetBytes(piece.Key).Select(value => tokenOf[value]).ToArray(), piece.Value));
        return new WordTable([.. words]);
    }

    private static IReadOnlyDictionary<string, long> CountPieces(IEnumerable<string> texts, TokenizerStyle style)
    {
        IPieceScanner scanner = style switch
        {
            TokenizerStyle.Gpt2 => Gpt2Scanner.Instance,
            TokenizerStyle.Llama3 => Llama3Scanner.Llama3,
            _ => Llama3Scanner.Qwen2,
        };
        var preTokenizer = new PreTokenizer([scanner], prefixSpace: false, gpt2: false);
        var counter = new PieceCounter();
        foreach (var text in texts)
        {
            var wellFormed = CodePoint.WellFormed(text);
            preTokenizer.Split(style == TokenizerStyle.Qwen2 ? NfcNormalizer.Normalize(wellFormed) : wellFormed, ref counter);
        }

        return counter.Counts;
    }

    private static List<(string Left, string Right)> Learn(WordTable words, List<string> tokens, BpeTrainerOptions options)
    {
        var pairs = new PairStatistics();
        words.CountPairs(pairs);
        var known = tokens.Concat(options.SpecialTokens).ToHashSet();
        var merges = new List<(string Left, string Right)>();
        while (tokens.Count + options.SpecialTokens.Count < options.VocabularySize
            && pairs.TakeMostFrequent(options.MinimumFrequency) is var (left, right, affected))
        {
            // One way to each token is enough: another would give a pair two ranks.
            if (!known.Add(tokens[left] + tokens[right])) continue;
            merges.Add((tokens[left], tokens[right]));
            tokens.Add(tokens[left] + tokens[right]);
            foreach (var word in affected) words.Merge(word, left, right, tokens.Count - 1, pairs);
        }

        return merges;
    }
}
