using System.Text.Json;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Workloads;

public sealed class ToolCallTests
{
    [Fact]
    public void Calls_satisfy_the_schema_of_the_tool_that_the_request_speaks_of()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("tools", 3_000))
        {
            string[] lines = item.Prompt.Split('\n');
            using JsonDocument call = JsonDocument.Parse(item.Completion);
            Assert.Equal(["name", "arguments"], call.RootElement.EnumerateObject().Select(member => member.Name));
            string name = call.RootElement.GetProperty("name").GetString()!;
            string line = Assert.Single(lines, line => line.StartsWith($"{{\"name\": \"{name}\"", StringComparison.Ordinal));
            using JsonDocument schema = JsonDocument.Parse(line);
            JsonProperty[] parameters = [.. schema.RootElement.GetProperty("parameters").EnumerateObject()];
            JsonProperty[] arguments = [.. call.RootElement.GetProperty("arguments").EnumerateObject()];
            Assert.Equal(parameters.Select(parameter => parameter.Name), arguments.Select(argument => argument.Name));
            Assert.Equal(parameters.Length, parameters.Select(parameter => parameter.Name).Distinct().Count());
            Assert.InRange(parameters.Length, 3, 5);
            string request = string.Join('\n', lines.Where(text => !text.StartsWith('{')));
            foreach (var (parameter, argument) in parameters.Zip(arguments))
            {
                JsonValueKind[] kinds = parameter.Value.GetString() switch
                {
                    "string" => [JsonValueKind.String],
                    "integer" => [JsonValueKind.Number],
                    "boolean" => [JsonValueKind.True, JsonValueKind.False],
                    _ => throw new InvalidOperationException($"unknown type in {line}"),
                };
                Assert.Contains(argument.Value.ValueKind, kinds);
                string value = argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString()! : argument.Value.GetRawText();
                Assert.Contains(value, request);
            }
            Assert.All(name.Split('_'), word => Assert.Contains(word, request));
        }
    }

    [Fact]
    public void The_request_speaks_of_one_of_the_tools_only()
    {
        foreach (WorkloadItem item in WorkloadItems.Of("tools", 3_000))
        {
            string[] tools = [.. item.Prompt.Split('\n').Where(line => line.StartsWith('{')).Select(line => line.Split('"')[3])];
            Assert.InRange(tools.Length, 1, 3);
            Assert.Equal(tools.Length, tools.Distinct().Count());
        }
    }
}
