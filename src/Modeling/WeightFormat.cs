namespace Atlas.Modeling;

/// <summary>
/// How an engine keeps a decoder's matrices while it runs; norms are always f32, biases too, but in engines whose products add them. An
/// engine refuses a format it has no kernels for.
/// </summary>
public enum WeightFormat
{
    /// <summary>32-bit floats.</summary>
    F32,

    /// <summary>bfloat16, rounded to nearest even where the checkpoint has more bits; products accumulate in f32.</summary>
    BF16,

    /// <summary>8-bit integers with one scale per group of inputs, quantized at load; products accumulate in f32.</summary>
    Int8,

    /// <summary>16-bit floats (GPU engines).</summary>
    F16,
}
