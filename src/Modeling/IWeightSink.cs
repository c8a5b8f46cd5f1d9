namespace Atlas.Modeling;

/// <summary>Receives named f32 tensors one after the other, as a trained model exports them; keeps nothing of the span it is given.</summary>
public interface IWeightSink
{
    /// <summary>Takes one tensor, row-major, outermost dimension first.</summary>
    void Write(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values);
}
