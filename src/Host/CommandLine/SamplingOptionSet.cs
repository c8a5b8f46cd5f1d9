using System.CommandLine;
using System.Globalization;
using Atlas.Core.Sampling;

namespace Atlas.Host.CommandLine;

/// <summary>The options that say how tokens are drawn.</summary>
internal sealed class SamplingOptionSet
{
    private readonly Option<float> _temperature = Number("--temperature", 0f, "0 is greedy; otherwise logits are divided by it.");
    private readonly Option<int> _topK = new("--top-k") { Description = "Keep the k most probable tokens; 0 keeps all.", DefaultValueFactory = _ => 0 };
    private readonly Option<float> _topP = Number("--top-p", 1f, "Keep the fewest tokens whose probability reaches this.");
    private readonly Option<float> _minP = Number("--min-p", 0f, "Keep tokens at least this fraction as probable as the best.");
    private readonly Option<float> _repetition = Number("--repetition-penalty", 1f, "Weakens tokens of prompt and output; 1 does nothing.");
    private readonly Option<float> _presence = Number("--presence-penalty", 0f, "Subtracted from logits of tokens in the output.");
    private readonly Option<float> _frequency = Number("--frequency-penalty", 0f, "Subtracted once per occurrence in the output.");
    private readonly Option<ulong> _seed = new("--seed") { Description = "Keys the noise of sampling.", DefaultValueFactory = _ => 0UL };

    private readonly Option<string[]> _bias = new("--logit-bias")
    {
        Description = "Adds to a token's logit: id=value; may be given several times.",
        HelpName = "id=value",
    };

    private readonly Option<string?> _allowed = new("--allowed-tokens")
    {
        Description = "Ids that may be sampled at all, separated by commas. Default: every one.",
        HelpName = "ids",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_temperature, _topK, _topP, _minP, _repetition, _presence, _frequency, _seed, _bias, _allowed])
            command.Add(option);
    }

    /// <summary>The sampling that was asked for, checked against the vocabulary.</summary>
    public SamplingOptions Read(ParseResult parsed, int vocabularySize)
    {
        var options = new SamplingOptions
        {
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            RepetitionPenalty = parsed.GetValue(_repetition),
            PresencePenalty = parsed.GetValue(_presence),
            FrequencyPenalty = parsed.GetValue(_frequency),
            Seed = parsed.GetValue(_seed),
            LogitBias = ReadBias(parsed.GetValue(_bias)),
            AllowedTokens = ReadMask(parsed.GetValue(_allowed), vocabularySize),
        };
        return options.Fault(vocabularySize) is { } fault ? throw new UsageException(fault) : options;
    }

    private static Option<float> Number(string name, float value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, CustomParser = result => ParseNumber(name, result) };

    // Numbers are read the same whatever the locale.
    private static float ParseNumber(string name, System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)) return value;
        result.AddError($"{name} is '{text}'; expected a number");
        return 0;
    }

    private static Dictionary<int, float>? ReadBias(string[]? entries)
    {
        if (entries is null or []) return null;
        var bias = new Dictionary<int, float>();
        foreach (string entry in entries)
        {
            var parts = entry.Split('=');
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int token)
                || !float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
                throw new UsageException($"--logit-bias is '{entry}'; expected id=value, such as 17=-2.5");
            bias[token] = value;
        }
        return bias;
    }

    private static TokenMask? ReadMask(string? text, int vocabularySize)
    {
        if (text is null) return null;
        var mask = new TokenMask(vocabularySize);
        foreach (int token in TokenList.Parse("--allowed-tokens", text, vocabularySize)) mask.Allow(token);
        return mask;
    }
}
