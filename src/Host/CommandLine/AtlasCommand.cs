using System.CommandLine;
using System.CommandLine.Parsing;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Traces;
using Atlas.Host.Commands;
using Atlas.Host.Service.Configuration;
using Atlas.Modeling;

namespace Atlas.Host.CommandLine;

/// <summary>The <c>atlas</c> command with its subcommands, and what exit codes mean: 0 done, 1 failed, 2 bad usage or bad input.</summary>
public static class AtlasCommand
{
    // An interrupted training ends its update and writes a checkpoint.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(60);

    // Set, it lets an unexpected exception through with its stack trace.
    private const string TraceVariable = "ATLAS_TRACE";

    /// <summary>Parses and runs one invocation; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        var root = new RootCommand("Atlas: adaptive speculative decoding. Drafts tokens, verifies them with the target, changes not one.")
        {
            GenerateCommand.Create(),
            DemoCommand.Create(),
            PretrainCommand.Create(),
            EvaluateCommand.Create(),
            ReplayCommand.Create(),
            RlCommand.Create(),
            BenchCommand.Create(),
            ServeCommand.Create(),
            InspectCommand.Create(),
        };
        ConfiguredOptions? configured = null;
        try
        {
            // A prompt may begin with @: nothing on the command line stands for a file of more arguments.
            var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
            var parsed = root.Parse(args, parsing);
            if (MistypedOption(parsed) is { } option) return Refuse($"there is no option {option}; expected one that --help lists");
            configured = ServeConfiguration.Read(parsed);
            if (configured is not null)
            {
                // Behind the command's name: what follows a -- on the command line is no option.
                int at = Array.IndexOf(args, parsed.CommandResult.Command.Name) + 1;
                parsed = root.Parse([.. args[..at], .. configured.Arguments, .. args[at..]], parsing);
                string[] faults = [.. configured.Faults, .. configured.FaultsOf(parsed)];
                if (faults.Length > 0) return Refuse(faults);
            }
            if (parsed.Errors.Count > 0) return Refuse(string.Join("; ", parsed.Errors.Select(e => e.Message)));
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop });
        }
        catch (UsageException e)
        {
            return Refuse([.. e.Faults.Select(fault => configured?.Locate(fault) ?? fault)]);
        }
        catch (Exception e) when (e is CheckpointException or RecipeException or TraceException or NotSupportedException)
        {
            return Refuse(e.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("interrupted");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable(TraceVariable) is null or "")
        {
            return Fail($"{e.GetType().Name}: {e.Message} (a defect; {TraceVariable}=1 shows where)");
        }
    }

    // The parser takes an option that it does not know for an argument: generate would complete it as its prompt.
    private static string? MistypedOption(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.CommandResult.Tokens.Select(token => token.Value).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal));

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"atlas: {OneLine(message)}");
        return 1;
    }

    private static int Refuse(params ReadOnlySpan<string> faults)
    {
        foreach (string fault in faults) Console.Error.WriteLine($"atlas: {OneLine(fault)}");
        return 2;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
