using Atlas.Modeling;
using Atlas.Modeling.Tokenization;

namespace Atlas.Host.Models;

/// <summary>What <c>atlas inspect</c> asks of a directory's tokenizer: that it loads, and that the model knows all its tokens.</summary>
internal static class TokenizerCheck
{
    public static IEnumerable<string> Run(string directory, ModelConfig? config)
    {
        string path = Path.Combine(directory, "tokenizer.json");
        if (!File.Exists(path)) yield break;
        Tokenizer? tokenizer = null;
        string? fault = null;
        try
        {
            tokenizer = Tokenizer.Load(path);
        }
        catch (CheckpointException e)
        {
            fault = e.Message;
        }
        if (fault is not null) yield return fault;
        if (tokenizer is not null && config is not null && tokenizer.VocabularySize > config.VocabularySize)
            yield return $"{path}: has {tokenizer.VocabularySize} tokens; expected at most {config.VocabularySize}, vocab_size in config.json";
    }
}
