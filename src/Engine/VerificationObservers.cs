using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>Lets several observers hear of each step, in their order: controller, trainer, whoever else.</summary>
/// <param name="observers">Who hears.</param>
public sealed class VerificationObservers(params IVerificationObserver[] observers) : IVerificationObserver
{
    /// <inheritdoc/>
    public void OnVerified(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted)
    {
        foreach (var observer in observers) observer.OnVerified(sequence, accepted, emitted);
    }
}
