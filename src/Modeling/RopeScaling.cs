namespace Atlas.Modeling;

/// <summary>How rotary frequencies are stretched beyond the context a model was first trained with.</summary>
public enum RopeScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All frequencies divided by the factor (position interpolation, arXiv 2306.15595).</summary>
    Linear,

    /// <summary>Low frequencies divided by the factor, high ones kept, a smooth ramp between (Llama 3.1).</summary>
    Llama3,
}
