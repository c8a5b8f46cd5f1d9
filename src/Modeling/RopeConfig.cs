namespace Atlas.Modeling;

/// <summary>
/// Rotary position embedding (RoFormer, arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints: element i turns with
/// element i + headDim/2 by position x theta^(-2i/headDim), after <see cref="Scaling"/>.
/// </summary>
public sealed record RopeConfig
{
    /// <summary>Base of the frequencies.</summary>
    public double Theta { get; init; } = 10000.0;

    /// <summary>How frequencies are stretched for a longer context.</summary>
    public RopeScaling Scaling { get; init; }

    /// <summary>Stretch factor; 1 without scaling.</summary>
    public double Factor { get; init; } = 1.0;

    /// <summary>llama3 only: wavelengths longer than original context over this are stretched whole.</summary>
    public double LowFrequencyFactor { get; init; } = 1.0;

    /// <summary>llama3 only: wavelengths shorter than original context over this stay as they are.</summary>
    public double HighFrequencyFactor { get; init; } = 4.0;

    /// <summary>llama3 only: the context length the model was first trained with.</summary>
    public int OriginalContextLength { get; init; }

    /// <summary>
    /// The angle in radians that each pair turns per position: <paramref name="headDim"/>/2 values, scaling applied. One place for all
    /// engines, so that they rotate alike.
    /// </summary>
    public double[] InverseFrequencies(int headDim)
    {
        var result = new double[headDim / 2];
        for (int i = 0; i < result.Length; i++)
            result[i] = Scale(Math.Pow(Theta, -2.0 * i / headDim));
        return result;
    }

    private double Scale(double frequency)
    {
        if (Scaling == RopeScaling.None) return frequency;
        if (Scaling == RopeScaling.Linear) return frequency / Factor;
        double wavelength = 2 * Math.PI / frequency;
        double longest = OriginalContextLength / LowFrequencyFactor;
        double shortest = OriginalContextLength / HighFrequencyFactor;
        if (wavelength < shortest) return frequency;
        if (wavelength > longest) return frequency / Factor;
        double smooth = (OriginalContextLength / wavelength - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return (1 - smooth) * frequency / Factor + smooth * frequency;
    }
}
