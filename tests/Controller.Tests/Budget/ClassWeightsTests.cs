using Atlas.Controller.Budget;
using Atlas.Core.Decoding;

namespace Atlas.Controller.Tests.Budget;

public sealed class ClassWeightsTests
{
    [Theory]
    [InlineData(RequestClass.Interactive, 1)]
    [InlineData(RequestClass.Latency, 2)]
    [InlineData(RequestClass.Throughput, 0.5)]
    public void Each_class_has_its_weight(RequestClass requestClass, double weight) => Assert.Equal(weight, new ClassWeights().Of(requestClass));
}
