using System.Diagnostics;

namespace Holdfast.Bench;

/// <summary>Interleaved rounds of two pieces of work in one thread, so that whatever disturbs the machine disturbs both.</summary>
internal static class Rounds
{
    /// <summary>Median nanoseconds an operation of <paramref name="subject"/> over the same of <paramref name="baseline"/>; and bytes allocated by each.</summary>
    public static (double Ratio, double SubjectBytes, double BaselineBytes) Compare(int rounds, int operations, Action<int> subject, Action<int> baseline)
    {
        List<double> ratios = [];
        (double SubjectBytes, double BaselineBytes) bytes = default;
        for (int round = 0; round < rounds; round++)
        {
            (double baselineTime, bytes.BaselineBytes) = Time(operations, round, baseline);
            (double subjectTime, bytes.SubjectBytes) = Time(operations, round, subject);
            // The first rounds warm up code and caches.
            if (round >= rounds / 4)
                ratios.Add(subjectTime / baselineTime);
        }
        return (Median(ratios), bytes.SubjectBytes, bytes.BaselineBytes);
    }

    /// <summary>Median nanoseconds that an operation of <paramref name="subject"/> takes longer than one of <paramref name="baseline"/>; and bytes allocated by each.</summary>
    public static (double Nanoseconds, double SubjectBytes, double BaselineBytes) Difference(int rounds, int operations, Action<int> subject, Action<int> baseline)
    {
        List<double> differences = [];
        (double SubjectBytes, double BaselineBytes) bytes = default;
        for (int round = 0; round < rounds; round++)
        {
            (double baselineTime, bytes.BaselineBytes) = Time(operations, round, baseline);
            (double subjectTime, bytes.SubjectBytes) = Time(operations, round, subject);
            if (round >= rounds / 4)
                differences.Add(subjectTime - baselineTime);
        }
        return (Median(differences), bytes.SubjectBytes, bytes.BaselineBytes);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static (double Nanoseconds, double Bytes) Time(int operations, int round, Action<int> work)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
            work((round * operations) + i);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return (elapsed.TotalNanoseconds / operations, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)operations);
    }
}
