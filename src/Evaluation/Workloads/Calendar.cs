namespace Atlas.Evaluation.Workloads;

/// <summary>Days and dates. Day names are too few to be entities and stand in both splits; dates are divided.</summary>
internal static class Calendar
{
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>A day of the week.</summary>
    public static string Day(ItemDraw draw) => draw.Pick<string>(Days);

    /// <summary>A day of the year that every year has, such as "12 March".</summary>
    public static string Date(ItemDraw draw) => draw.Entity(d => $"{d.Between(1, 28)} {d.Pick<string>(Months)}");
}
