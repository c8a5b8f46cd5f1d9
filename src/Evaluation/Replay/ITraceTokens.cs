namespace Atlas.Evaluation.Replay;

/// <summary>Turns the texts of a trace into token ids. Not thread-safe.</summary>
public interface ITraceTokens
{
    /// <summary>What a token is, for reports: <c>bytes</c>, say.</summary>
    string Name { get; }

    /// <summary>Ids that have been or may be given out are below this; it may rise with the text.</summary>
    int VocabularySize { get; }

    /// <summary>The token ids of a text; the same text always has the same ones. No special tokens are put around it.</summary>
    int[] Encode(string text);
}
