using Atlas.Controller.Drift;

namespace Atlas.Controller.Tests.Drift;

/// <summary>
/// Alarms of drift tests on acceptance streams: requests of 30 drafts that differ in difficulty, with an abrupt change in the middle.
/// </summary>
internal static class DriftComparison
{
    private const int Drafts = 6400;

    /// <summary>False alarms per thousand drafts, and drafts until a change from one acceptance to another is noticed (all of them if never).</summary>
    /// <param name="make">A new test.</param>
    /// <param name="block">Drafts whose mean is one number to the test.</param>
    /// <param name="before">Mean acceptance of the first half.</param>
    /// <param name="after">Mean acceptance of the second half.</param>
    private static (double False, double Delay) Score(Func<Func<double, bool>> make, int block, double before, double after)
    {
        int alarms = 0;
        double delay = 0;
        const int runs = 40;
        for (int run = 0; run < runs; run++)
        {
            var random = new Random(100 + run);
            var test = make();
            int noticed = Drafts;
            double difficulty = 0, sum = 0;
            for (int draft = 0; draft < 2 * Drafts; draft++)
            {
                if (draft % 30 == 0) difficulty = 0.3 * random.NextDouble() - 0.15;
                sum += random.NextDouble() < (draft < Drafts ? before : after) + difficulty ? 1 : 0;
                if (draft % block != block - 1) continue;
                bool alarm = test(sum / block);
                sum = 0;
                if (!alarm) continue;
                if (draft < Drafts) alarms++;
                else noticed = Math.Min(noticed, draft - Drafts + 1);
            }
            delay += noticed;
        }
        return (1000.0 * alarms / (runs * Drafts), delay / runs);
    }

    /// <summary>ADWIN on single drafts, with the confidence at which it raises as few false alarms as the other.</summary>
    public static (double False, double Delay) Adwin(double before, double after) => Score(() => new AdaptiveWindow(1e-5).Add, 1, before, after);

    /// <summary>Page-Hinkley on blocks of eight drafts, as the controller uses it.</summary>
    public static (double False, double Delay) PageHinkley(double before, double after) => Score(() => new PageHinkley(0.1, 2).Add, 8, before, after);
}
