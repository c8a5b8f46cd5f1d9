using System.CommandLine;

namespace Atlas.Host.CommandLine;

/// <summary>Checks of option values whose messages name the option, the value and what was expected.</summary>
internal static class OptionChecks
{
    public static void MustBe<T>(this Option<T> option, Func<T, bool> holds, string expected)
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any()) return;
            var value = result.GetValueOrDefault<T>();
            if (!holds(value)) result.AddError($"{option.Name} is {value}; expected {expected}");
        });
    }
}
