using System.Text.Json;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas evaluate</c> on a tiny pair.</summary>
public sealed class EvaluateTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Domains = [.. WorkloadCatalog.Small.Take(2).Select(workload => workload.Domain)];

    [Fact]
    public void Every_domain_has_its_figures_and_the_card_is_written()
    {
        using var scratch = new Scratch();
        var result = Run("--draft", pair.Draft, "--markdown", scratch.At("card.md"), "--json");
        var json = result.Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        Assert.Equal(Domains, json.GetProperty("domains").EnumerateObject().Select(domain => domain.Name));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("seen").ValueKind);
        var all = json.GetProperty("all");
        Assert.Equal(4, all.GetProperty("requests").GetInt32());
        foreach (string share in (string[])["ended", "repeating", "exact_match", "acceptance_rate"]) Assert.InRange(all.GetProperty(share).GetDouble(), 0, 1);
        foreach (string figure in (string[])["loss", "draft_loss", "entropy", "acceptance_length", "plain_tokens_per_s", "static_tokens_per_s", "speedup"])
            Assert.True(all.GetProperty(figure).GetDouble() > 0, figure);
        string card = File.ReadAllText(scratch.At("card.md"));
        foreach (string text in (string[])[.. Domains, "acceptance length", "all"])
        {
            Assert.Contains(text, card, StringComparison.Ordinal);
            Assert.Contains(text.Split(' ')[0], result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Domains_that_the_draft_has_not_seen_are_told_apart()
    {
        using var scratch = new Scratch();
        string draft = scratch.At("draft");
        Directory.CreateDirectory(draft);
        foreach (string file in Directory.GetFiles(pair.Draft)) File.Copy(file, Path.Combine(draft, Path.GetFileName(file)));
        File.WriteAllText(
            Path.Combine(draft, "training.json"),
            $$"""{ "domains": ["{{Domains[1]}}"], "text_share": 0, "seed": 1, "updates": 1, "tokens": 2, "seconds": 3, "held_out_loss": {} }""");
        var json = Run("--draft", draft, "--json").Json;
        Assert.False(json.GetProperty("domains").GetProperty(Domains[0]).GetProperty("seen_by_draft").GetBoolean());
        Assert.Equal(2, json.GetProperty("seen").GetProperty("requests").GetInt32());
        Assert.Equal(2, json.GetProperty("unseen").GetProperty("requests").GetInt32());

        File.WriteAllText(Path.Combine(draft, "training.json"), "{}");
        Run("--draft", draft).Refused("training.json", "domains");
    }

    [Fact]
    public void A_target_alone_is_evaluated_without_speculation()
    {
        var json = Run("--json").Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("draft").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("all").GetProperty("speedup").ValueKind);
        Assert.True(json.GetProperty("all").GetProperty("loss").GetDouble() > 0);
    }

    [Fact]
    public void A_domain_that_is_not_there_is_refused() => Run("--domains", "poems").Refused("poems");

    private ProgramResult Run(params string[] arguments)
    {
        string[] domains = arguments.Contains("--domains") ? [] : ["--domains", .. Domains];
        return AtlasProgram.Run(
            ["evaluate", "--target", pair.Target, "--threads", "1", "--requests", "2", "--timed", "1", "--max-tokens", "16", "--batch", "2", .. domains, .. arguments]);
    }
}
