using System.Numerics;

namespace NetGen.Network.Tests;

/// <summary>Threefry-4x32: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011, section 3.3.</summary>
internal static class Threefry
{
    private static readonly int[][] Rotations = [[10, 26], [11, 21], [13, 27], [23, 5], [6, 20], [17, 11], [25, 10], [18, 20]];

    /// <summary>Four random words from a counter and a key of four words each.</summary>
    public static uint[] Run(uint[] counter, uint[] key, int rounds)
    {
        uint[] keys = [.. key, key.Aggregate(0x1BD11BDAu, (parity, word) => parity ^ word)];
        uint[] x = [.. counter.Select((word, i) => word + keys[i])];
        for (int round = 0; round < rounds; round++)
        {
            // Even rounds mix (0, 1) and (2, 3), odd ones (0, 3) and (2, 1).
            for (int mix = 0; mix < 2; mix++)
            {
                int a = 2 * mix, b = (round + mix) % 2 == 0 ? 1 : 3;
                x[a] += x[b];
                x[b] = BitOperations.RotateLeft(x[b], Rotations[round % 8][mix]) ^ x[a];
            }

            if (round % 4 != 3)
                continue;
            uint injection = (uint)(round + 1) / 4;
            for (int i = 0; i < 4; i++)
                x[i] += keys[(injection + i) % 5];
            x[3] += injection;
        }

        return x;
    }
}
