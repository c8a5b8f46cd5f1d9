namespace Atlas.Host.Tests.Running;

/// <summary>How much of a long campaign runs: a tenth, or all of it where <c>ATLAS_CAMPAIGN=full</c> is set. The seed is the same.</summary>
internal static class Campaign
{
    /// <summary>Seed of every campaign's random numbers.</summary>
    public const int Seed = 20_261_122;

    /// <summary>Whether all of it runs.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("ATLAS_CAMPAIGN") == "full";

    /// <summary>Of so many runs, those that are done now.</summary>
    public static int Of(int whole) => IsFull ? whole : whole / 10;
}
