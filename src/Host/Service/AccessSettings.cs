namespace Atlas.Host.Service;

/// <summary>What the service demands of who connects.</summary>
/// <param name="Token">Bearer token that <c>hello</c> must bring; null for none.</param>
/// <param name="MaxMessageBytes">Longest message that is taken.</param>
internal sealed record AccessSettings(string? Token, int MaxMessageBytes);
