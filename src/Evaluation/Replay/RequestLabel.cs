namespace Atlas.Evaluation.Replay;

/// <summary>What reports group a request by.</summary>
/// <param name="Namespace">Whose traffic it is.</param>
/// <param name="Domain">What kind of work it is; the namespace where nobody has said.</param>
public readonly record struct RequestLabel(string Namespace, string Domain);
