namespace Atlas.Controller.Traffic;

/// <summary>
/// The kinds of requests in one namespace, told apart by their prompts (leader clustering over sketches: Hartigan 1975, chapter 3). Applications and
/// agents repeat their prompts' form, so the kind says from the first token on what a domain that comes back, or one of several that are mixed,
/// has taught; where prompts resemble nothing there are no kinds, and all is one traffic. Not thread-safe.
/// </summary>
/// <param name="most">Most kinds, those included that have too few members yet; 0 for none.</param>
internal sealed class RequestKinds(int most)
{
    private const int LeastMembers = 3;

    private readonly List<RequestKind> _kinds = [];
    private readonly float[] _sketch = new float[PromptSketch.Length];
    private long _requests;

    /// <summary>Whether any kind is known well enough to be told from others.</summary>
    public bool Any => _kinds.Exists(kind => kind.Traffic is not null);

    /// <summary>Takes a request in; what was learned of its kind, or of all requests where that has too few members.</summary>
    /// <param name="prompt">Its prompt.</param>
    /// <param name="all">What was learned of all requests; a kind begins from it.</param>
    public TrafficState Of(ReadOnlySpan<int> prompt, TrafficState all)
    {
        if (most == 0 || !PromptSketch.Write(prompt, _sketch)) return all;
        var kind = Nearest(out double similarity);
        if (kind is not null && kind.Holds(similarity)) kind.Join(_sketch, similarity);
        else Add(kind = new RequestKind(_sketch));
        kind.LastUsed = ++_requests;
        if (kind.Joined >= LeastMembers) kind.Traffic ??= new TrafficState(all);
        return kind.Traffic ?? all;
    }

    private RequestKind? Nearest(out double similarity)
    {
        RequestKind? nearest = null;
        similarity = double.NegativeInfinity;
        foreach (var kind in _kinds)
            if (kind.Similarity(_sketch) is var found && found > similarity)
                (nearest, similarity) = (kind, found);
        return nearest;
    }

    // Those with few members make room first: prompts that resemble nothing leave what is known alone.
    private void Add(RequestKind kind)
    {
        if (_kinds.Count >= most) _kinds.Remove(_kinds.MinBy(old => (old.Traffic is not null, old.LastUsed))!);
        _kinds.Add(kind);
    }
}
