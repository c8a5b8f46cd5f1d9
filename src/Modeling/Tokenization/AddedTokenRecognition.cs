namespace Atlas.Modeling.Tokenization;

/// <summary>Which added tokens encoding recognises in a text.</summary>
public enum AddedTokenRecognition
{
    /// <summary>All of them: for text that was formatted by a chat template.</summary>
    All,

    /// <summary>Those that are not special: a user who types <c>&lt;|im_end|&gt;</c> gets its characters (<c>split_special_tokens</c>).</summary>
    NotSpecial,

    /// <summary>None: the text is encoded as its characters, whatever it says.</summary>
    None,
}
