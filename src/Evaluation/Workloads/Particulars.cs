using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>What forms and letters hold beside names: companies, streets, telephone numbers, times of the day, prices, versions.</summary>
internal static class Particulars
{
    private static readonly string[] Firsts =
    [
        "Acorn", "Anchor", "Apex", "Arrow", "Aspen", "Atlantic", "Aurora", "Beacon", "Bluebird", "Boulder", "Bridge", "Capital", "Cascade",
        "Central", "Comet", "Compass", "Condor", "Coral", "Crescent", "Crown", "Delta", "Eagle", "Ember", "Evergreen", "Falcon", "Forest",
        "Frontier", "Galaxy", "Granite", "Harbor", "Horizon", "Juniper", "Keystone", "Lantern", "Liberty", "Lotus", "Meridian", "Mosaic",
        "Northern", "Nova", "Oasis", "Orbit", "Orion", "Pacific", "Phoenix", "Pioneer", "Polar", "Prairie", "Quantum", "Ridge", "River",
        "Sapphire", "Sierra", "Summit", "Sunrise", "Titan", "Union", "Valley", "Vector", "Zenith",
    ];

    private static readonly string[] Trades =
    [
        "Airlines", "Analytics", "Bakery", "Bank", "Books", "Builders", "Cargo", "Catering", "Chemicals", "Clinic", "Consulting", "Couriers",
        "Dairy", "Design", "Electric", "Energy", "Express", "Farms", "Finance", "Foods", "Freight", "Furniture", "Gardens", "Health",
        "Hotels", "Insurance", "Labs", "Legal", "Logistics", "Machines", "Marine", "Media", "Mining", "Motors", "Networks", "Optics",
        "Packaging", "Pharmacy", "Plumbing", "Press", "Printing", "Rail", "Robotics", "Security", "Software", "Solar", "Sports", "Steel",
        "Studios", "Systems", "Textiles", "Tools", "Toys", "Trading", "Transport", "Travel", "Utilities", "Ventures", "Wines", "Works",
    ];

    private static readonly string[] Streets =
    [
        "Abbey", "Baker", "Bath", "Beech", "Bell", "Bond", "Canal", "Chapel", "Church", "Clay", "College", "Court", "Dean", "Duke", "Elm",
        "Ferry", "Field", "Garden", "Gate", "George", "Green", "Grove", "Hill", "Hope", "Jubilee", "King", "Lime", "Maple", "Market",
        "Meadow", "Mill", "Moss", "Oak", "Orchard", "Palace", "Park", "Pearl", "Poplar", "Queen", "River", "Rose", "School", "Silver",
        "Spring", "Station", "Swan", "Temple", "Tower", "Union", "Vine", "Wall", "Water", "Well", "Windmill",
    ];

    private static readonly string[] StreetKinds = ["Street", "Road", "Lane", "Avenue", "Square", "Way"];

    private static readonly string[] Positions =
    [
        "accountant", "analyst", "architect", "assistant", "auditor", "buyer", "chemist", "clerk", "controller", "designer", "developer",
        "director", "driver", "editor", "engineer", "inspector", "instructor", "librarian", "manager", "mechanic", "nurse", "operator",
        "pharmacist", "planner", "programmer", "recruiter", "researcher", "technician", "tester", "translator", "writer",
    ];

    private static readonly string[] Ranks =
        ["assistant", "chief", "deputy", "field", "interim", "junior", "lead", "night", "regional", "senior", "site", "staff", "trainee"];

    /// <summary>A company, such as "Harbor Freight".</summary>
    public static string Company(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Firsts)} {d.Pick<string>(Trades)}");

    /// <summary>A street with a house number, such as "27 Mill Lane".</summary>
    public static string Street(ItemDraw draw) =>
        draw.Entity(d => $"{d.Between(1, 180)} {d.Pick<string>(Streets)} {d.Pick<string>(StreetKinds)}");

    /// <summary>A job, such as "senior nurse".</summary>
    public static string Position(ItemDraw draw) => draw.Entity(d => $"{d.Pick<string>(Ranks)} {d.Pick<string>(Positions)}");

    /// <summary>A telephone number of three and four digits.</summary>
    public static string Phone(ItemDraw draw) => draw.Entity(d => $"{d.Between(200, 999)}-{d.Between(1000, 9999)}");

    /// <summary>A time of the day, such as "14:35".</summary>
    public static string Time(ItemDraw draw) => draw.Entity(d => $"{d.Between(6, 22)}:{d.Between(0, 59):00}");

    /// <summary>A price with cents, such as "418.50", at least 10.</summary>
    public static string Price(ItemDraw draw) => draw.Entity(d => $"{d.Between(10, 4999)}.{d.Between(0, 99):00}");

    /// <summary>A version of three parts.</summary>
    public static string Version(ItemDraw draw) => draw.Entity(d => $"{d.Between(1, 19)}.{d.Between(0, 19)}.{d.Between(0, 99)}");

    /// <summary>A serial number: a letter, a hyphen and six digits.</summary>
    public static string Serial(ItemDraw draw) => draw.Entity(d => $"{(char)('A' + d.Between(0, 25))}-{d.Between(100_000, 999_999)}");

    /// <summary>A count of two to four digits.</summary>
    public static string Count(ItemDraw draw) => draw.Number(10, 1999).ToString(CultureInfo.InvariantCulture);
}
