using System.Security.Cryptography;
using System.Text;

namespace Atlas.Trainer.Online;

/// <summary>Where a namespace's checkpoints are: a folder named by a hash, since names are the tenants' and may hold anything.</summary>
internal static class NamespaceFolder
{
    public static string Of(string directory, string name) =>
        Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]);
}
