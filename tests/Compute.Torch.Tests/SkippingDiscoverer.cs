#if !ATLAS_TORCH
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Atlas.Compute.Torch.Tests;

/// <summary>Finds every test method and makes one skipped test of it.</summary>
internal sealed class SkippingDiscoverer(IAssemblyInfo assembly, ISourceInformationProvider source, IMessageSink sink)
    : XunitTestFrameworkDiscoverer(assembly, source, sink)
{
    protected override bool FindTestsForMethod(
        ITestMethod testMethod, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions)
    {
        if (!testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any()) return true;
        var skipped = new XunitSkippedDataRowTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod,
            TorchUnderTest.SkipReason);
        return ReportDiscoveredTestCase(skipped, includeSourceInformation, messageBus);
    }
}
#endif
