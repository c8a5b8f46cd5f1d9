namespace Atlas.Evaluation.Reports;

/// <summary>What kind of event a <see cref="Marker"/> stands for.</summary>
public enum MarkerKind
{
    /// <summary>A version was published.</summary>
    Published,

    /// <summary>A version was rolled back.</summary>
    RolledBack,

    /// <summary>The traffic changed, as a test noticed.</summary>
    Drift,
}
