using System.Security.Cryptography;
using Atlas.Evaluation.Scoring;
using Atlas.Host.CommandLine;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;

namespace Atlas.Host.Models;

/// <summary>A target and, if there is one, its draft model, loaded on one engine and checked to share a vocabulary.</summary>
internal sealed class ModelPair : IDisposable
{
    private readonly Checkpoint _targetFiles;
    private readonly Checkpoint? _draftFiles;
    private string? _fingerprint;
    private byte[]? _tokenizerHash;

    private ModelPair(Checkpoint targetFiles, Checkpoint? draftFiles, Tokenizer? tokenizer)
    {
        _targetFiles = targetFiles;
        _draftFiles = draftFiles;
        Tokenizer = tokenizer;
    }

    /// <summary>Shape of the target.</summary>
    public ModelConfig Config => _targetFiles.Config;

    /// <summary>Shape of the draft model; null when there is none.</summary>
    public ModelConfig? DraftConfig => _draftFiles?.Config;

    /// <summary>Identifies the target's weights.</summary>
    public string Fingerprint => _fingerprint ?? _targetFiles.Fingerprint;

    /// <summary>
    /// Identifies what learned weights and stored tokens belong to: the target's weights, and the vocabulary that its tokens are ids of.
    /// </summary>
    public string LearningFingerprint => _targetFiles.TokenizerPath is { } path
        ? Convert.ToHexStringLower(SHA256.HashData([.. System.Text.Encoding.ASCII.GetBytes(Fingerprint), .. _tokenizerHash ??= SHA256.HashData(File.ReadAllBytes(path))]))
        : Fingerprint;

    /// <summary>Identifies the draft model's weights; null where there is none.</summary>
    public string? DraftFingerprint => _draftFiles?.Fingerprint;

    /// <summary>The models by their part, for reports that say what ran.</summary>
    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Parts => DraftFingerprint is { } draft
        ? [("target", TargetDirectory, Fingerprint), ("draft", DraftDirectory!, draft)]
        : [("target", TargetDirectory, Fingerprint)];

    /// <summary>Directory of the target.</summary>
    public string TargetDirectory => _targetFiles.Directory;

    /// <summary>Directory of the draft model; null when there is none.</summary>
    public string? DraftDirectory => _draftFiles?.Directory;

    /// <summary>The vocabulary of both; null where the target has no <c>tokenizer.json</c>: then only token ids go in and come out.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The target, once <see cref="Load"/> has been called.</summary>
    public IDecoder Target { get; private set; } = null!;

    /// <summary>The draft model, once <see cref="Load"/> has been called; null when there is none.</summary>
    public IDecoder? Draft { get; private set; }

    /// <summary>Whether there is a draft model.</summary>
    public bool HasDraft => _draftFiles is not null;

    /// <summary>Opens and checks the checkpoints; no weights are read yet.</summary>
    public static ModelPair Open(ModelChoice choice)
    {
        var target = Checkpoint.Open(choice.Target);
        Checkpoint? draft = null;
        try
        {
            draft = choice.Draft is null ? null : Checkpoint.Open(choice.Draft);
            var tokenizer = target.TokenizerPath is { } path ? Tokenizer.Load(path) : null;
            if (tokenizer is not null && tokenizer.VocabularySize > target.Config.VocabularySize)
                throw new UsageException(
                    $"{target.TokenizerPath}: has {tokenizer.VocabularySize} tokens; expected at most {target.Config.VocabularySize}, vocab_size in config.json");
            if (draft is not null) CheckVocabulary(target, draft, tokenizer);
            return new ModelPair(target, draft, tokenizer);
        }
        catch
        {
            draft?.Dispose();
            target.Dispose();
            throw;
        }
    }

    /// <summary>The vocabulary, for what cannot do without text.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public Tokenizer RequireTokenizer() =>
        Tokenizer ?? throw new UsageException($"{TargetDirectory} has no tokenizer.json; expected one beside config.json");

    /// <summary>How held-out tasks become the pair's tokens.</summary>
    /// <param name="maxTokens">Most tokens of a completion.</param>
    public PromptEncoding Encoding(int maxTokens) =>
        new(RequireTokenizer(), Config.EndTokens.Count > 0 ? Config.EndTokens[0] : null, Config.ContextLength, maxTokens, TargetDirectory);

    /// <summary>Loads the weights onto an engine, with caches for <paramref name="options"/>.</summary>
    public void Load(IComputeEngine engine, DecoderOptions options, bool withDraft)
    {
        Target = engine.LoadDecoder(_targetFiles.Config, _targetFiles, options);
        if (withDraft && _draftFiles is not null)
        {
            int context = Math.Min(options.ContextLength, _draftFiles.Config.ContextLength);
            Draft = Engines.ForDraft(engine).LoadDecoder(_draftFiles.Config, _draftFiles, options with { ContextLength = context });
        }
    }

    /// <summary>Gives the loaded target other weights of the same shape; those it has stay where the others do not fit.</summary>
    /// <param name="files">The others; they may be closed afterwards.</param>
    /// <param name="fingerprint">Identifies them from now on.</param>
    /// <exception cref="CheckpointException">They do not fit.</exception>
    public void ReplaceTarget(Checkpoint files, string fingerprint)
    {
        if (!SameShape(files.Config, Config))
            throw new CheckpointException($"{files.Directory}/config.json: describes another model than {TargetDirectory}; expected the same shape");
        Target.ReplaceWeights(files);
        _fingerprint = fingerprint;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Draft?.Dispose();
        Target?.Dispose();
        _draftFiles?.Dispose();
        _targetFiles.Dispose();
    }

    // Where texts end and how long they may be is not the weights' affair.
    private static bool SameShape(ModelConfig one, ModelConfig other) =>
        one.LayerWindows.SequenceEqual(other.LayerWindows)
        && one with { LayerWindows = other.LayerWindows, EndTokens = other.EndTokens, BeginToken = other.BeginToken, ContextLength = other.ContextLength } == other;

    private static void CheckVocabulary(Checkpoint target, Checkpoint draft, Tokenizer? tokenizer)
    {
        if (draft.Config.VocabularySize != target.Config.VocabularySize)
            throw new UsageException(
                $"{draft.Directory}/config.json: vocab_size is {draft.Config.VocabularySize}; expected {target.Config.VocabularySize} as in {target.Directory}");
        // A model without a tokenizer of its own is taken to use the other's.
        if (tokenizer is null || draft.TokenizerPath is not { } path || SameBytes(path, target.TokenizerPath!)) return;
        if (!tokenizer.SameVocabulary(Tokenizer.Load(path), out string difference))
            throw new UsageException($"{path}: the vocabulary differs from that of {target.Directory}: {difference}; expected the same tokens");
    }

    private static bool SameBytes(string a, string b) =>
        new FileInfo(a).Length == new FileInfo(b).Length && File.ReadAllBytes(a).AsSpan().SequenceEqual(File.ReadAllBytes(b));
}
