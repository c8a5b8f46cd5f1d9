using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Refuses batches that do not fit a model before anything is computed.</summary>
internal static class BatchCheck
{
    /// <summary>Throws with one line that says what is wrong.</summary>
    public static void Throw(TokenBatch batch, ModelConfig config)
    {
        if (batch.Targets.Length != batch.Tokens.Length)
            throw new ArgumentException($"{batch.Targets.Length} targets for {batch.Tokens.Length} tokens", nameof(batch));
        if (batch.Tokens.Length == 0) throw new ArgumentException("the batch is empty", nameof(batch));
        if (batch.Continues.Length > 0 && batch.Continues.Length != batch.Lengths.Length)
            throw new ArgumentException($"{batch.Continues.Length} of {batch.Lengths.Length} sequences say whether they continue another", nameof(batch));
        if (batch.Continues is [true, ..]) throw new ArgumentException("sequence 0 continues another, but is the first", nameof(batch));
        long total = 0;
        int trunk = 0;
        for (int i = 0; i < batch.Lengths.Length; i++)
        {
            bool continues = batch.IsContinuation(i);
            int before = continues ? trunk : 0;
            if (batch.Lengths[i] < 1 || batch.Lengths[i] > config.ContextLength - before)
                throw new ArgumentException(
                    $"sequence {i} has {batch.Lengths[i]} tokens, expected 1 to {config.ContextLength - before}", nameof(batch));
            if (!continues) trunk = batch.Lengths[i];
            total += batch.Lengths[i];
        }
        if (total != batch.Tokens.Length)
            throw new ArgumentException($"lengths add up to {total}, but there are {batch.Tokens.Length} tokens", nameof(batch));
        for (int i = 0; i < batch.Tokens.Length; i++)
        {
            if ((uint)batch.Tokens[i] >= (uint)config.VocabularySize)
                throw new ArgumentException($"token {batch.Tokens[i]} at {i} is outside the vocabulary of {config.VocabularySize}", nameof(batch));
            if (batch.Targets[i] < -1 || batch.Targets[i] >= config.VocabularySize)
                throw new ArgumentException(
                    $"target {batch.Targets[i]} at {i} is outside the vocabulary of {config.VocabularySize}", nameof(batch));
        }
    }
}
