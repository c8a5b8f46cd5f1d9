using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>A key of <c>config.json</c> with the only value at which it changes nothing.</summary>
/// <param name="Key">The key.</param>
/// <param name="Expected">That value, as a message shows it.</param>
/// <param name="Holds">Whether a value that is not null is that one.</param>
internal sealed record FixedKey(string Key, string Expected, Func<JsonElement, bool> Holds);
