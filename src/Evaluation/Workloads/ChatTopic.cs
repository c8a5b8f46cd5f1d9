using System.Globalization;

namespace Atlas.Evaluation.Workloads;

/// <summary>Something people chat about: the facts, notes of them, and what can be asked of an assistant who has read the notes.</summary>
/// <param name="Facts">Each fact's name and how its value is drawn.</param>
/// <param name="Notes">Ways to note the facts down, each holding all of them.</param>
/// <param name="Tasks">Requests (phrases without facts) and good answers, of which any may come.</param>
internal sealed record ChatTopic(
    (string Name, Func<ItemDraw, string> Value)[] Facts, PhraseBook Notes, (PhraseBook Requests, string[] Answers)[] Tasks)
{
    /// <summary>Every topic.</summary>
    public static readonly ChatTopic[] All =
    [
        new(
            [
                ("name", PeopleAndPlaces.Person), ("topic", Things.Subject), ("day", Calendar.Day), ("hour", Hour),
                ("city", PeopleAndPlaces.Place),
            ],
            new(
                [
                    "{topic}, {day} {hour}, {city}, host {name}",
                    "host: {name}\nwhat: {topic}\nwhere: {city}\nwhen: {day} {hour}",
                    "{name} does the {topic} on {day}, {hour}, in {city}.",
                    "On {day} at {hour} we have the {topic} in {city}, run by {name}.",
                    "{city}, {day}, {hour}: {topic} by {name}.",
                ],
                [
                    "{name} hosts the {topic}: {day}, {hour}, {city}",
                    "what: {topic}\nhost: {name}\nwhen: {day} {hour}\nwhere: {city}",
                    "In {city} on {day}, {hour}, there is the {topic} by {name}.",
                    "{day}, {hour}: {name} on the {topic}, {city}.",
                    "We meet in {city}, {day} {hour}. {name} does the {topic}.",
                ]),
            [
                (new(
                    ["Make a formal invitation of it.", "Write this as a formal invitation.", "I need a formal invitation."],
                    ["Turn it into a formal invitation.", "Please write a formal invitation."]),
                    [
                        "We kindly invite you to the {topic} in {city} on {day} at {hour}. Your host will be {name}.",
                        "You are invited to the {topic}. {name} welcomes you in {city} on {day} at {hour}.",
                    ]),
                (new(
                    ["Say it in a casual way.", "Make it sound casual.", "Rewrite it for my friends."],
                    ["Make it casual, for my friends.", "Rewrite it in a casual way."]),
                    [
                        "Hey, {name} runs the {topic} on {day} at {hour}. See you in {city}!",
                        "Hi all! {day}, {hour}, {city}: {topic} with {name}. Who comes along?",
                    ]),
                (new(
                    ["Put it in the past tense.", "Write it as if it was over.", "It is over now. Rewrite it."],
                    ["Rewrite it in the past tense.", "Write it in the past tense, it is over."]),
                    [
                        "On {day} at {hour}, {name} held the {topic} in {city}.",
                        "The {topic} by {name} took place in {city} on {day} at {hour}.",
                    ]),
                (new(["Who is the host?", "Who runs it?"], ["Who will be the host?", "Who is it that runs it?"]),
                    ["{name} is the host.", "The host is {name}."]),
                (new(["When and where is it?", "Where and when do we meet?"], ["Where and when is it?", "When and where do we meet?"]),
                    ["It is on {day} at {hour} in {city}.", "In {city}, on {day} at {hour}."]),
            ]),
        new(
            [
                ("name", PeopleAndPlaces.Person), ("count", Count), ("item", Things.Product), ("city", PeopleAndPlaces.Place),
                ("code", Things.Code),
            ],
            new(
                [
                    "order {code}, {name}, {city}, {count} {item}",
                    "{name} in {city} bought {count} {item}, code {code}.",
                    "client: {name}\ncity: {city}\ngoods: {count} {item}\ncode: {code}",
                    "We owe {name} from {city} {count} {item}. The code is {code}.",
                    "{code}: {count} {item} to {city} for {name}.",
                ],
                [
                    "{name}, {city}: {count} {item}, order {code}",
                    "code: {code}\nclient: {name}\ngoods: {count} {item}\ncity: {city}",
                    "For {code} we owe {count} {item} to {name} in {city}.",
                    "{city} gets {count} {item}. Client {name}, code {code}.",
                    "{name} wants {count} {item}. It goes to {city} with code {code}.",
                ]),
            [
                (new(
                    ["They are late. Write an apology.", "Write that we are sorry for the delay.", "Say sorry, it comes late."],
                    ["It comes late. Write an apology.", "They are late, say that we are sorry."]),
                    [
                        "Dear {name}, we are sorry that your {item} are late. All {count} will reach {city} soon. Your code is {code}.",
                        "Dear {name}, please forgive the delay. Your {count} {item} are on the way to {city} under {code}.",
                    ]),
                (new(
                    ["Confirm the order.", "Write a confirmation to the client.", "Tell the client that we got it."],
                    ["Write to the client that we got it.", "Please confirm it to the client."]),
                    [
                        "Dear {name}, thank you for your order {code} of {count} {item}. We ship to {city} at once.",
                        "Dear {name}, we have received order {code}: {count} {item}, to be sent to {city}.",
                    ]),
                (new(
                    ["Make it one short line for the warehouse.", "What do I tell the warehouse?"],
                    ["Tell the warehouse in one line.", "I need one short line for the warehouse."]),
                    ["Pack {count} {item} for {city}, label {code}, {name}.", "{code}: please pack {count} {item}, to {name} in {city}."]),
                (new(["What is the code?", "Which code do I give?"], ["Which code is it?", "What code do I give?"]),
                    ["The code is {code}.", "It is {code}."]),
                (new(["How many and to whom?", "Who gets how many?"], ["To whom, and how many?", "How many are there, and who gets them?"]),
                    ["{name} gets {count} {item}.", "{count} {item} go to {name}."]),
            ]),
        new(
            [
                ("name", PeopleAndPlaces.Person), ("from", PeopleAndPlaces.Place), ("to", PeopleAndPlaces.Place), ("date", Calendar.Date),
                ("amount", Count),
            ],
            new(
                [
                    "trip {date}, {name}, {from} to {to}, {amount} dollars",
                    "{name} goes from {from} to {to} on {date} for {amount} dollars.",
                    "who: {name}\nfrom: {from}\nto: {to}\ndate: {date}\nprice: {amount}",
                    "A ticket to {to} for {name}, {date}, {amount} dollars, leaves {from}.",
                    "{date}: {from} - {to}, {amount} dollars, {name}.",
                ],
                [
                    "{name}, {date}: {from} to {to} for {amount} dollars",
                    "date: {date}\nwho: {name}\nfrom: {from}\nto: {to}\nprice: {amount}",
                    "On {date}, {name} leaves {from}. The ticket to {to} is {amount} dollars.",
                    "{amount} dollars, {from} to {to}, {date}, for {name}.",
                    "{name} paid {amount} dollars to go to {to} from {from} on {date}.",
                ]),
            [
                (new(
                    ["Ask the boss to pay for it.", "Write a request for the money.", "I want the money back. Write to the boss."],
                    ["Write to the boss, I want the money back.", "Write a request to pay for it."]),
                    [
                        "I ask you to pay back {amount} dollars for the trip of {name} from {from} to {to} on {date}.",
                        "On {date}, {name} travels from {from} to {to}. Could you please cover the {amount} dollars?",
                    ]),
                (new(
                    ["Turn it into a reminder.", "Write a reminder to the traveler.", "Make it a short reminder."],
                    ["Write a short reminder.", "Make it a reminder to the traveler."]),
                    ["{name}, do not forget: on {date} you leave {from} for {to}.", "Reminder for {name}: {date}, from {from} to {to}."]),
                (new(
                    ["The trip is off. Tell the traveler.", "Cancel it in a polite way.", "Write that it is cancelled."],
                    ["Tell the traveler that it is cancelled.", "The trip is off, cancel it."]),
                    [
                        "Dear {name}, your trip to {to} on {date} is cancelled. You get the {amount} dollars back.",
                        "Dear {name}, we are sorry: the trip from {from} to {to} on {date} is off. We return {amount} dollars.",
                    ]),
                (new(["What does it cost?", "How much is it?"], ["How much does it cost?", "What is the cost of it?"]),
                    ["It costs {amount} dollars.", "The price is {amount} dollars."]),
                (new(["Where does it go, and when?", "When and to which place?"],
                    ["When does it go, and where?", "To which place and when?"]),
                    ["To {to}, on {date}.", "It goes to {to} on {date}."]),
            ]),
    ];

    private static string Count(ItemDraw draw) => draw.Number(10, 9999).ToString(CultureInfo.InvariantCulture);

    private static string Hour(ItemDraw draw) => $"{draw.Between(7, 21)}:{draw.Between(0, 11) * 5:00}";
}
