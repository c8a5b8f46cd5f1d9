namespace Atlas.Core.Decoding;

/// <summary>Watches the text of one sequence's emitted tokens for stop strings.</summary>
public interface IStopMatcher
{
    /// <summary>Takes the next emitted token; true when it completes a stop string. End tokens are not pushed.</summary>
    bool Push(int token);
}
