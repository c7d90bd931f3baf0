using System.Numerics;
using NetGen;

/// <summary>Draws bright shapes on dark grounds, 32×32, so that the sample needs no download: same seed, same images.</summary>
/// <remarks>Shapes are turned by any angle, scaled and shifted, and their colours say nothing about the class.</remarks>
internal static class DrawnShapes
{
    private const int Size = 32;

    /// <summary>Points per pixel and direction that its coverage is counted with.</summary>
    private const int Fine = 3;

    /// <summary>A class is a name and its area, in coordinates of about -1 to 1.</summary>
    private static readonly (string Name, Func<Vector2, bool> Covers)[] Shapes =
    [
        ("disc", p => p.LengthSquared() < 0.8f),
        ("ring", p => p.LengthSquared() is > 0.3f and < 0.95f),
        ("half disc", p => p.LengthSquared() < 0.95f && p.Y > -0.1f),
        ("crescent", p => p.LengthSquared() < 0.95f && Vector2.DistanceSquared(p, new Vector2(0.45f, 0f)) > 0.6f),
        ("square", p => MathF.Max(MathF.Abs(p.X), MathF.Abs(p.Y)) < 0.75f),
        ("bar", p => MathF.Abs(p.X) < 0.95f && MathF.Abs(p.Y) < 0.25f),
        ("cross", p => MathF.Min(MathF.Abs(p.X), MathF.Abs(p.Y)) < 0.27f && MathF.Max(MathF.Abs(p.X), MathF.Abs(p.Y)) < 0.95f),
        ("triangle", p => p.Y > -0.5f && (1.732f * MathF.Abs(p.X)) + p.Y < 1f),
        ("star", IsInStar),
        ("heart", IsInHeart),
    ];

    /// <summary>The classes, in the order of their labels.</summary>
    public static string[] Names { get; } = [.. Shapes.Select(shape => shape.Name)];

    /// <summary>Draws samples (3, 32, 32), the classes in turn.</summary>
    public static Dataset Draw(int count, ulong seed)
    {
        RandomSource dice = new(seed);
        float[] images = new float[count * 3 * Size * Size];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Shapes.Length;
            DrawShape(images.AsSpan(i * 3 * Size * Size, 3 * Size * Size), Shapes[labels[i]].Covers, dice);
        }

        return Dataset.FromLabels(images, labels, Names);
    }

    private static void DrawShape(Span<float> image, Func<Vector2, bool> covers, RandomSource dice)
    {
        Vector3 ink = Vector3.One - (0.5f * Colour(dice)), ground = 0.4f * Colour(dice), slope = 0.2f * (Colour(dice) - Colour(dice));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * dice.NextDouble());
        float radius = Between(dice, 7f, 13f);
        Vector2 centre = new(Between(dice, 12f, 20f), Between(dice, 12f, 20f));
        Vector2 right = new Vector2((float)cos, (float)sin) / radius, down = new(-right.Y, right.X);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                int covered = 0;
                for (int point = 0; point < Fine * Fine; point++)
                {
                    Vector2 at = new Vector2(x + ((point % Fine) + 0.5f) / Fine, y + ((point / Fine) + 0.5f) / Fine) - centre;
                    covered += covers((at.X * right) + (at.Y * down)) ? 1 : 0;
                }

                float share = covered / (float)(Fine * Fine);
                Vector3 colour = (share * ink) + ((1 - share) * (ground + (slope * ((y + x) / (2f * Size)))));
                for (int c = 0; c < 3; c++)
                    image[(((c * Size) + y) * Size) + x] = Math.Clamp(colour[c] + (0.04f * dice.NextGaussian()), 0f, 1f);
            }
        }
    }

    /// <summary>The five lines of a pentagram: a point of the star lies outside of one of them at most.</summary>
    private static bool IsInStar(Vector2 p)
    {
        int outside = 0;
        for (int i = 0; i < 5; i++)
        {
            (double sin, double cos) = Math.SinCos(i * 0.4 * Math.PI);
            outside += (p.X * sin) + (p.Y * cos) > 0.35 ? 1 : 0;
        }

        return outside <= 1;
    }

    private static bool IsInHeart(Vector2 p)
    {
        p *= 1.2f;
        float round = p.LengthSquared() - 1f;
        return (round * round * round) - (p.X * p.X * p.Y * p.Y * p.Y) < 0f;
    }

    private static Vector3 Colour(RandomSource dice) => new(dice.NextFloat(), dice.NextFloat(), dice.NextFloat());

    private static float Between(RandomSource dice, float low, float high) => low + ((high - low) * dice.NextFloat());
}
