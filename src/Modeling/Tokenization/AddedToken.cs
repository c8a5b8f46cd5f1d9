namespace Atlas.Modeling.Tokenization;

/// <summary>
/// A token that is looked for in the text itself, before any merging: markers such as <c>&lt;|im_start|&gt;</c>, and words added after
/// training. The fields are those of <c>added_tokens</c> in <c>tokenizer.json</c>.
/// </summary>
public sealed record AddedToken
{
    /// <summary>The token's id.</summary>
    public required int Id { get; init; }

    /// <summary>The text that stands for it; never empty.</summary>
    public required string Content { get; init; }

    /// <summary>It is recognised only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>It takes the white space before it with it.</summary>
    public bool StripLeft { get; init; }

    /// <summary>It takes the white space behind it with it.</summary>
    public bool StripRight { get; init; }

    /// <summary>It is looked for, in its normalized form, after the text is normalized; otherwise before.</summary>
    public bool Normalized { get; init; }

    /// <summary>It is a control token: decoding can leave it out, and encoding can be told not to recognise it.</summary>
    public bool Special { get; init; }
}
