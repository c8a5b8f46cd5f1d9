using System.Text;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>How messages of a conversation become the text that a model continues. Models were trained on one of these forms.</summary>
internal sealed class ChatTemplate
{
    private readonly string _begin, _beforeRole, _afterRole, _afterText;

    private ChatTemplate(string name, string begin, string beforeRole, string afterRole, string afterText, params string[] ends)
    {
        Name = name;
        (_begin, _beforeRole, _afterRole, _afterText) = (begin, beforeRole, afterRole, afterText);
        Ends = ends;
    }

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<ChatTemplate> All { get; } =
    [
        new("chatml", "", "<|im_start|>", "\n", "<|im_end|>\n", "<|im_end|>"),
        new("llama3", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>", "<|eot_id|>"),
        new("plain", "", "", ":\n", "\n\n"),
    ];

    /// <summary>As <c>--chat-template</c> has it.</summary>
    public string Name { get; }

    /// <summary>Texts that end the assistant's turn, where the vocabulary has no token of its own for that.</summary>
    public IReadOnlyList<string> Ends { get; }

    /// <summary>The template of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ChatTemplate Find(string name) => All.FirstOrDefault(template => template.Name == name)
        ?? throw new ArgumentException($"there is no chat template {name}; expected one of {string.Join(", ", All.Select(template => template.Name))}", nameof(name));

    /// <summary>The text of a conversation, up to where the assistant is to go on.</summary>
    public string Prompt(IEnumerable<(string Role, string Text)> messages)
    {
        var text = new StringBuilder(_begin);
        foreach (var (role, said) in messages) text.Append(_beforeRole).Append(role).Append(_afterRole).Append(said).Append(_afterText);
        return text.Append(_beforeRole).Append("assistant").Append(_afterRole).ToString();
    }
}
