namespace Atlas.Controller.Drift;

/// <summary>The acceptance of a speculator's drafts has changed.</summary>
/// <param name="Namespace">In which traffic.</param>
/// <param name="Speculator">Whose drafts.</param>
/// <param name="Before">Mean first-token acceptance before, 0 to 1.</param>
/// <param name="After">The same over the last few dozen drafts.</param>
/// <param name="Step">The controller's step in which it was noticed.</param>
public readonly record struct DriftEvent(string Namespace, string Speculator, double Before, double After, long Step);
