namespace Atlas.Modeling.Tokenization.Training;

/// <summary>After which family of models a new tokenizer treats its text.</summary>
public enum TokenizerStyle
{
    /// <summary>Whole numbers are pieces; contractions in lower case only.</summary>
    Gpt2,

    /// <summary>Numbers in groups of up to three digits, line breaks apart, contractions in either case.</summary>
    Llama3,

    /// <summary>As Llama 3, but with single digits, and with text in Unicode normalization form C.</summary>
    Qwen2,
}
