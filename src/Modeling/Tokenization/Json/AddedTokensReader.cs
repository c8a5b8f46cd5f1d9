namespace Atlas.Modeling.Tokenization.Json;

/// <summary>Reads <c>added_tokens</c>.</summary>
internal static class AddedTokensReader
{
    /// <summary>The added tokens in the file's order; their ids are checked where the vocabulary is known.</summary>
    public static List<AddedToken> Read(JsonSection? section)
    {
        var tokens = new List<AddedToken>();
        if (section is null) return tokens;
        foreach (var item in section.Items())
        {
            item.Only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var token = new AddedToken
            {
                Id = item.Get("id").Id(),
                Content = item.Get("content").Text(),
                SingleWord = item.Get("single_word").Flag(),
                StripLeft = item.Get("lstrip").Flag(),
                StripRight = item.Get("rstrip").Flag(),
                Normalized = item.Get("normalized").Flag(),
                Special = item.Get("special").Flag(),
            };
            if (token.Content.Length == 0) throw item.Get("content").Fault("a text that is not empty");
            tokens.Add(token);
        }

        return tokens;
    }
}
