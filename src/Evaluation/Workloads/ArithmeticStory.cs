namespace Atlas.Evaluation.Workloads;

/// <summary>Something counted whose number changes, told sentence by sentence. Placeholders: the number <c>{n}</c>, a digit <c>{k}</c>.</summary>
/// <param name="Counted">Draws what is counted, <c>{product}</c> in the sentences.</param>
/// <param name="Start">How many there are at first.</param>
/// <param name="Packs">How many there are at first, told as <c>{k}</c> lots of <c>{n}</c>.</param>
/// <param name="More">More come.</param>
/// <param name="Fewer">Some go.</param>
/// <param name="Question">The closing question.</param>
internal sealed record ArithmeticStory(
    Func<ItemDraw, string> Counted, PhraseBook Start, PhraseBook Packs, PhraseBook More, PhraseBook Fewer, PhraseBook Question)
{
    /// <summary>Every story.</summary>
    public static readonly ArithmeticStory[] All =
    [
        new(
            Things.Product,
            new(
                [
                    "A warehouse in {place} holds {n} {product}.", "{person} has {n} {product} in stock.",
                    "On {day} morning the shop had {n} {product}.", "The store of {person} counts {n} {product}.",
                ],
                [
                    "There are {n} {product} in {place}.",
                    "{person} keeps {n} {product} in the shop.",
                    "The stock on {day} was {n} {product}.",
                ]),
            new(
                [
                    "{person} buys {k} crates of {n} {product} each.", "{k} trucks bring {n} {product} each to {place}.",
                    "There are {k} shelves with {n} {product} on each.",
                ],
                ["In {place} there are {k} rooms with {n} {product} in each.", "{person} orders {k} pallets, each with {n} {product}."]),
            new(
                [
                    "Then {n} more arrive.", "{person} brings another {n}.", "A delivery from {place} adds {n}.", "On {day} {n} more come in.",
                    "After that {n} are returned by customers.",
                ],
                ["Later {n} more are delivered.", "{place} sends another {n}.", "On {day} {person} adds {n}."]),
            new(
                [
                    "Then {n} are sold.", "{person} takes {n} away.", "On {day} {n} are shipped to {place}.", "After that {n} turn out broken.",
                    "A customer buys {n} of them.",
                ],
                ["Later {n} are sold to {person}.", "{n} go to {place}.", "On {day} {n} of them are lost."]),
            new(
                ["How many are there now?", "How many {product} are left in the end?", "Give the final number."],
                ["How many {product} are there at the end?", "What is the number now?"])),
        new(
            draw => draw.Pick<string>(["dollars", "euros", "crowns", "francs", "pounds"]),
            new(
                [
                    "The account of {person} shows {n} {product}.", "{person} starts with {n} {product}.", "A fund holds {n} {product}.",
                    "On {day} the balance is {n} {product}.",
                ],
                ["{person} has {n} {product} in the bank.", "The balance of the {place} office is {n} {product}."]),
            new(
                [
                    "{person} earns {n} {product} a week for {k} weeks.",
                    "{k} sponsors give {n} {product} each.",
                    "{k} tickets cost {n} {product} each.",
                ],
                ["For {k} months {person} saves {n} {product} each month.", "{k} guests from {place} pay {n} {product} each."]),
            new(
                [
                    "A refund adds {n}.",
                    "{person} pays in {n}.",
                    "A grant from {place} brings {n}.",
                    "On {day} {n} come in.",
                    "Interest adds {n}.",
                ],
                ["{person} transfers {n} to it.", "On {day} a sale brings {n}.", "{place} pays {n} into it."]),
            new(
                [
                    "The rent takes {n}.",
                    "{person} spends {n}.",
                    "A bill from {place} costs {n}.",
                    "On {day} {n} go out.",
                    "Taxes take {n}.",
                ],
                ["{person} withdraws {n}.", "On {day} a repair costs {n}.", "{n} are paid to {place}."]),
            new(
                ["How many {product} are still there?", "What is the balance now?", "How much is left?"],
                ["What is the final balance?", "How many {product} are left at the end?"])),
        new(
            draw => draw.Pick<string>(["passengers", "visitors", "guests", "readers", "members", "players"]),
            new(
                ["{place} counts {n} {product}.", "On {day} there were {n} {product}.", "The club of {person} has {n} {product}."],
                ["There were {n} {product} in {place}.", "{person} greets {n} {product} on {day}."]),
            new(
                [
                    "{k} trains carry {n} {product} each to {place}.",
                    "{k} halls seat {n} {product} each.",
                    "{k} groups of {n} {product} come on {day}.",
                ],
                ["{k} ships bring {n} {product} each.", "{person} leads {k} tours with {n} {product} on each."]),
            new(
                ["Another {n} join.", "In {place} {n} get on.", "{person} invites {n} more.", "On {day} {n} more sign up."],
                ["Then {n} more come from {place}.", "{n} follow {person} and join.", "On {day} {n} new ones arrive."]),
            new(
                ["Then {n} leave.", "In {place} {n} get off.", "{n} go home with {person}.", "On {day} {n} cancel."],
                ["{n} of them leave for {place}.", "On {day} {n} drop out.", "{person} sends {n} home."]),
            new(
                ["How many {product} are there in the end?", "How many are still there?", "How many does that make?"],
                ["How many {product} remain?", "How many are there after that?"])),
    ];
}
