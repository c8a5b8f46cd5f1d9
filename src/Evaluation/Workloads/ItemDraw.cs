using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// The random choices of one item: words, phrases and entities of the item's split, with a record of the phrases and entities used.
/// Entities of one item differ from each other, so an answer can name each without doubt.
/// </summary>
internal sealed class ItemDraw(Split split, ulong seed, ulong stream, long index)
{
    private const int Attempts = 10_000;

    private readonly List<string> _entities = [];
    private readonly List<string> _phrases = [];
    private SplitMix64 _random = new(seed, stream, (ulong)split, (ulong)index);

    /// <summary>What was drawn by <see cref="Entity"/> so far, in order.</summary>
    public IReadOnlyList<string> Entities => _entities;

    /// <summary>What was drawn by <see cref="Phrase"/> so far, in order.</summary>
    public IReadOnlyList<string> Phrases => _phrases;

    /// <summary>A value in <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + _random.Below(high - low + 1);

    /// <summary>True once in <paramref name="times"/> draws.</summary>
    public bool OneIn(int times) => _random.Below(times) == 0;

    /// <summary>One of the choices, all equally likely.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[_random.Below(choices.Length)];

    /// <summary>Some of the choices in random order, none twice.</summary>
    public T[] Some<T>(ReadOnlySpan<T> choices, int count)
    {
        T[] shuffled = choices.ToArray();
        for (int i = 0; i < count; i++)
        {
            int j = i + _random.Below(shuffled.Length - i);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        return shuffled[..count];
    }

    /// <summary>A phrase of the item's split.</summary>
    public string Phrase(PhraseBook book)
    {
        string phrase = Pick(book.Of(split));
        _phrases.Add(phrase);
        return phrase;
    }

    /// <summary>
    /// Draws candidates until one belongs to the item's split and was not drawn for the item before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The candidates hold (almost) none such: a mistake in a word list.</exception>
    public string Entity(Func<ItemDraw, string> candidate)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            string entity = candidate(this);
            if (Partition.Of(entity) == split && !_entities.Contains(entity))
            {
                _entities.Add(entity);
                return entity;
            }
        }
        throw new InvalidOperationException($"No entity of the {split} split in {Attempts} draws; its word lists are too short.");
    }

    /// <summary>A number in <paramref name="low"/> to <paramref name="high"/>, both included, as an entity in decimal digits.</summary>
    public int Number(int low, int high) =>
        int.Parse(Entity(draw => draw.Between(low, high).ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
