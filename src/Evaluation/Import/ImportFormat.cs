namespace Atlas.Evaluation.Import;

/// <summary>Shapes of logs that can be turned into traces.</summary>
public enum ImportFormat
{
    /// <summary>Logs of OpenAI-style chat calls, and fine-tuning files: objects with messages.</summary>
    OpenAi,

    /// <summary>ShareGPT: objects with conversations of human and gpt.</summary>
    ShareGpt,

    /// <summary>Plain text files, cut into prompts and completions at line ends.</summary>
    Text,
}
