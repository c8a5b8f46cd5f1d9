using System.CommandLine;
using Atlas.Host.Commands;
using Atlas.Modeling;

namespace Atlas.Host.CommandLine;

/// <summary>The <c>atlas</c> command with its subcommands, and what exit codes mean: 0 done, 1 failed, 2 bad usage or bad input.</summary>
public static class AtlasCommand
{
    /// <summary>Parses and runs one invocation; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        var root = new RootCommand("Atlas: adaptive speculative decoding. Drafts tokens, verifies them with the target, changes not one.")
        {
            GenerateCommand.Create(),
            DemoCommand.Create(),
            PretrainCommand.Create(),
            BenchCommand.Create(),
            InspectCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(string.Join("; ", parsed.Errors.Select(e => e.Message)));
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is UsageException or CheckpointException or NotSupportedException)
        {
            return Refuse(e.Message);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("atlas: interrupted");
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            Console.Error.WriteLine($"atlas: {OneLine(e.Message)}");
            return 1;
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"atlas: {OneLine(message)}");
        return 2;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
