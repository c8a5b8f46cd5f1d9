using System.CommandLine;
using Atlas.Host.Models;

namespace Atlas.Host.CommandLine;

/// <summary>Where the prompt comes from: an argument, a file, token ids, or standard input.</summary>
internal sealed class PromptOptions
{
    private readonly Argument<string?> _text = new("prompt")
    {
        Description = "The prompt's text; - or nothing reads standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _option = new("--prompt") { Description = "The prompt's text, as an option.", HelpName = "text" };
    private readonly Option<string?> _file = new("--prompt-file") { Description = "Reads the prompt from a UTF-8 file.", HelpName = "file" };
    private readonly Option<string?> _tokens = new("--prompt-tokens")
    {
        Description = "The prompt as token ids separated by commas; nothing is added to them.",
        HelpName = "ids",
    };

    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_option);
        command.Add(_file);
        command.Add(_tokens);
    }

    /// <summary>The prompt's tokens, at least one.</summary>
    public int[] Read(ParseResult parsed, ModelPair pair)
    {
        string?[] given = [parsed.GetValue(_text), parsed.GetValue(_option), parsed.GetValue(_file), parsed.GetValue(_tokens)];
        if (given.Count(g => g is not null) > 1)
            throw new UsageException("the prompt is given more than once; expected one of an argument, --prompt, --prompt-file, --prompt-tokens");
        if (parsed.GetValue(_tokens) is { } ids) return TokenList.Parse("--prompt-tokens", ids, pair.Config.VocabularySize);
        int[] tokens = pair.RequireTokenizer().Encode(Text(parsed), addSpecialTokens: true);
        if (tokens.Length == 0) throw new UsageException("the prompt is empty; expected at least one token");
        return tokens;
    }

    private string Text(ParseResult parsed)
    {
        if (parsed.GetValue(_option) is { } option) return option;
        if (parsed.GetValue(_file) is { } file)
            return File.Exists(file) ? File.ReadAllText(file) : throw new UsageException($"--prompt-file {file} does not exist; expected a text file");
        if (parsed.GetValue(_text) is { } text && text != "-") return text;
        if (!Console.IsInputRedirected && parsed.GetValue(_text) != "-")
            throw new UsageException("there is no prompt; expected an argument, --prompt, --prompt-file, --prompt-tokens or standard input");
        return Console.In.ReadToEnd();
    }
}
