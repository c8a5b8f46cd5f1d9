namespace Atlas.Protocol.Tests;

/// <summary>The Python client's own tests, adapters included, against their small server.</summary>
public sealed class PythonClientTests
{
    private const string Runner = """
        import sys, unittest
        tests = unittest.defaultTestLoader.discover('tests', top_level_dir='.')
        result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(tests)
        sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
        """;

    [PythonMsgpackFact]
    public void The_python_client_passes_its_tests()
    {
        string folder = Path.GetDirectoryName(PythonMsgpackFactAttribute.File("clients/python/pyproject.toml"))!;
        var (code, output) = PythonMsgpackFactAttribute.Run(folder, "-c", Runner);
        Assert.True(code == 0, output);
        // The adapters' tests need torch and numpy as well, which CI has.
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))) Assert.DoesNotContain("skipped", output, StringComparison.Ordinal);
    }
}
