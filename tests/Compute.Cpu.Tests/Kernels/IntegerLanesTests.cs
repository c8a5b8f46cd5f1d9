using System.Runtime.Intrinsics;
using Atlas.Compute.Cpu.Kernels;

namespace Atlas.Compute.Cpu.Tests.Kernels;

public class IntegerLanesTests
{
    [Fact]
    public void Products_of_pairs_are_the_same_with_and_without_an_instruction_for_them()
    {
        var random = new Random(2);
        for (int round = 0; round < 1000; round++)
        {
            short Next() => (short)random.Next(-32767, 32768);
            var a = Vector128.Create(Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next());
            var b = Vector128.Create(Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next());
            var product = IntegerLanes128.Multiply(a.AsInt32(), b.AsInt32());
            Assert.Equal(IntegerLanes128.MultiplyPortable(a.AsInt32(), b.AsInt32()), product);
            for (int i = 0; i < 4; i++) Assert.Equal(a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1], product[i]);
        }
    }
}
