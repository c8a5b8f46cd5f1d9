using System.Text;
using System.Text.Json.Nodes;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>A damaged file either still is a tokenizer or is refused in one line that names it.</summary>
public class DamagedTokenizerTests
{
    private const string File = "dir/tokenizer.json";

    private static readonly byte[] Json = BpeTrainer.Train(
        ["the cat and the hat and the bat", "that is it, this is that"],
        new() { VocabularySize = 280, SpecialTokens = ["<|begin|>", "<|end|>"], BeginToken = "<|begin|>" }).ToJson();

    [Fact]
    public void Bytes_that_are_changed_cut_or_repeated()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var next = new Mulberry(seed);
            var bytes = Json.ToList();
            for (var edits = 1 + next.Below(3); edits > 0; edits--)
            {
                var at = next.Below(bytes.Count);
                var length = Math.Min(bytes.Count - at, 1 + next.Below(40));
                switch (next.Below(5))
                {
                    case 0:
                        bytes[at] = (byte)next.Below(256);
                        break;
                    case 1:
                        bytes[at] = (byte)"{}[]\",:0-\\u\n"[next.Below(12)];
                        break;
                    case 2:
                        bytes.RemoveRange(at, length);
                        break;
                    case 3:
                        bytes.InsertRange(at, bytes.GetRange(at, length));
                        break;
                    default:
                        if (next.Below(4) == 0) bytes.RemoveRange(at, bytes.Count - at);
                        break;
                }

                if (bytes.Count == 0) break;
            }

            Check([.. bytes], seed);
        }
    }

    [Fact]
    public void Values_that_are_replaced_removed_or_added()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var next = new Mulberry(seed);
            var root = JsonNode.Parse(Json)!;
            for (var edits = 1 + next.Below(2); edits > 0; edits--) Damage(root, next);
            Check(Encoding.UTF8.GetBytes(root.ToJsonString()), seed);
        }
    }

    private static void Check(byte[] json, int seed)
    {
        try
        {
            var tokenizer = Tokenizer.Parse(json, File);
            tokenizer.Decode(tokenizer.Encode("the <|begin|> cat, 1234 \ud83d\ude00\ud800\n", true), false);
        }
        catch (CheckpointException refusal)
        {
            Assert.True(refusal.Message.StartsWith(File + ": ", StringComparison.Ordinal), $"seed {seed}: {refusal.Message}");
            Assert.True(refusal.Message.Contains("; expected ", StringComparison.Ordinal), $"seed {seed}: {refusal.Message}");
            Assert.True(refusal.Message.Length < 400 && !refusal.Message.Any(c => c is '\n' or '\r'), $"seed {seed}: {refusal.Message}");
        }
    }

    /// <summary>Walks down to some value, half of the time not into the large vocabulary, and damages it.</summary>
    private static void Damage(JsonNode node, Mulberry next)
    {
        while (true)
        {
            if (node is JsonObject { Count: > 0 } map)
            {
                var keys = map.Select(property => property.Key).ToArray();
                var key = keys[next.Below(keys.Length)];
                if (map[key] is JsonObject or JsonArray && next.Below(4) > 0)
                {
                    node = map[key]!;
                    continue;
                }

                if (next.Below(4) == 0) map.Remove(key);
                else if (next.Below(4) == 0) map[key + "x"] = map[key]?.DeepClone();
                else map[key] = Replacement(next);
                return;
            }

            if (node is not JsonArray { Count: > 0 } list) return;
            var index = next.Below(list.Count);
            if (list[index] is JsonObject or JsonArray && next.Below(4) > 0)
            {
                node = list[index]!;
                continue;
            }

            if (next.Below(4) == 0) list.RemoveAt(index);
            else if (next.Below(4) == 0) list.Add(list[index]?.DeepClone());
            else list[index] = Replacement(next);
            return;
        }
    }

    private static JsonNode? Replacement(Mulberry next) => next.Below(12) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(next.Below(300)),
        3 => JsonValue.Create(-1),
        4 => JsonValue.Create(1.5),
        5 => JsonValue.Create(long.MaxValue),
        6 => JsonValue.Create(""),
        7 => JsonValue.Create("a b\n\u2028\u0000c"),
        8 => JsonValue.Create("the"),
        9 => new JsonArray("a", "b"),
        10 => new JsonObject { ["type"] = "Sequence" },
        _ => JsonValue.Create(new string('x', 5000)),
    };
}
