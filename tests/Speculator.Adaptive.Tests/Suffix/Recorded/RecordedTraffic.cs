using System.Runtime.CompilerServices;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;

namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>
/// Recorded text as requests, tokenized with the small pair's tokenizer: source code (this repository's, or the files under the folder that
/// ATLAS_RECORDED_TEXT names), the workloads, and sessions in which a file is edited again and again.
/// </summary>
internal static class RecordedTraffic
{
    public static string[] Kinds { get; } = ["code", "workloads", "edits"];

    public static string Root { get; } = FindRoot();

    private static readonly Lazy<Tokenizer> Shipped = new(() => Tokenizer.Load(Path.Combine(Root, "models", "small", "target", "tokenizer.json")));

    public static int VocabularySize => Shipped.Value.VocabularySize;

    /// <summary>Requests of a kind; <paramref name="size"/> files, items per workload, or sessions.</summary>
    public static List<RecordedRequest> Get(string kind, int size) => kind switch
    {
        "code" => Code(size),
        "workloads" => Workloads(size),
        "edits" => Edits(size),
        _ => throw new ArgumentException($"no recorded text is called {kind}", nameof(kind)),
    };

    // The beginning of a file, and what comes after it.
    private static List<RecordedRequest> Code(int files) =>
    [
        .. Files().Select(text => Encode(text)).Where(tokens => tokens.Length > 350).Take(files)
            .Select(tokens => new RecordedRequest("code", tokens[..300], tokens[300..Math.Min(tokens.Length, 1100)])),
    ];

    private static List<RecordedRequest> Workloads(int items)
    {
        var requests = new List<RecordedRequest>();
        foreach (var workload in WorkloadCatalog.All)
            for (int index = 0; index < items; index++)
            {
                var item = workload.Item(Split.Evaluation, 7, index);
                requests.Add(new RecordedRequest(workload.Domain, Encode(item.Prompt), Encode(item.Completion)));
            }
        return requests;
    }

    // In each round a name is changed, a line goes and a line comes, and the whole file is written anew; the prompt is the session so far.
    private static List<RecordedRequest> Edits(int sessions)
    {
        var random = new Random(5);
        var requests = new List<RecordedRequest>();
        foreach (var file in Files().Select(text => text.Split('\n')).Where(lines => lines.Length >= 60).Take(sessions))
        {
            var lines = file.Take(60).ToList();
            string session = string.Join('\n', lines) + "\n>>>\n";
            for (int round = 0; round < 4; round++)
            {
                string[] names = [.. lines.SelectMany(line => line.Split(' ', '(', ')', '.', ',', ';', ':', '=')).Where(IsName).Distinct()];
                string from = names[random.Next(names.Length)], to = $"{from}{(char)('A' + random.Next(26))}{random.Next(10)}";
                lines = [.. lines.Select(line => line.Replace(from, to, StringComparison.Ordinal))];
                lines.RemoveAt(random.Next(lines.Count));
                lines.Insert(random.Next(lines.Count), $"    {to} = {names[random.Next(names.Length)]}({random.Next(100)})");
                string output = string.Join('\n', lines) + "\n";
                session += $"Rename {from} to {to}\n>>>\n";
                requests.Add(new RecordedRequest("edits", Encode(session), Encode(output)));
                session += output;
            }
        }
        return requests;
    }

    private static bool IsName(string word) => word.Length > 4 && word.All(char.IsAsciiLetter);

    private static int[] Encode(string text) => Shipped.Value.Encode(text, addSpecialTokens: false);

    // Every third, so that neighbours, which are alike, do not follow each other.
    private static IEnumerable<string> Files()
    {
        string? other = Environment.GetEnvironmentVariable("ATLAS_RECORDED_TEXT");
        var files = other is null
            ? Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            : Directory.EnumerateFiles(other, "*.py", SearchOption.AllDirectories).Where(f => !f.Contains("/site-packages/", StringComparison.Ordinal));
        return files.Order(StringComparer.Ordinal).Where((_, index) => index % 3 == 0).Select(File.ReadAllText);
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (string start in new[] { Path.GetDirectoryName(here)!, AppContext.BaseDirectory })
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "Atlas.sln")))
                    return folder;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Atlas.sln");
    }
}
