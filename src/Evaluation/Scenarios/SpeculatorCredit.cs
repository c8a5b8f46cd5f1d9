namespace Atlas.Evaluation.Scenarios;

/// <summary>What one speculator did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Drafted">Its draft tokens that were verified.</param>
/// <param name="Accepted">Those that were accepted, whoever else proposed them too.</param>
public readonly record struct SpeculatorCredit(string Name, long Drafted, long Accepted);
