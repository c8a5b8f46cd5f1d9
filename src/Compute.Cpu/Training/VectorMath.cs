using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Rows of floats: sums, dot products, scaled additions and exponentials, in hardware vectors and one fixed order each.</summary>
internal static unsafe class VectorMath
{
    private static int Width => Vector<float>.Count;

    /// <summary>Sum of products of two rows.</summary>
    public static float Dot(float* a, float* b, int count)
    {
        var sum0 = Vector<float>.Zero;
        var sum1 = Vector<float>.Zero;
        int i = 0;
        for (; i <= count - 2 * Width; i += 2 * Width)
        {
            sum0 = Vector.MultiplyAddEstimate(Vector.Load(a + i), Vector.Load(b + i), sum0);
            sum1 = Vector.MultiplyAddEstimate(Vector.Load(a + i + Width), Vector.Load(b + i + Width), sum1);
        }
        float sum = Vector.Sum(sum0 + sum1);
        for (; i < count; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Sum of the products of three rows.</summary>
    public static float Dot(float* a, float* b, float* c, int count)
    {
        var total = Vector<float>.Zero;
        int i = 0;
        for (; i <= count - Width; i += Width)
            total = Vector.MultiplyAddEstimate(Vector.Load(a + i) * Vector.Load(b + i), Vector.Load(c + i), total);
        float sum = Vector.Sum(total);
        for (; i < count; i++) sum += a[i] * b[i] * c[i];
        return sum;
    }

    /// <summary>to += from.</summary>
    public static void Add(float* from, float* to, int count)
    {
        int i = 0;
        for (; i <= count - Width; i += Width) (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] += from[i];
    }

    /// <summary>row *= factor.</summary>
    public static void Scale(float* row, float factor, int count)
    {
        int i = 0;
        for (; i <= count - Width; i += Width) (Vector.Load(row + i) * factor).Store(row + i);
        for (; i < count; i++) row[i] *= factor;
    }

    /// <summary>Largest value of a row that is not empty.</summary>
    public static float Max(float* row, int count)
    {
        float max = row[0];
        int i = 0;
        if (count >= Width)
        {
            var largest = Vector.Load(row);
            for (i = Width; i <= count - Width; i += Width) largest = Vector.Max(largest, Vector.Load(row + i));
            for (int j = 0; j < Width; j++) max = Math.Max(max, largest[j]);
        }
        for (; i < count; i++) max = Math.Max(max, row[i]);
        return max;
    }

    /// <summary>row = exp(row x scale - shift); returns the sum.</summary>
    public static float ExpSum(float* row, float scale, float shift, int count)
    {
        var total = Vector<float>.Zero;
        var offset = new Vector<float>(shift);
        int i = 0;
        for (; i <= count - Width; i += Width)
        {
            var e = Exp(Vector.Load(row + i) * scale - offset);
            e.Store(row + i);
            total += e;
        }
        float sum = Vector.Sum(total);
        for (; i < count; i++)
        {
            row[i] = Exp(new Vector<float>(row[i] * scale - shift))[0];
            sum += row[i];
        }
        return sum;
    }

    /// <summary>slopes = (slopes - mean) x probabilities x scale: backward of a softmax whose mean slope is known.</summary>
    public static void SoftmaxSlopes(float* probabilities, float* slopes, float mean, float scale, int count)
    {
        var offset = new Vector<float>(mean);
        int i = 0;
        for (; i <= count - Width; i += Width)
            ((Vector.Load(slopes + i) - offset) * Vector.Load(probabilities + i) * scale).Store(slopes + i);
        for (; i < count; i++) slopes[i] = (slopes[i] - mean) * probabilities[i] * scale;
    }

    /// <summary>Sum of exp(row - shift); the row is only read.</summary>
    public static float SumOfExp(float* row, float shift, int count)
    {
        var total = Vector<float>.Zero;
        var offset = new Vector<float>(shift);
        int i = 0;
        for (; i <= count - Width; i += Width) total += Exp(Vector.Load(row + i) - offset);
        float sum = Vector.Sum(total);
        for (; i < count; i++) sum += Exp(new Vector<float>(row[i] - shift))[0];
        return sum;
    }

    /// <summary>
    /// Exponential to about one unit in the last place: 2^n times a polynomial of the remainder, |r| at most ln(2)/2. Arguments below -87
    /// give the smallest normal number, above 88 about 2^127.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new Vector<float>(-87.3f)), new Vector<float>(88f));
        var n = Vector.Round(x * 1.44269504f);
        var r = Vector.MultiplyAddEstimate(n, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(2.12194440e-4f), r);
        var p = Vector.MultiplyAddEstimate(r, new Vector<float>(1f / 720), new Vector<float>(1f / 120));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1f / 24));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1f / 6));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(0.5f));
        p = Vector.MultiplyAddEstimate(p, r, Vector<float>.One);
        p = Vector.MultiplyAddEstimate(p, r, Vector<float>.One);
        var scale = Vector.AsVectorSingle((Vector.ConvertToInt32(n) + new Vector<int>(127)) << 23);
        return p * scale;
    }
}
