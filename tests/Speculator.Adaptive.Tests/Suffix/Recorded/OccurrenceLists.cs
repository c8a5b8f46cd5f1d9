namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>Texts, and for every token all places where it stands.</summary>
internal sealed class OccurrenceLists
{
    private readonly List<List<int>> _texts = [];
    private readonly Dictionary<int, List<(int Text, int Index)>> _places = [];

    public int Open()
    {
        _texts.Add([]);
        return _texts.Count - 1;
    }

    public void Append(int text, int token)
    {
        if (!_places.TryGetValue(token, out var places)) _places.Add(token, places = []);
        places.Add((text, _texts[text].Count));
        _texts[text].Add(token);
    }

    /// <summary>Where a token stands, in the order it was appended.</summary>
    public List<(int Text, int Index)> Of(int token) => _places.TryGetValue(token, out var places) ? places : [];

    /// <summary>The token at a place, or -1 outside of the text.</summary>
    public int Token(int text, int index) => index >= 0 && index < _texts[text].Count ? _texts[text][index] : -1;
}
