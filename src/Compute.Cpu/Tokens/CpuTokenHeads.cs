using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>Heads that see tokens alone, for servers that give no hidden states; they need neither a decoder nor the engine's threads.</summary>
public sealed class CpuTokenHeads : IHeadFactory
{
    private readonly TokenHeadConfig _config;

    /// <summary>Heads of one shape.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="vocabularySize">The target's vocabulary, at most <see cref="TokenHeadConfig.MostTokens"/>.</param>
    /// <exception cref="ArgumentException">Shape or vocabulary are out of range.</exception>
    public CpuTokenHeads(TokenHeadConfig config, int vocabularySize)
    {
        config.Validate();
        if (vocabularySize is < 1 or > TokenHeadConfig.MostTokens)
            throw new ArgumentException($"a vocabulary of {vocabularySize} tokens; expected 1 to {TokenHeadConfig.MostTokens}", nameof(vocabularySize));
        _config = config;
        VocabularySize = vocabularySize;
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int StateWidth => _config.ContextLength;

    /// <inheritdoc/>
    public int HotVocabularySize => 0;

    /// <inheritdoc/>
    public int MaxRows => _config.MaxRows;

    /// <inheritdoc/>
    public long LearnerBytes => 5 * SuccessorTable.Bytes(_config.Orders, _config.Contexts) + 12L * _config.MaxRows * _config.ContextLength * 4;

    /// <inheritdoc/>
    public ITrainableHead Create(IWeightSource? initial, ulong seed) => new CpuTokenHead(_config, VocabularySize, initial);
}
