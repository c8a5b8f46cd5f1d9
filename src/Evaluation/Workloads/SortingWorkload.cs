using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Numbers to be put in order, smallest or largest first; the completion lists them. Small, with an answer that a program can check, for
/// experiments with policy gradients.
/// </summary>
internal sealed class SortingWorkload() : Workload("sorting", singleAnswer: true, copyLike: true, AnswerFormat.Text)
{
    private static readonly PhraseBook Rising = new(
        [
            "Sort these numbers, smallest first: {list}",
            "Put in ascending order: {list}",
            "{list}\nSort from low to high.",
            "Rank upwards: {list}",
        ],
        ["Order from smallest to largest: {list}", "{list}\nList these in ascending order."]);

    private static readonly PhraseBook Falling = new(
        [
            "Sort these numbers, largest first: {list}",
            "Put in descending order: {list}",
            "{list}\nSort from high to low.",
            "Rank downwards: {list}",
        ],
        ["Order from largest to smallest: {list}", "{list}\nList these in descending order."]);

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        int[] numbers = new int[draw.Between(4, 9)];
        int most = draw.OneIn(2) ? 99 : 999;
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = draw.Number(10, most);
        bool rising = draw.OneIn(2);
        string prompt = PhraseBook.Fill(draw.Phrase(rising ? Rising : Falling), ("list", List(numbers)));
        Array.Sort(numbers);
        if (!rising)
            Array.Reverse(numbers);
        return (prompt, List(numbers));
    }

    private static string List(int[] numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
