namespace Atlas.Evaluation.Workloads;

/// <summary>How a completion is compared with the expected one.</summary>
public enum AnswerFormat
{
    /// <summary>Equal text, white space at both ends left aside.</summary>
    Text = 0,

    /// <summary>Equal JSON values: the order of an object's members and the white space between tokens do not count.</summary>
    Json = 1,

    /// <summary>
    /// Equal last lines: the answer stands there, and the work above it may differ. White space at both ends is left aside.
    /// </summary>
    LastLine = 2,
}
