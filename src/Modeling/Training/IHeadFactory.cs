namespace Atlas.Modeling.Training;

/// <summary>
/// Makes heads of one kind and shape, and says what who trains and drafts with them must know: over a target's hidden states
/// (<see cref="TargetHeads"/>), or over tokens alone.
/// </summary>
public interface IHeadFactory
{
    /// <summary>The target's full vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>Values of a state.</summary>
    int StateWidth { get; }

    /// <summary>Most tokens of a hot vocabulary; 0 where heads need none.</summary>
    int HotVocabularySize { get; }

    /// <summary>Most rows in one forward.</summary>
    int MaxRows { get; }

    /// <summary>Bytes that learning takes for one namespace: the learner's head, those of published versions, and their copies.</summary>
    long LearnerBytes { get; }

    /// <summary>A new head.</summary>
    /// <param name="initial">Its weights; null gives those that an untrained head has.</param>
    /// <param name="seed">Seed of random ones, where there are any.</param>
    /// <exception cref="CheckpointException">The weights are of another shape.</exception>
    ITrainableHead Create(IWeightSource? initial, ulong seed);
}
