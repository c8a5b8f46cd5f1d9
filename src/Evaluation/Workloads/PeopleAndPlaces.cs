namespace Atlas.Evaluation.Workloads;

/// <summary>Names of persons and towns, each of two words.</summary>
internal static class PeopleAndPlaces
{
    private static readonly string[] FirstNames =
    [
        "Ada", "Alan", "Amir", "Anna", "Arthur", "Bella", "Boris", "Carla", "Cecil", "Clara", "Daniel", "Dora", "Edgar", "Elena", "Emil",
        "Erik", "Eva", "Felix", "Fiona", "Frank", "Gina", "Grace", "Hanna", "Harold", "Helen", "Hugo", "Ida", "Igor", "Irene", "Ivan",
        "Jack", "Jane", "Jonas", "Julia", "Karl", "Kate", "Kira", "Lara", "Laura", "Leo", "Lily", "Louis", "Lucas", "Maria", "Martin",
        "Maya", "Mila", "Mira", "Nadia", "Nils", "Nina", "Noah", "Nora", "Olga", "Oliver", "Omar", "Oscar", "Otto", "Paul", "Petra",
        "Philip", "Rachel", "Ralph", "Rosa", "Ruth", "Samuel", "Sara", "Simon", "Sofia", "Stella", "Theo", "Thomas", "Tina", "Vera",
        "Victor", "Walter", "Wanda", "Yara", "Zoe", "Zora",
    ];

    private static readonly string[] LastNames =
    [
        "Abbott", "Adler", "Baker", "Barnes", "Bauer", "Becker", "Bell", "Berg", "Bishop", "Blake", "Brandt", "Brook", "Carter", "Chen",
        "Clark", "Cole", "Cooper", "Costa", "Cruz", "Dalton", "Dean", "Diaz", "Dixon", "Ellis", "Evans", "Fischer", "Fleming", "Ford",
        "Foster", "Garcia", "Gibson", "Grant", "Gray", "Hale", "Harper", "Hayes", "Hill", "Holt", "Hunter", "Ivanov", "Jensen", "Kane",
        "Keller", "Khan", "King", "Klein", "Lambert", "Lang", "Larsen", "Lee", "Lopez", "Marsh", "Mason", "Meyer", "Miller", "Moreno",
        "Murphy", "Nash", "Novak", "Olsen", "Palmer", "Parker", "Patel", "Porter", "Quinn", "Reed", "Rossi", "Sanders", "Sato", "Silva",
        "Singh", "Stone", "Tanaka", "Turner", "Vogel", "Wagner", "Walsh", "Weber", "Wolf", "Young",
    ];

    private static readonly string[] PlaceKinds =
    [
        "Bay", "Castle", "East", "Fort", "Grand", "Great", "High", "Lake", "Little", "Lower", "Mount", "New", "North", "Old", "Point",
        "Port", "Saint", "South", "Upper", "West",
    ];

    private static readonly string[] PlaceNames =
    [
        "Alder", "Ashby", "Avon", "Birch", "Bramley", "Calder", "Cedar", "Clifton", "Corby", "Dover", "Elm", "Farley", "Fenwick",
        "Garnet", "Glen", "Haven", "Heather", "Holly", "Kendal", "Laurel", "Linden", "Maple", "Marlow", "Milton", "Norton", "Orchard",
        "Oxley", "Pine", "Preston", "Quarry", "Raven", "Redford", "Rowan", "Salem", "Selby", "Shelby", "Sutton", "Thorn", "Walden",
        "Willow",
    ];

    private static readonly string[] MailDomains = ["com", "net", "org"];

    /// <summary>A person: first and last name.</summary>
    public static string Person(ItemDraw draw) =>
        draw.Entity(d => $"{d.Pick<string>(FirstNames)} {d.Pick<string>(LastNames)}");

    /// <summary>A mail address in the manner of "mila.olsen@cedar.org"; person and domain are drawn together.</summary>
    public static string Email(ItemDraw draw) => draw.Entity(d =>
    {
        string person = $"{d.Pick<string>(FirstNames)}.{d.Pick<string>(LastNames)}";
        return $"{person}@{d.Pick<string>(PlaceNames)}.{d.Pick<string>(MailDomains)}".ToLowerInvariant();
    });

    /// <summary>A town of two words.</summary>
    public static string Place(ItemDraw draw) =>
        draw.Entity(d => $"{d.Pick<string>(PlaceKinds)} {d.Pick<string>(PlaceNames)}");
}
