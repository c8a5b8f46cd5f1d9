namespace Atlas.Protocol.Messages;

/// <summary>How the numbers of hidden states are laid out, little-endian.</summary>
public enum HiddenType
{
    /// <summary>IEEE 754 single precision, <c>f32</c> on the wire.</summary>
    F32 = 0,

    /// <summary>IEEE 754 half precision, <c>f16</c>.</summary>
    F16 = 1,

    /// <summary>The upper half of a single, <c>bf16</c>.</summary>
    BF16 = 2,
}
