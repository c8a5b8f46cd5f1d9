using System.Runtime.InteropServices;

namespace Atlas.Compute.Cpu;

/// <summary>What the machine calls its processor.</summary>
internal static class ProcessorName
{
    private const string Linux = "/proc/cpuinfo";

    /// <summary>The model name where the system tells it, else the architecture.</summary>
    public static string Read()
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString();
        try
        {
            if (File.Exists(Linux))
                foreach (string line in File.ReadLines(Linux))
                    if (line.StartsWith("model name", StringComparison.Ordinal) && line.Contains(':'))
                        return line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (IOException)
        {
            return architecture;
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? architecture;
    }
}
