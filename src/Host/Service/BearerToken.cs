using System.Security.Cryptography;
using System.Text;

namespace Atlas.Host.Service;

/// <summary>The token that clients must bring, compared in a time that says nothing about it. Immutable.</summary>
/// <param name="token">The token; null where none is demanded.</param>
internal sealed class BearerToken(string? token)
{
    private readonly byte[]? _hash = token is null ? null : Hash(token);

    /// <summary>Whether one is demanded.</summary>
    public bool IsDemanded => _hash is not null;

    /// <summary>Whether who brings this is admitted.</summary>
    public bool Admits(string brought) => _hash is null || CryptographicOperations.FixedTimeEquals(Hash(brought), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
