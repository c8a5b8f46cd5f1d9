namespace Atlas.Modeling.Tokenization.Training;

/// <summary>What <see cref="BpeTrainer"/> learned. Immutable.</summary>
public sealed class TrainedTokenizer
{
    internal TrainedTokenizer(
        IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, BpeTrainerOptions options)
    {
        Tokens = tokens;
        Merges = merges;
        Options = options;
    }

    /// <summary>The tokens by id, as a vocabulary writes them: the bytes, then one for each merge. The special tokens follow these.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The pairs of tokens that merge, the most frequent first.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>What was asked for.</summary>
    public BpeTrainerOptions Options { get; }

    /// <summary>Number of tokens, special ones included.</summary>
    public int VocabularySize => Tokens.Count + Options.SpecialTokens.Count;

    /// <summary>The <c>tokenizer.json</c>, which Hugging Face's tokenizers load too.</summary>
    public byte[] ToJson() => TokenizerWriter.Write(this);

    /// <summary>Writes the <c>tokenizer.json</c> to <paramref name="path"/>; a file that is there already is replaced as a whole.</summary>
    public void Save(string path)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, ToJson());
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The tokenizer itself.</summary>
    public Tokenizer ToTokenizer() => Tokenizer.Parse(ToJson(), "tokenizer.json");
}
