namespace Atlas.Evaluation.Workloads;

/// <summary>A kind of letter or note that states named fields, one to three in a sentence.</summary>
/// <param name="Fields">Each field's name and how its value is drawn.</param>
/// <param name="Sentences">Sentences, which together hold every field as a placeholder once; each stands alone, so their order is free.</param>
internal sealed record DocumentKind((string Name, Func<ItemDraw, string> Value)[] Fields, PhraseBook[] Sentences)
{
    /// <summary>Every kind of document.</summary>
    public static readonly DocumentKind[] All =
    [
        new(
            [
                ("name", PeopleAndPlaces.Person), ("email", PeopleAndPlaces.Email), ("street", Particulars.Street),
                ("city", PeopleAndPlaces.Place), ("count", Particulars.Count), ("item", Things.Product), ("price", Particulars.Price),
                ("code", Things.Code),
            ],
            [
                new(
                    ["{name} ordered {count} {item}.", "An order of {count} {item} came from {name}.", "{name} wants {count} {item}."],
                    ["{name} has asked for {count} {item}.", "We got an order from {name}, {count} {item}."]),
                new(
                    ["Please ship to {street}, {city}.", "The address is {street} in {city}.", "Deliver them at {street}, {city}."],
                    ["It goes to {street} in {city}.", "The parcel is for {street}, {city}."]),
                new(
                    [
                        "The price is {price} dollars, order code {code}.",
                        "Invoice {price} dollars under {code}.",
                        "Order {code} costs {price} dollars.",
                    ],
                    ["Charge {price} dollars, order {code}.", "The total of order {code} is {price} dollars."]),
                new(
                    ["Questions go to {email}.", "Send the receipt to {email}.", "A copy should be mailed to {email}."],
                    ["Write to {email} when it leaves.", "The receipt is for {email}."]),
            ]),
        new(
            [
                ("client", PeopleAndPlaces.Person), ("device", Things.Product), ("serial", Particulars.Serial), ("version", Particulars.Version),
                ("date", Calendar.Date), ("phone", Particulars.Phone), ("error", Things.Code),
            ],
            [
                new(
                    [
                        "{client} called about broken {device}.",
                        "The {device} of {client} have failed.",
                        "A complaint by {client} concerns {device}.",
                    ],
                    ["{client} has trouble with {device}.", "There is a complaint about {device} from {client}."]),
                new(
                    ["The serial number is {serial} with software {version}.", "Software {version} runs on serial {serial}."],
                    ["It has serial {serial} and version {version}.", "Version {version}, serial number {serial}."]),
                new(
                    ["Error {error} appeared on {date}.", "Since {date} it shows error {error}.", "On {date} it stopped with {error}."],
                    ["It failed on {date} with error {error}.", "The display says {error} since {date}."]),
                new(
                    ["Call back at {phone}.", "The number for questions is {phone}.", "You can reach them under {phone}."],
                    ["Please phone {phone}.", "Their phone is {phone}."]),
            ]),
        new(
            [
                ("host", PeopleAndPlaces.Person), ("topic", Things.Subject), ("place", Particulars.Street), ("city", PeopleAndPlaces.Place),
                ("date", Calendar.Date), ("time", Particulars.Time), ("guests", Particulars.Count), ("sponsor", Particulars.Company),
            ],
            [
                new(
                    ["{host} invites you to the {topic}.", "The {topic} is held by {host}.", "We plan the {topic} with {host}."],
                    ["{host} is the host of the {topic}.", "Come to the {topic} of {host}."]),
                new(
                    ["It is on {date} at {time}.", "Doors open at {time} on {date}.", "It begins {date}, {time}."],
                    ["The date is {date}, the time {time}.", "We start at {time} on {date}."]),
                new(
                    ["The place is {place} in {city}.", "We meet in {city}, {place}.", "Come to {place}, {city}."],
                    ["It takes place in {city} at {place}.", "You find us at {place}, {city}."]),
                new(
                    [
                        "{sponsor} pays for {guests} guests.",
                        "There is room for {guests} people, thanks to {sponsor}.",
                        "{guests} seats were booked by {sponsor}.",
                    ],
                    ["We expect {guests} guests, and {sponsor} pays.", "{sponsor} has booked {guests} seats."]),
            ]),
        new(
            [
                ("applicant", PeopleAndPlaces.Person), ("position", Particulars.Position), ("company", Particulars.Company),
                ("city", PeopleAndPlaces.Place), ("salary", Particulars.Count), ("start", Calendar.Date), ("email", PeopleAndPlaces.Email),
                ("phone", Particulars.Phone),
            ],
            [
                new(
                    [
                        "{applicant} applies for the post of {position}.",
                        "For {position} we have a letter by {applicant}.",
                        "{applicant} would like to work as {position}.",
                    ],
                    ["{applicant} wants to become our {position}.", "A new application as {position} came from {applicant}."]),
                new(
                    [
                        "The last employer was {company} in {city}.",
                        "There were six years at {company}, {city}.",
                        "{company} of {city} gave a good reference.",
                    ],
                    ["The present job is with {company}, {city}.", "The reference of {company} in {city} is good."]),
                new(
                    ["A salary of {salary} a week from {start} would do.", "The start could be {start} at {salary} a week."],
                    ["From {start} on, for {salary} a week.", "Asked for are {salary} a week, starting {start}."]),
                new(
                    ["Reply to {email} or {phone}.", "The contacts are {phone} and {email}.", "Phone {phone}, mail {email}."],
                    ["Please answer by phone {phone} or to {email}.", "You may write to {email} or call {phone}."]),
            ]),
        new(
            [
                ("sender", PeopleAndPlaces.Person), ("receiver", PeopleAndPlaces.Person), ("from", PeopleAndPlaces.Place),
                ("to", PeopleAndPlaces.Place), ("weight", Particulars.Count), ("carrier", Particulars.Company), ("fee", Particulars.Price),
                ("tracking", Particulars.Serial),
            ],
            [
                new(
                    [
                        "{sender} sends a parcel to {receiver}.",
                        "A parcel for {receiver} was left by {sender}.",
                        "For {receiver} there is a box sent by {sender}.",
                    ],
                    ["{sender} has mailed a box to {receiver}.", "{receiver} will get a parcel from {sender}."]),
                new(
                    ["It travels from {from} to {to}.", "The route leads to {to} from {from}.", "It left {from} and goes to {to}."],
                    ["It is on its way from {from} to {to}.", "Its way leads from {from} to {to}."]),
                new(
                    [
                        "{carrier} takes {weight} kg for {fee} dollars.",
                        "With {weight} kg the fee of {carrier} is {fee} dollars.",
                        "The fee is {fee} dollars for {weight} kg by {carrier}.",
                    ],
                    ["{carrier} charges {fee} dollars for its {weight} kg.", "At {weight} kg it costs {fee} dollars with {carrier}."]),
                new(
                    ["Track it as {tracking}.", "The tracking number is {tracking}.", "Use {tracking} to follow it."],
                    ["You can follow it under {tracking}.", "Its number for tracking is {tracking}."]),
            ]),
        new(
            [
                ("traveler", PeopleAndPlaces.Person), ("from", PeopleAndPlaces.Place), ("to", PeopleAndPlaces.Place), ("date", Calendar.Date),
                ("departure", Particulars.Time), ("arrival", Particulars.Time), ("seat", Things.Code), ("price", Particulars.Price),
                ("agency", Particulars.Company),
            ],
            [
                new(
                    [
                        "{traveler} flies from {from} to {to}.",
                        "The ticket is for {traveler}, {from} to {to}.",
                        "{traveler} goes to {to} from {from}.",
                    ],
                    ["{traveler} takes the train from {from} to {to}.", "From {from}, {traveler} travels to {to}."]),
                new(
                    [
                        "On {date} it leaves at {departure} and arrives at {arrival}.",
                        "Departure is {departure}, arrival {arrival}, on {date}.",
                    ],
                    [
                        "The date is {date}, leaving {departure}, arriving {arrival}.",
                        "It leaves {departure} on {date} and is there at {arrival}.",
                    ]),
                new(
                    ["Seat {seat} is reserved.", "The seat is {seat}.", "Please take seat {seat}."],
                    ["You have seat {seat}.", "The reservation is for seat {seat}."]),
                new(
                    [
                        "{agency} charged {price} dollars.",
                        "It was booked with {agency} for {price} dollars.",
                        "The fare of {price} dollars went to {agency}.",
                    ],
                    ["We paid {price} dollars to {agency}.", "{agency} sold it for {price} dollars."]),
            ]),
    ];
}
