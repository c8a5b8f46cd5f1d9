namespace Atlas.Modeling.Training;

/// <summary>Names of an optimizer's moments in a checkpoint, the same for all engines: the tensor's name with a suffix.</summary>
public static class OptimizerTensors
{
    private const string FirstMomentSuffix = ".adam_m";
    private const string SecondMomentSuffix = ".adam_v";

    /// <summary>The running mean of a tensor's gradient.</summary>
    public static string FirstMoment(string tensor) => tensor + FirstMomentSuffix;

    /// <summary>The running mean of its square.</summary>
    public static string SecondMoment(string tensor) => tensor + SecondMomentSuffix;
}
