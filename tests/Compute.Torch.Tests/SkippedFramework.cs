#if !ATLAS_TORCH
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Atlas.Compute.Torch.Tests.SkippedFramework", "Atlas.Compute.Torch.Tests")]

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// All tests here need TorchSharp. In a build without it this framework lists each test method by name and skips it with the reason, those
/// inherited from the conformance suite included.
/// </summary>
public sealed class SkippedFramework(IMessageSink sink) : XunitTestFramework(sink)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new SkippingDiscoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);
}
#endif
