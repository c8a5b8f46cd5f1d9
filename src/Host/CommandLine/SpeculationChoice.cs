using Atlas.Core.Drafting;

namespace Atlas.Host.CommandLine;

/// <summary>Who drafts, how far, and how drafts are verified.</summary>
/// <param name="Speculator"><c>none</c> or <c>static</c>.</param>
/// <param name="Budget">Draft budget of every step.</param>
/// <param name="MinPathConfidence">Where drafting stops on a path.</param>
/// <param name="Rejection">Classical rejection sampling instead of coupled sampling.</param>
internal sealed record SpeculationChoice(string Speculator, DraftBudget Budget, float MinPathConfidence, bool Rejection);
