namespace Atlas.Evaluation.Workloads;

/// <summary>What an instruction asks to be changed in a function.</summary>
internal enum EditKind
{
    /// <summary>A function, parameter or variable gets another name, everywhere.</summary>
    Rename = 0,

    /// <summary>A number changes.</summary>
    Constant = 1,

    /// <summary>A text in quotes changes.</summary>
    Message = 2,

    /// <summary>An arithmetic operator changes.</summary>
    Operator = 3,

    /// <summary>A third parameter is added.</summary>
    Parameter = 4,

    /// <summary>A line that only calls a function is deleted.</summary>
    Deletion = 5,
}
