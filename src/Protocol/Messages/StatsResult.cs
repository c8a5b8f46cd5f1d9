namespace Atlas.Protocol.Messages;

/// <summary>Answer of <c>stats</c>.</summary>
public sealed class StatsResult : MapMessage
{
    private static readonly MessageSchema Keys = new(required: ["uptime_s", "values"], optional: []);

    /// <summary>Seconds since the service started.</summary>
    public double UptimeSeconds { get; set; }

    /// <summary>Figures by name, as the service's metrics are called; which there are depends on the service.</summary>
    public SortedDictionary<string, double> Values { get; } = new(StringComparer.Ordinal);


    private protected override MessageSchema Schema => Keys;

    /// <inheritdoc/>
    public override void Clear()
    {
        UptimeSeconds = 0;
        Values.Clear();
    }

    private protected override void WriteFields(ref MapWriter map)
    {
        map.Field("uptime_s"u8, UptimeSeconds);
        map.Field("values"u8, Values);
    }

    private protected override void ReadField(string key, ref MessagePackReader reader)
    {
        switch (key)
        {
            case "uptime_s": UptimeSeconds = reader.ReadDouble(); break;
            case "values": ReadValues(ref reader); break;
        }
    }

    private void ReadValues(ref MessagePackReader reader)
    {
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string name = reader.ReadString() ?? throw new MessagePackSerializationException("a name is nil; expected a string");
            Values[name] = reader.ReadDouble();
        }
    }
}
