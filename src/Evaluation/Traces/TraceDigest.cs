using System.Security.Cryptography;

namespace Atlas.Evaluation.Traces;

/// <summary>Tells requests from others: where one byte differs of what <see cref="TraceWriter"/> writes of them, the digest does.</summary>
public static class TraceDigest
{
    /// <summary>SHA-256, in hexadecimal. Reads the requests to their end, one at a time.</summary>
    /// <exception cref="ArgumentException">One of them is a request that no trace may hold.</exception>
    public static string Of(IEnumerable<TraceRequest> requests)
    {
        using var hash = SHA256.Create();
        using (var sink = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var writer = new TraceWriter(sink, leaveOpen: true))
            foreach (var request in requests)
                writer.Write(request);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}
