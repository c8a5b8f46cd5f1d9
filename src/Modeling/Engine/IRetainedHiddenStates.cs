namespace Atlas.Modeling.Engine;

/// <summary>Hidden states that outlive their forward (a trainer's replay holds them); rows are numbered from 0.</summary>
public interface IRetainedHiddenStates : IHiddenStates, IDisposable
{
    /// <summary>Number of states.</summary>
    int Count { get; }
}
