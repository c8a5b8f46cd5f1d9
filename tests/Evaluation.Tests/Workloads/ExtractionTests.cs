using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class ExtractionTests
{
    [Fact]
    public void Values_stand_in_the_text_and_fields_come_as_asked()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("extraction", 3_000))
        {
            string[][] lines = [.. item.Completion.Split('\n').Select(line => line.Split(": ", 2))];
            Assert.InRange(lines.Length, 4, 7);
            Assert.Equal(lines.Length, lines.Select(line => line[0]).Distinct().Count());
            string fields = string.Join(", ", lines.Select(line => line[0]));
            Assert.Contains(fields, item.Prompt);
            string text = item.Prompt.Replace(fields, "", StringComparison.Ordinal);
            Assert.All(lines, line => Assert.Contains(line[1], text));
        }
    }

    // Reads the sentence back by the phrase that it was made from.
    [Fact]
    public void A_field_has_the_value_that_its_sentence_gives_it()
    {
        int read = 0;
        foreach (WorkloadItem item in WorkloadItems.Of("extraction", 3_000))
        {
            var values = item.Completion.Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1]);
            foreach (string phrase in item.Phrases.Where(phrase => phrase.Contains('{') && !phrase.Contains("{text}", StringComparison.Ordinal)))
            {
                var stated = PhraseReader.Find(phrase, item.Prompt);
                foreach (var (field, value) in stated.Where(field => values.ContainsKey(field.Key)))
                {
                    Assert.Equal(values[field], value);
                    read++;
                }
            }
        }
        Assert.True(read > 12_000, $"Only {read} fields were read back.");
    }
}
