using System.CommandLine;
using Atlas.Client;
using Atlas.Host.Commands;
using Atlas.Host.Service.Configuration;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>Options of <c>atlas serve</c> that stand in a file or in the environment.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_this_before_the_file()
    {
        using var scratch = new Scratch();
        string file = scratch.Write("settings.json", $$"""
            {
              // Others may stand beside it.
              "Logging": { "LogLevel": { "Default": "Debug" } },
              "Atlas": { "Sidecar": true, "Listen": ["{{scratch.At("a.sock")}}", "{{scratch.At("b.sock")}}"], "Vocabulary": 50, "context": 100, "MaxSessions": 5, "Fingerprint": "" },
            }
            """);
        (string, string)[] environment = [("ATLAS_SERVE_CONFIG", file), ("ATLAS_SERVE_CONTEXT", "200"), ("ATLAS_SERVE_MAX_SESSIONS", "6"), ("ATLAS_SERVE_MAX_BATCH", "")];
        using var process = AtlasProgram.Start(["serve", "--max-sessions", "7"], environment);
        try
        {
            Assert.Equal($"atlas serves on unix:{scratch.At("a.sock")}, unix:{scratch.At("b.sock")}", await process.StandardOutput.ReadLineAsync());
            await using var client = await AtlasClient.ConnectAsync(RpcEndpoint.Unix(scratch.At("b.sock")));
            Assert.Equal((50, 200, 7), (client.Service.VocabularySize, client.Service.MaxTokens, client.Service.MaxSessions));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void Every_fault_has_a_line_of_its_own_that_says_where_it_stands()
    {
        using var scratch = new Scratch();
        string file = scratch.Write("s.json", """{ "Atlas": { "MaxBatch": 0, "MaxBach": 3, "Listen": "nowhere", "TokenFile": "/not/there", "Pin": { "On": true }, "ChatTemplate": "other" } }""");
        string[] lines = Faults(["serve", "--config", file, "--http", "70000"], ("ATLAS_SERVE_CONTEXT", "many"));
        Assert.Equal(6, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("atlas: --http is 70000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("--max-batch is 0; expected 1 or more", StringComparison.Ordinal) && line.Contains($"{file}: Atlas:MaxBatch", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"{file}: Atlas:MaxBach is no option", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"{file}: Atlas:Pin holds more", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("'other'", StringComparison.Ordinal) && line.Contains("Atlas:ChatTemplate", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("--context is 'many'", StringComparison.Ordinal) && line.Contains("ATLAS_SERVE_CONTEXT", StringComparison.Ordinal));
        // What each option says by itself comes first; what they say together, once that is right.
        file = scratch.Write("t.json", """{ "Atlas": { "Sidecar": true, "Latency": "x", "Listen": ["nowhere", "tcp:127.0.0.1:0"], "TokenFile": "/not/there", "TlsKey": "k.pem", "Otlp": "localhost" } }""");
        lines = Faults(["serve", "--config", file]);
        Assert.Equal(5, lines.Length);
        foreach (string mentioned in (string[])["--listen: ", "--token-file /not/there", "--tls-certificate FILE", "--otlp is localhost", "--latency: "])
            Assert.Contains(lines, line => line.Contains(mentioned, StringComparison.Ordinal) && line.Contains($"{file}: Atlas:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        using var scratch = new Scratch();
        AtlasProgram.Run("serve", "--config", "/not/there.json").Refused("/not/there.json", "expected a JSON object");
        AtlasProgram.Run("serve", "--config", scratch.Write("a.json", "{ \"Atlas\": ")).Refused("a.json", "expected a JSON object");
        AtlasProgram.Run("serve", "--config", scratch.Write("b.json", "[]")).Refused("b.json", "expected a JSON object");
    }

    [Fact]
    public void The_file_of_the_working_directory_is_read_where_there_is_one()
    {
        using var scratch = new Scratch();
        scratch.Write("appsettings.json", """{ "Atlas": { "KvMemoryMib": 0 } }""");
        AtlasProgram.RunIn(scratch.Path, "serve", "--listen", "/tmp/x.sock").Refused("--kv-memory-mib is 0", "appsettings.json: Atlas:KvMemoryMib");
        // Who asks for help gets it, whatever is configured.
        Assert.Contains("--config", AtlasProgram.RunIn(scratch.Path, "serve", "--help").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deployed_names_options_that_there_are_and_values_that_they_take()
    {
        var command = ServeCommand.Create();
        var options = command.Options.ToDictionary(option => OptionSource.KeyOf(option.Name));
        foreach (string file in (string[])["container/Containerfile", "kubernetes/sidecar.yaml"])
        {
            string[] names = [.. File.ReadAllText(Tool.RepositoryFile($"deploy/{file}")).Split([' ', '=', ',', '\n']).Where(word => word.StartsWith(OptionSource.Prefix, StringComparison.Ordinal))];
            Assert.NotEmpty(names);
            foreach (string name in names) Assert.Contains(OptionSource.KeyOf(name[OptionSource.Prefix.Length..]), options);
        }
        string unit = File.ReadAllText(Tool.RepositoryFile("deploy/systemd/atlas.service"));
        Assert.Contains("ExecStart=/opt/atlas/atlas serve --config /etc/atlas/appsettings.json\n", unit, StringComparison.Ordinal);
        var configured = new ConfiguredOptions(command.Parse([]), [OptionSource.FromFile(Tool.RepositoryFile("deploy/appsettings.json"))], ServeConfiguration.File);
        Assert.Empty(configured.Faults);
        Assert.Contains("--vocabulary=151936", configured.Arguments);
        Assert.Empty(command.Parse([.. configured.Arguments]).Errors);
    }

    [Fact]
    public void The_first_source_that_has_an_option_sets_it_whole()
    {
        using var scratch = new Scratch();
        var first = OptionSource.FromFile(scratch.Write("1.json", """{ "Atlas": { "Listen": ["a"], "Sidecar": null } }"""));
        var second = OptionSource.FromFile(scratch.Write("2.json", """{ "Atlas": { "listen": ["b", "c"], "sidecar": true, "Drain-Time": 3 } }"""));
        var parsed = ServeCommand.Create().Parse(["--http", "1"]);
        var configured = new ConfiguredOptions(parsed, [first, second], ServeConfiguration.File);
        Assert.Equal(["--drain-time=3", "--listen=a", "--sidecar=True"], configured.Arguments.Order(StringComparer.Ordinal));
        Assert.EndsWith($"(--drain-time is set by {scratch.At("2.json")}: Atlas:Drain-Time)", configured.Locate("--drain-time is bad"), StringComparison.Ordinal);
        Assert.Equal("--drain-times is bad", configured.Locate("--drain-times is bad"));
        var twice = OptionSource.FromFile(scratch.Write("3.json", """{ "Atlas": { "MaxBatch": 1, "max-batch": 2 } }"""));
        Assert.Single(new ConfiguredOptions(parsed, [twice], ServeConfiguration.File).Faults);
    }

    private static string[] Faults(string[] arguments, params (string Name, string Value)[] environment)
    {
        var run = AtlasProgram.Run(arguments, "", environment);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("atlas: ", line, StringComparison.Ordinal));
        return lines;
    }
}
