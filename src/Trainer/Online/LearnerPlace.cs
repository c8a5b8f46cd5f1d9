namespace Atlas.Trainer.Online;

/// <summary>A place among the learners.</summary>
/// <param name="name">The namespace that has it.</param>
/// <param name="since">Tokens of all namespaces that had come when it got it.</param>
internal sealed class LearnerPlace(string name, long since)
{
    /// <summary>The namespace that has it.</summary>
    public string Name { get; } = name;

    /// <summary>Tokens of all namespaces that had come when it got it.</summary>
    public long Since { get; } = since;

    /// <summary>When its traffic last came, as the options' clock has it.</summary>
    public long LastUse { get; set; }
}
