namespace Atlas.Speculator.Adaptive;

/// <summary>What a speculator keeps of a namespace, in bounded memory.</summary>
internal interface IBoundedStore
{
    /// <summary>Memory it holds now.</summary>
    long Bytes { get; }
}
