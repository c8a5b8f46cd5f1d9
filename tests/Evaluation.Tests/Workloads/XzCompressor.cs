using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Atlas.Evaluation.Tests.Workloads;

/// <summary>
/// Measures by how much text can be packed. The project's bound is stated for <c>xz -9</c> (Debian: xz-utils); where that is not installed,
/// Brotli at its best with its widest window stands in, which is somewhat stronger on such text. Where the environment variable CI is set
/// there is no stand-in, and a missing xz fails the test.
/// </summary>
internal static class XzCompressor
{
    private const string Path = "/usr/bin/xz";

    private static readonly bool UsesXz = File.Exists(Path) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    /// <summary>Bytes of the text over bytes of the packed text.</summary>
    public static double Ratio(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return (double)bytes.Length / (UsesXz ? Xz(bytes) : Brotli(bytes));
    }

    private static int Brotli(byte[] bytes)
    {
        byte[] packed = new byte[bytes.Length];
        Assert.True(BrotliEncoder.TryCompress(bytes, packed, out int length, quality: 11, window: 24));
        return length;
    }

    private static int Xz(byte[] bytes)
    {
        using var process = Process.Start(new ProcessStartInfo(Path, ["-9", "--stdout"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var packed = new MemoryStream();
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(packed);
        process.StandardInput.BaseStream.Write(bytes);
        process.StandardInput.Close();
        reading.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (int)packed.Length;
    }
}
