namespace Atlas.Evaluation.Text;

/// <summary>How a file of a package is written.</summary>
public enum SourceFormat
{
    /// <summary>Text as it is: source code, headers, documentation with light markup.</summary>
    Plain,

    /// <summary>A manual page in roff with the <c>man</c> macros, made plain by <see cref="ManualPage"/>.</summary>
    Man,
}
