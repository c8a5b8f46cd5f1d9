namespace Atlas.Evaluation.Workloads;

/// <summary>A kind of short text with named fields in it.</summary>
/// <param name="Fields">Each field's name and how its value is drawn.</param>
/// <param name="Texts">Ways to write the record; each holds every field as a placeholder.</param>
internal sealed record RecordKind((string Name, Func<ItemDraw, string> Value)[] Fields, PhraseBook Texts)
{
    /// <summary>Every kind of record.</summary>
    public static readonly RecordKind[] Kinds =
    [
        new(
            [
                ("name", PeopleAndPlaces.Person), ("city", PeopleAndPlaces.Place), ("item", Things.Product),
                ("count", Count), ("code", Things.Code),
            ],
            new(
                [
                    "{name} from {city} ordered {count} {item}. The order code is {code}.",
                    "Order {code}: {count} {item} for {name}, {city}.",
                    "We ship {count} {item} to {name} in {city} under code {code}.",
                    "Dear team, {name} wants {count} {item} sent to {city}. Use code {code}.",
                    "Code {code} was paid by {name}. Please send the {count} {item} to {city}.",
                    "In {city}, {name} picked up {count} {item} with code {code}.",
                ],
                [
                    "{name} in {city} bought {count} {item} under code {code}.",
                    "Please send {count} {item} to {city}. They are for {name}, order {code}.",
                    "Order {code} was paid: {name} wants the {count} {item} in {city}.",
                ])),
        new(
            [
                ("name", PeopleAndPlaces.Person), ("topic", Things.Subject), ("day", Calendar.Day),
                ("date", Calendar.Date), ("city", PeopleAndPlaces.Place),
            ],
            new(
                [
                    "{name} will lead the {topic} on {day}, {date}, in {city}.",
                    "The {topic} is on {day}, {date}. It takes place in {city} and {name} is the host.",
                    "Please note: {topic} in {city} on {day} {date}, with {name}.",
                    "On {day}, {date}, {name} travels to {city} for the {topic}.",
                    "Hello {name}, the {topic} was moved to {day}, {date}, in {city}.",
                    "{city}, {date}. The {topic} by {name} starts on {day}.",
                ],
                [
                    "{name} is the host of the {topic} in {city} on {day}, {date}.",
                    "Hello, the {topic} takes place on {day}, {date}, in {city}, with {name}.",
                    "On {day} the {topic} starts in {city}. {name} will lead it. Date: {date}.",
                ])),
        new(
            [
                ("client", PeopleAndPlaces.Person), ("amount", Amount), ("due", Calendar.Date), ("code", Things.Code),
                ("item", Things.Product),
            ],
            new(
                [
                    "Invoice {code} for {client}: {item}, {amount} dollars, due {due}.",
                    "{client} owes {amount} dollars for {item} by {due}. Invoice {code}.",
                    "The bill {code} of {amount} dollars was sent to {client} for the {item}. It is due {due}.",
                    "By {due}, {client} must pay {amount} dollars. See {code} for the {item}.",
                    "For the {item} we charge {amount} dollars to {client}, due {due}, number {code}.",
                    "Due {due}: {amount} dollars from {client}, bill {code}, {item}.",
                ],
                [
                    "{client} must pay {amount} dollars by {due} for the {item}, bill {code}.",
                    "Invoice {code} of {amount} dollars for {item} was sent to {client}. Due {due}.",
                    "Due {due} from {client}: {amount} dollars for {item}. See invoice {code}.",
                ])),
        new(
            [
                ("sender", PeopleAndPlaces.Person), ("receiver", PeopleAndPlaces.Person), ("from", PeopleAndPlaces.Place),
                ("to", PeopleAndPlaces.Place), ("weight", Count),
            ],
            new(
                [
                    "A parcel of {weight} kg goes from {sender} in {from} to {receiver} in {to}.",
                    "{sender} sends {weight} kg from {from} to {to}. {receiver} will pick it up.",
                    "Parcel for {receiver}, {to}. Weight {weight} kg. Sent by {sender}, {from}.",
                    "{receiver} in {to} waits for {weight} kg from {sender} in {from}.",
                    "From {from} to {to}: {weight} kg, sent by {sender} for {receiver}.",
                ],
                [
                    "{sender} in {from} sends a parcel of {weight} kg to {receiver} in {to}.",
                    "A parcel for {receiver} goes from {from} to {to}. {sender} sent it, weight {weight} kg.",
                ])),
    ];

    private static string Count(ItemDraw draw) => Text(draw.Number(10, 999));

    private static string Amount(ItemDraw draw) => Text(draw.Number(100, 9999));

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
