using System.CommandLine;

namespace Atlas.Host.CommandLine;

/// <summary>Options that are a whole number from some least value on.</summary>
internal static class WholeNumber
{
    public static Option<int> Option(string name, int value, int least, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.MustBe(n => n >= least, $"{least} or more");
        return option;
    }
}
