using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Sums, differences and products by two to five, bare or told as a story of up to three steps. The completion works every step in columns
/// (<see cref="ColumnWork"/>), carries the subtotal on, and ends with the line <c>Answer: </c> and the number, which alone is compared.
/// </summary>
internal sealed class ArithmeticWorkload() : Workload("arithmetic", singleAnswer: true, copyLike: false, AnswerFormat.LastLine)
{
    private const int LeastTaken = 60;
    private const int MostLots = 5;

    private static readonly PhraseBook Bare = PhraseBook.HoldingOut(
        ["Please compute {task}.", "Find {task}.", "What do you get for {task}?", "Work out the value of {task}.", "Solve: {task}"],
        PhraseParts.Join(
            ["", "Please ", "Now ", "Next, please "],
            ["compute ", "work out ", "calculate ", "evaluate ", "find ", "solve ", "give me ", "find the value of ", "work out what is ", "tell me "],
            ["{task}.", "{task}, column by column.", "{task} in columns."]),
        [
            "What is {task}?", "How much is {task}?", "{task} = ?", "Give the value of {task}, step by step.", "Compute: {task}", "Task: {task}",
            "What does {task} give?", "What is the value of {task}?", "What do you get when you work out {task}?", "The task is {task}.",
            "How much do you get for {task}?", "{task}", "Sum: {task}",
        ]);

    private static readonly PhraseBook Closings = PhraseBook.HoldingOut(
        [" Show how you get there.", "\nWrite down every step.", " Give each step.", "\nFinish with a line \"Answer:\"."],
        [""],
        PhraseParts.Join(
            [" ", "\n"],
            [
                "Show the steps.", "Work in columns.", "Show your work, then the answer.", "End with a line \"Answer:\".", "Write the steps.",
                "Please calculate step by step.", "Give all steps.", "Show each step.", "Write down how you get there.", "Show every step.",
                "The last line is \"Answer:\" and the number.", "Close with a line \"Answer:\".", "Give the steps and the answer.",
            ]));

    /// <inheritdoc/>
    protected override (string Prompt, string Completion) Generate(ItemDraw draw)
    {
        bool told = !draw.OneIn(3);
        int steps = draw.Between(1, told && draw.OneIn(3) ? 3 : 2);
        bool packs = draw.OneIn(3);
        var calculations = new (int A, char Operation, int B)[steps];
        int total = packs ? draw.Number(10, 999) : draw.OneIn(3) ? draw.Number(10, 99) : draw.Number(100, 999);
        int start = total;
        for (int i = 0; i < steps; i++)
        {
            char operation = i == 0 && packs ? '*' : draw.OneIn(2) || total < LeastTaken ? '+' : '-';
            int operand = operation switch
            {
                '*' => draw.Between(2, MostLots),
                '+' => draw.OneIn(3) ? draw.Number(10, 99) : draw.Number(100, 999),
                _ => draw.Number(10, Math.Min(total, 999)),
            };
            calculations[i] = (total, operation, operand);
            total = ColumnWork.Apply(total, operation, operand);
        }
        string task = told ? Tell(draw, start, calculations) : PhraseBook.Fill(draw.Phrase(Bare), ("task", Expression(start, calculations)));
        string work = string.Join('\n', calculations.Select(step => ColumnWork.Work(step.A, step.Operation, step.B)));
        return (task + draw.Phrase(Closings), $"{work}\nAnswer: {Text(total)}");
    }

    private static string Expression(int start, (int A, char Operation, int B)[] calculations) =>
        Text(start) + string.Concat(calculations.Select(step => $" {step.Operation} {Text(step.B)}"));

    private static string Tell(ItemDraw draw, int start, (int A, char Operation, int B)[] calculations)
    {
        ArithmeticStory story = draw.Pick<ArithmeticStory>(ArithmeticStory.All);
        string counted = story.Counted(draw);
        bool packs = calculations[0].Operation == '*';
        var sentences = new List<string>
        {
            Sentence(draw, packs ? story.Packs : story.Start, counted, start, packs ? calculations[0].B : 0),
        };
        foreach (var (_, operation, operand) in calculations.AsSpan(packs ? 1 : 0))
            sentences.Add(Sentence(draw, operation == '+' ? story.More : story.Fewer, counted, operand, 0));
        sentences.Add(Sentence(draw, story.Question, counted, 0, 0));
        return string.Join(' ', sentences);
    }

    private static string Sentence(ItemDraw draw, PhraseBook book, string counted, int number, int lots)
    {
        string phrase = draw.Phrase(book);
        return PhraseBook.Fill(
            phrase,
            ("product", counted),
            ("n", Text(number)),
            ("k", Text(lots)),
            ("person", Uses(phrase, "{person}") ? PeopleAndPlaces.Person(draw) : ""),
            ("place", Uses(phrase, "{place}") ? PeopleAndPlaces.Place(draw) : ""),
            ("day", Calendar.Day(draw)));
    }

    private static bool Uses(string phrase, string placeholder) => phrase.Contains(placeholder, StringComparison.Ordinal);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
