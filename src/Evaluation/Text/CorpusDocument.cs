namespace Atlas.Evaluation.Text;

/// <summary>A piece of a file: one document to train on.</summary>
/// <param name="Text">The text, line ends as line feeds.</param>
/// <param name="EndsFile">Whether nothing of the file follows.</param>
public readonly record struct CorpusDocument(string Text, bool EndsFile);
