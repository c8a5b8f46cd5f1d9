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
            T? value;
            try
            {
                value = result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                // What cannot be read as a T at all.
                result.AddError($"{option.Name} is '{string.Join(' ', result.Tokens)}'; expected {expected}");
                return;
            }
            if (!holds(value!)) result.AddError($"{option.Name} is {value}; expected {expected}");
        });
    }
}
