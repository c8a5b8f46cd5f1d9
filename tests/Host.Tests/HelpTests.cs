using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>--help</c> on every command, from the help of the program itself.</summary>
public sealed class HelpTests
{
    [Fact]
    public void The_programs_help_names_every_command()
    {
        string help = AtlasProgram.Run("--help").Done().Output;
        foreach (string command in (string[])["generate", "demo", "pretrain", "evaluate", "replay", "rl", "bench", "inspect", "serve"])
            Assert.Contains(command, help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "generate",
        "--prompt --prompt-file --prompt-tokens --target --draft --dtype --engine --threads --speculator --lookahead --branches --nodes " +
        "--min-confidence --verification --temperature --top-k --top-p --min-p --repetition-penalty --presence-penalty --frequency-penalty " +
        "--seed --logit-bias --allowed-tokens --max-tokens --stop --ignore-end --json")]
    [InlineData("demo", "--target --draft --dtype --engine --quick --full --requests --max-tokens --lookahead --phases --temperature --seed --report --json")]
    [InlineData(
        "pretrain",
        "--recipe --only --out --checkpoints --text --tokenizer --vocabulary --hidden --ffn --layers --heads --kv-heads --context --updates " +
        "--batch-tokens --checkpoint-updates --learning-rate --seed --engine --threads --json")]
    [InlineData("bench", "--layers --width --heads --kv-heads --ffn --vocabulary --context --dtype --rounds --suffix-tokens --acceptance --requests --tokens --engine --threads --json")]
    [InlineData(
        "evaluate", "--target --draft --dtype --engine --threads --domains --requests --timed --max-tokens --lookahead --batch --seed --markdown --json")]
    [InlineData(
        "replay",
        "files --recorded --import --scenario --write --seed --part --tokenizer --tokens --latency --lookahead --strategies --arrivals --max-batch --max-tokens " +
        "--connect --token-file --target --draft --dtype --engine --threads --report --out --json")]
    [InlineData("rl", "--config --steps --checkpoints --latency-table --target --draft --dtype --engine --threads --report --json")]
    [InlineData("inspect", "directory --json")]
    [InlineData(
        "serve",
        "--config --listen --http --token-file --otlp --otlp-protocol --otlp-interval --drain-time --max-message-mib --sidecar --vocabulary --fingerprint --hidden-size --target-weights --max-sessions --learning-memory-mib --context " +
        "--kv-memory-mib --cores --max-batch --max-waiting --checkpoints --target --draft --dtype --engine --threads --speculator --lookahead")]
    public void A_commands_help_names_its_options(string command, string options)
    {
        foreach (string flag in (string[])["--help", "-h"])
        {
            string help = AtlasProgram.Run(command, flag).Done().Output;
            foreach (string option in options.Split(' ')) Assert.Contains(option, help, StringComparison.Ordinal);
            Assert.All(help.Split('\n').Where(line => line.TrimStart().StartsWith("--", StringComparison.Ordinal)), Describes);
        }
    }

    // Name and description stand apart by blanks.
    private static void Describes(string line) => Assert.Matches(@"^\s+--\S.*\S {2,}\S", line);
}
