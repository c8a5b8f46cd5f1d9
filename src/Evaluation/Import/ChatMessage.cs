namespace Atlas.Evaluation.Import;

/// <summary>A message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> or another.</param>
/// <param name="Text">What was said.</param>
internal readonly record struct ChatMessage(string Role, string Text);
