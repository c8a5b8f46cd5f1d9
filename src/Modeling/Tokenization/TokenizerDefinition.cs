using Atlas.Modeling.Tokenization.Model;
using Atlas.Modeling.Tokenization.PreTokenization;

namespace Atlas.Modeling.Tokenization;

/// <summary>The parts of a tokenizer as a <c>tokenizer.json</c> describes them.</summary>
internal sealed record TokenizerDefinition
{
    /// <summary>All tokens, added ones included.</summary>
    public required Vocabulary Vocabulary { get; init; }

    /// <summary>Text is brought into NFC first.</summary>
    public required bool Nfc { get; init; }

    /// <summary>Cuts text into the pieces within which bytes merge.</summary>
    public required PreTokenizer PreTokenizer { get; init; }

    /// <summary>Turns pieces into tokens.</summary>
    public required BytePairModel Model { get; init; }

    /// <summary>What goes around a text.</summary>
    public required SequenceTemplate Template { get; init; }
}
