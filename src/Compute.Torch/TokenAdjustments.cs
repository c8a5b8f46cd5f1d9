using Atlas.Core.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Changes the logits of single tokens on the device: bias and penalties. The host sends only those tokens.</summary>
internal static class TokenAdjustments
{
    /// <summary>Adds each spec's logit bias to its row, in place.</summary>
    public static void ApplyBias(Tensor logits, TokenColumns columns, ReadOnlySpan<SampleSpec> specs)
    {
        long width = logits.shape[1];
        var cells = new List<long>();
        var values = new List<float>();
        for (int i = 0; i < specs.Length; i++)
            foreach (var (token, value) in specs[i].State.Options.LogitBias ?? EmptyBias)
            {
                int column = columns.IndexOf(token);
                if (column < 0) continue;
                cells.Add(i * width + column);
                values.Add(value);
            }
        if (cells.Count == 0) return;
        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(cells.ToArray()).to(logits.device);
        var flat = logits.view(-1);
        flat.index_copy_(0, index, flat.index_select(0, index).PlusInPlace(torch.tensor(values.ToArray()).to(logits.device)));
    }

    /// <summary>
    /// Applies each spec's penalties to its row, in place: repetition to every token of prompt, output and path, presence and frequency to
    /// those of output and path.
    /// </summary>
    public static void ApplyPenalties(Tensor logits, TokenColumns columns, SampleBatch batch)
    {
        long width = logits.shape[1];
        var cells = new List<long>();
        var repetition = new List<float>();
        var subtracted = new List<float>();
        var outputs = new Dictionary<int, int>();
        for (int i = 0; i < batch.Specs.Length; i++)
        {
            var options = batch.Specs[i].State.Options;
            if (!options.HasPenalties) continue;
            Count(batch.Specs[i].State.Counts, batch.Path(batch.Specs[i]), outputs);
            foreach (var (token, times) in outputs)
            {
                int column = columns.IndexOf(token);
                if (column < 0) continue;
                cells.Add(i * width + column);
                repetition.Add(options.RepetitionPenalty);
                subtracted.Add(times > 0 ? options.PresencePenalty + times * options.FrequencyPenalty : 0f);
            }
        }
        if (cells.Count == 0) return;
        using var scope = torch.NewDisposeScope();
        var device = logits.device;
        var index = torch.tensor(cells.ToArray()).to(device);
        var factor = torch.tensor(repetition.ToArray()).to(device);
        var flat = logits.view(-1);
        var old = flat.index_select(0, index);
        var scaled = torch.where(old.IsAbove(0f), old.div(factor), old.mul(factor));
        flat.index_copy_(0, index, scaled.sub_(torch.tensor(subtracted.ToArray()).to(device)));
    }

    private static IReadOnlyDictionary<int, float> EmptyBias { get; } = new Dictionary<int, float>();

    // Times each token of prompt, output and path is in output and path.
    private static void Count(TokenCounts counts, ReadOnlySpan<int> path, Dictionary<int, int> outputs)
    {
        outputs.Clear();
        for (int slot = 0; slot < counts.Slots; slot++)
            if (counts.TryGet(slot, out int token, out int times))
                outputs[token] = times;
        foreach (int token in path) outputs[token] = outputs.GetValueOrDefault(token) + 1;
    }
}
