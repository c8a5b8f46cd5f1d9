namespace Atlas.Protocol.Serving;

/// <summary>Limits of a <see cref="ServiceDispatcher"/>. Immutable.</summary>
public sealed record ServiceOptions
{
    /// <summary>Whether other methods are refused until a <c>hello</c> was answered, as bearer tokens need it.</summary>
    public bool RequireHello { get; init; }

    /// <summary>Most calls of one connection that may be under way; further ones are <c>overloaded</c>.</summary>
    public int MaxCalls { get; init; } = 1024;
}
