namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>What tokenization needs to know of a code point; several may hold at once.</summary>
[Flags]
internal enum CharacterFlags : byte
{
    /// <summary>None of the below.</summary>
    None = 0,

    /// <summary><c>\p{L}</c> of the pre-tokenizer patterns.</summary>
    Letter = 1,

    /// <summary><c>\p{N}</c> of the pre-tokenizer patterns.</summary>
    Number = 2,

    /// <summary><c>\s</c>.</summary>
    Space = 4,

    /// <summary>Numeric for the Digits pre-tokenizer.</summary>
    Numeric = 8,

    /// <summary><c>\w</c> next to an added token that must be a single word.</summary>
    Word = 16,

    /// <summary>Its presence may mean that a text is not in NFC: it reorders, composes with what precedes it, or is replaced.</summary>
    NfcMaybe = 32,
}
