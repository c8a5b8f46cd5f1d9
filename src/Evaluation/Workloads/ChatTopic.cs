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
                ("name", PeopleAndPlaces.Person), ("topic", Things.Subject), ("date", Calendar.Date), ("hour", Particulars.Time),
                ("street", Particulars.Street), ("city", PeopleAndPlaces.Place), ("company", Particulars.Company),
                ("email", PeopleAndPlaces.Email),
            ],
            new(
                [
                    "{topic}, {date} {hour}, {street}, {city}, host {name} ({company}), answers to {email}",
                    "host: {name}, {company}\nwhat: {topic}\nwhere: {street}, {city}\nwhen: {date} {hour}\ncontact: {email}",
                    "{name} of {company} does the {topic} on {date}, {hour}, in {city}, {street}. Mail {email}.",
                    "On {date} at {hour} we have the {topic} in {city} ({street}), run by {name}, {company}. Replies: {email}",
                    "{city}, {street}, {date}, {hour}: {topic} by {name}. Paid by {company}. {email} collects answers.",
                ],
                [
                    "{name} ({company}) hosts the {topic}: {date}, {hour}, {street} in {city}, write to {email}",
                    "what: {topic}\nhost: {name}\nfor: {company}\nwhen: {date} {hour}\nwhere: {street}, {city}\nanswers: {email}",
                    "In {city}, {street}, on {date}, {hour}, there is the {topic} by {name} from {company}. Answers to {email}.",
                    "{date}, {hour}: {name} on the {topic}, {street}, {city}. Guests of {company}, mail to {email}.",
                ]),
            [
                (new(
                    ["Make a formal invitation of it.", "Write this as a formal invitation.", "I need a formal invitation."],
                    ["Turn it into a formal invitation.", "Please write a formal invitation."]),
                    [
                        "Dear guest,\n\nit is our pleasure to invite you to the {topic}, which {name} will hold on {date} at "
                            + "{hour}. We shall meet in {city} at {street}. Kindly let us know at {email} whether you can attend.\n\n"
                            + "Yours sincerely,\n{company}",
                        "Dear guest,\n\n{company} requests the honor of your presence at the {topic} on {date}. {name} will "
                            + "welcome you at {hour} in {city}, {street}. Please reply to {email} at your earliest convenience.\n\n"
                            + "With kind regards,\n{company}",
                    ]),
                (new(
                    ["Say it in a casual way.", "Make it sound casual.", "Rewrite it for my friends."],
                    ["Make it casual, for my friends.", "Rewrite it in a casual way."]),
                    [
                        "Hey everyone! {name} is doing the {topic} on {date}, and it would be great to see you there. Just drop "
                            + "by {street} in {city} around {hour}. Got questions? Ping {email}!",
                        "Hi folks! Keep {date} free: there is the {topic} with {name} in {city}. It kicks off at {hour}, "
                            + "{street}. If you want a seat, shoot a mail to {email}!",
                    ]),
                (new(
                    ["Put it in the past tense.", "Write it as if it was over.", "It is over now. Write two lines for the newsletter."],
                    ["Rewrite it in the past tense.", "It is over, tell it in the past tense for our newsletter."]),
                    [
                        "On {date}, {name} held the {topic} in {city}. The doors at {street} opened at {hour}, and many friends "
                            + "of {company} came. Those who missed it could still write to {email}.",
                        "The {topic} took place on {date} at {street} in {city}. It was led by {name} and began at {hour}. "
                            + "{company} thanked all guests; pictures were available from {email}.",
                    ]),
                (new(
                    ["List the key points.", "Give me the facts as a list.", "Bullet points, please."],
                    ["Make a list of the main points.", "Put the facts into bullet points."]),
                    [
                        "- Event: {topic}\n- Host: {name}, {company}\n- Date: {date}, {hour}\n- Place: {street}, {city}\n"
                            + "- Contact: {email}",
                    ]),
                (new(["When and where is it?", "Where and when do we meet?"], ["Where and when is it?", "When and where do we meet?"]),
                    [
                        "The {topic} is on {date} at {hour}. You will find it in {city}, at {street}. If anything is unclear, "
                            + "write to {email}.",
                        "We meet on {date} at {hour} in {city}; the address is {street}. {name} will be there to welcome you.",
                    ]),
            ]),
        new(
            [
                ("name", PeopleAndPlaces.Person), ("count", Particulars.Count), ("item", Things.Product), ("city", PeopleAndPlaces.Place),
                ("code", Things.Code), ("price", Particulars.Price), ("date", Calendar.Date), ("carrier", Particulars.Company),
            ],
            new(
                [
                    "order {code}, {name}, {city}, {count} {item}, {price} dollars, due {date}, {carrier}",
                    "{name} in {city} bought {count} {item} for {price} dollars, code {code}, by {date} with {carrier}.",
                    "client: {name}\ncity: {city}\ngoods: {count} {item}\nprice: {price}\ncode: {code}\ndue: {date}\nby: {carrier}",
                    "We owe {name} from {city} {count} {item} until {date}. {carrier} takes them. {code}, {price} dollars.",
                ],
                [
                    "{name}, {city}: {count} {item} at {price} dollars, order {code}, {carrier}, until {date}",
                    "code: {code}\nclient: {name}\ngoods: {count} {item}\ntotal: {price}\ncity: {city}\nship: {carrier}, {date}",
                    "For {code} we owe {count} {item} to {name} in {city} by {date}, {price} dollars, {carrier} drives.",
                ]),
            [
                (new(
                    ["They are late. Write an apology.", "Write that we are sorry for the delay.", "Say sorry, it comes late."],
                    ["It comes late. Write an apology.", "They are late, say that we are sorry."]),
                    [
                        "Dear {name},\n\nwe are very sorry that your order {code} is late. All {count} {item} have left our "
                            + "warehouse with {carrier} and should reach {city} within a few days. We know that we promised them by "
                            + "{date} and will refund the shipping.\n\nSincerely,\nyour customer service",
                        "Dear {name},\n\nplease accept our apologies for the delay of order {code}. {carrier} could not deliver "
                            + "the {count} {item} to {city} by {date} as agreed. As a small compensation we take five percent off the "
                            + "{price} dollars.\n\nSincerely,\nyour customer service",
                    ]),
                (new(
                    ["Confirm the order.", "Write a confirmation to the client.", "Tell the client that we got it."],
                    ["Write to the client that we got it.", "Please confirm it to the client."]),
                    [
                        "Dear {name},\n\nthank you very much for your order. We have received it under the code {code}: {count} "
                            + "{item} for {price} dollars. {carrier} will bring everything to {city} no later than {date}.\n\n"
                            + "Best wishes,\nyour sales team",
                        "Dear {name},\n\nyour order {code} has arrived safely, and we are packing the {count} {item} right now. "
                            + "You can expect {carrier} in {city} by {date}. The total comes to {price} dollars.\n\nBest wishes,\n"
                            + "your sales team",
                    ]),
                (new(
                    ["Make it one short line for the warehouse.", "What do I tell the warehouse?"],
                    ["Tell the warehouse in one line.", "I need one short line for the warehouse."]),
                    [
                        "Please pack {count} {item} for {city}, label them {code} and hand them to {carrier} in time for {date}.",
                        "Warehouse, please prepare {code}: {count} {item}, pick-up by {carrier}, must be in {city} on {date}.",
                    ]),
                (new(
                    ["The client has not paid. Write a reminder.", "Remind the client to pay."],
                    ["Write to the client that the money is missing.", "Please remind the client of the bill."]),
                    [
                        "Dear {name},\n\nperhaps it has escaped your notice that invoice {code} is still open. For the {count} "
                            + "{item} delivered to {city} we have not yet received the {price} dollars. Please settle the amount by "
                            + "{date}.\n\nKind regards,\naccounting",
                        "Dear {name},\n\nour records show no payment for order {code} so far. We would be grateful if you "
                            + "transferred {price} dollars for the {count} {item} until {date}. Should you have paid already, please "
                            + "ignore this letter.\n\nKind regards,\naccounting",
                    ]),
                (new(["How many and to whom?", "Who gets how many?"], ["To whom, and how many?", "How many are there, and who gets them?"]),
                    [
                        "There are {count} {item}, and they go to {name} in {city}. The order has the code {code}.",
                        "{name} gets {count} {item}. {carrier} delivers them to {city} by {date}.",
                    ]),
            ]),
        new(
            [
                ("name", PeopleAndPlaces.Person), ("from", PeopleAndPlaces.Place), ("to", PeopleAndPlaces.Place), ("date", Calendar.Date),
                ("price", Particulars.Price), ("time", Particulars.Time), ("company", Particulars.Company), ("seat", Things.Code),
            ],
            new(
                [
                    "trip {date} {time}, {name}, {from} to {to}, {price} dollars, {company}, seat {seat}",
                    "{name} goes from {from} to {to} on {date}, {time}, for {price} dollars with {company}, {seat}.",
                    "who: {name}\nfrom: {from}\nto: {to}\ndate: {date} {time}\nprice: {price}\nline: {company}\nseat: {seat}",
                    "{date}: {from} - {to}, {time}, {price} dollars, {name}, {company} {seat}.",
                ],
                [
                    "{name}, {date}, {time}: {from} to {to} for {price} dollars, {company}, {seat}",
                    "date: {date}, {time}\nwho: {name}\nfrom: {from}\nto: {to}\nprice: {price}\nseat: {seat}, {company}",
                    "On {date} at {time}, {name} leaves {from}. The {company} ticket to {to}, {seat}, is {price} dollars.",
                ]),
            [
                (new(
                    ["Ask the boss to pay for it.", "Write a request for the money.", "I want the money back. Write to the boss."],
                    ["Write to the boss, I want the money back.", "Write a request to pay for it."]),
                    [
                        "Hello,\n\nI would like to claim {price} dollars for my business trip. I traveled from {from} to {to} "
                            + "with {company} on {date}, and the receipt is attached. Please transfer the amount with my next "
                            + "salary.\n\nThank you,\n{name}",
                        "Hello,\n\nmay I ask you to approve my travel expenses? The journey to {to} on {date} was booked with "
                            + "{company} and cost {price} dollars. It started in {from}; all papers are enclosed.\n\nThank you,\n{name}",
                    ]),
                (new(
                    ["Turn it into a reminder.", "Write a reminder to the traveler.", "Make it a friendly reminder."],
                    ["Write a friendly reminder.", "Make it a reminder to the traveler."]),
                    [
                        "Hi {name}, just a friendly reminder: your trip to {to} starts on {date}. Be at the station in {from} "
                            + "well before {time} and keep your ticket for seat {seat} ready. Have a safe journey!",
                        "Hi {name}, do not forget to pack! {company} leaves {from} at {time} on {date}, and your seat is {seat}. "
                            + "We wish you a pleasant stay in {to}!",
                    ]),
                (new(
                    ["The trip is off. Tell the traveler.", "Cancel it in a polite way.", "Write that it is cancelled."],
                    ["Tell the traveler that it is cancelled.", "The trip is off, cancel it."]),
                    [
                        "Dear {name},\n\nunfortunately {company} had to cancel the connection from {from} to {to} on {date}. You "
                            + "will get your {price} dollars back within ten days. We apologize for the trouble.\n\nSincerely,\n"
                            + "your travel desk",
                        "Dear {name},\n\nwe regret to inform you that your journey to {to} on {date} cannot take place. Seat "
                            + "{seat} has been released, and {company} returns the {price} dollars. Please contact us for another "
                            + "date.\n\nSincerely,\nyour travel desk",
                    ]),
                (new(
                    ["Where does it go, and when?", "When and to which place?"], ["When does it go, and where?", "To which place and when?"]),
                    [
                        "It goes to {to}. The departure from {from} is on {date} at {time}, with {company}.",
                        "On {date} at {time} you leave {from} for {to}. Your seat is {seat}.",
                    ]),
                (new(
                    ["List the key points.", "Give me the facts as a list."], ["Make a list of the main points.", "Put it into bullet points."]),
                    [
                        "- Traveler: {name}\n- Route: {from} to {to}\n- Departure: {date}, {time}\n"
                            + "- Carrier: {company}, seat {seat}\n- Fare: {price} dollars",
                    ]),
            ]),
    ];
}
