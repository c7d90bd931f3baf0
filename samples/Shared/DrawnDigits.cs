using System.Numerics;
using NetGen;

/// <summary>Draws handwritten-looking digits, so that the sample needs no download: same seed, same images.</summary>
/// <remarks>
/// A digit is a few strokes in the unit square (x to the right, y down), in one to three styles of writing. Each image bends and
/// jitters the strokes, turns, shears, scales and shifts them, draws them with a pen of random width, and adds stray marks and noise.
/// The shifts and styles are what a linear model cannot follow: softmax regression stays near 90 %, a hidden layer of 128 passes 98 %.
/// </remarks>
internal static class DrawnDigits
{
    private const int Size = 28;
    private const int Pixels = Size * Size;
    private const int Grid = 4;

    /// <summary>Styles[digit][style][stroke] is a line through points.</summary>
    private static readonly Vector2[][][][] Styles =
    [
        [
            [Arc(0.50f, 0.50f, 0.27f, 0.40f, -90, 270)],
            [Arc(0.50f, 0.50f, 0.20f, 0.40f, -120, 275)],
        ],
        [
            [Line(0.50f, 0.10f, 0.50f, 0.90f)],
            [Line(0.32f, 0.30f, 0.53f, 0.10f, 0.53f, 0.90f)],
            [Line(0.35f, 0.27f, 0.52f, 0.10f, 0.52f, 0.90f), Line(0.32f, 0.90f, 0.72f, 0.90f)],
        ],
        [
            [Curve(0.26f, 0.32f, 0.36f, 0.13f, 0.58f, 0.11f, 0.73f, 0.30f, 0.58f, 0.56f, 0.25f, 0.90f), Line(0.25f, 0.90f, 0.77f, 0.90f)],
            [Curve(0.27f, 0.28f, 0.48f, 0.10f, 0.70f, 0.28f, 0.52f, 0.62f, 0.30f, 0.88f, 0.22f, 0.76f, 0.42f, 0.76f, 0.78f, 0.90f)],
        ],
        [
            [Curve(0.27f, 0.18f, 0.50f, 0.09f, 0.70f, 0.27f, 0.44f, 0.47f), Curve(0.44f, 0.47f, 0.74f, 0.62f, 0.62f, 0.87f, 0.25f, 0.84f)],
            [Line(0.27f, 0.12f, 0.70f, 0.12f, 0.46f, 0.42f), Curve(0.46f, 0.42f, 0.73f, 0.57f, 0.63f, 0.86f, 0.25f, 0.85f)],
        ],
        [
            [Line(0.62f, 0.90f, 0.62f, 0.10f, 0.22f, 0.63f, 0.80f, 0.63f)],
            [Line(0.30f, 0.12f, 0.26f, 0.54f, 0.76f, 0.54f), Line(0.67f, 0.12f, 0.64f, 0.90f)],
        ],
        [
            [Line(0.73f, 0.12f, 0.34f, 0.12f, 0.31f, 0.45f), Curve(0.31f, 0.45f, 0.58f, 0.39f, 0.74f, 0.63f, 0.58f, 0.88f, 0.25f, 0.83f)],
            [Curve(0.74f, 0.15f, 0.42f, 0.13f, 0.30f, 0.34f, 0.60f, 0.50f, 0.70f, 0.72f, 0.50f, 0.90f, 0.26f, 0.82f)],
        ],
        [
            [Curve(0.64f, 0.10f, 0.40f, 0.30f, 0.29f, 0.66f), Arc(0.50f, 0.68f, 0.21f, 0.21f, 180, 545)],
            [Line(0.42f, 0.10f, 0.31f, 0.70f), Arc(0.49f, 0.72f, 0.18f, 0.17f, 180, 520)],
        ],
        [
            [Line(0.25f, 0.12f, 0.75f, 0.12f, 0.42f, 0.90f)],
            [Line(0.25f, 0.13f, 0.75f, 0.13f, 0.45f, 0.90f), Line(0.36f, 0.50f, 0.72f, 0.50f)],
            [Curve(0.24f, 0.27f, 0.27f, 0.12f, 0.50f, 0.16f, 0.76f, 0.12f), Curve(0.76f, 0.12f, 0.55f, 0.48f, 0.46f, 0.90f)],
        ],
        [
            [Arc(0.50f, 0.29f, 0.18f, 0.18f, 90, 450), Arc(0.50f, 0.69f, 0.23f, 0.21f, -90, 270)],
            [Curve(0.70f, 0.20f, 0.48f, 0.10f, 0.32f, 0.28f, 0.50f, 0.48f, 0.70f, 0.70f,
                0.50f, 0.90f, 0.29f, 0.71f, 0.52f, 0.48f, 0.70f, 0.20f)],
        ],
        [
            [Arc(0.49f, 0.33f, 0.21f, 0.21f, 0, 360), Line(0.70f, 0.33f, 0.64f, 0.90f)],
            [Arc(0.49f, 0.33f, 0.21f, 0.21f, -20, 350), Curve(0.71f, 0.27f, 0.72f, 0.62f, 0.57f, 0.88f, 0.30f, 0.84f)],
        ],
    ];

    /// <summary>Draws images back to back, 784 greys in 0..1 each, with their digits. Every digit is equally frequent.</summary>
    /// <param name="count">Number of images.</param>
    /// <param name="seed">Any number; an image depends on it and on the image's index alone, never on the number of threads.</param>
    public static (float[] Images, int[] Labels) Draw(int count, ulong seed)
    {
        float[] images = new float[count * Pixels];
        int[] labels = new int[count];
        Parallel.For(0, count, i =>
        {
            labels[i] = i % 10;
            Draw(labels[i], new RandomSource(BitOperations.RotateLeft(seed, 32) ^ (ulong)i), images.AsSpan(i * Pixels, Pixels));
        });
        return (images, labels);
    }

    private static void Draw(int digit, RandomSource dice, Span<float> image)
    {
        Vector2[][][] styles = Styles[digit];
        Vector2[][] strokes = styles[dice.NextInt(styles.Length)];
        Posture posture = Pose(dice);
        Span<Vector2> field = stackalloc Vector2[Grid * Grid];
        foreach (ref Vector2 displacement in field)
            displacement = Jitter(dice, 0.05f);

        float radius = Between(dice, 0.7f, 1.7f), softness = Between(dice, 0.8f, 1.6f), ink = Between(dice, 0.6f, 1f);
        foreach (Vector2[] stroke in strokes)
        {
            Vector2 slip = Jitter(dice, 0.02f);   // strokes never meet exactly
            Vector2 from = posture.Place(Bend(stroke[0] + slip, field));
            for (int i = 1; i < stroke.Length; i++)
            {
                Vector2 to = posture.Place(Bend(stroke[i] + slip, field));
                DrawSegment(image, from, to, radius, softness, ink);
                from = to;
            }
        }

        if (Between(dice, 0f, 1f) < 0.4f)
        {
            Vector2 from = new(Between(dice, 0f, Size), Between(dice, 0f, Size));
            Vector2 to = from + Jitter(dice, 6f);
            DrawSegment(image, from, to, Between(dice, 0.4f, 0.9f), 1f, Between(dice, 0.3f, 0.8f));
        }

        float noise = Between(dice, 0f, 0.15f);
        foreach (ref float pixel in image)
        {
            float grain = Between(dice, -noise, noise) + Between(dice, -noise, noise);
            pixel = MathF.Round(Math.Clamp(pixel + grain, 0f, 1f) * 255f) / 255f;       // a byte of grey, as a scanner gives
        }
    }

    /// <summary>How the digit lies on the paper: scaled, slanted, turned and shifted.</summary>
    private static Posture Pose(RandomSource dice)
    {
        float width = Between(dice, 0.75f, 1f) * 25f, height = Between(dice, 0.8f, 1f) * 25f, slant = Between(dice, -0.3f, 0.2f);
        (double sin, double cos) = Math.SinCos(Between(dice, -0.2f, 0.2f));
        Vector2 right = new((float)cos, (float)sin), down = new(-right.Y, right.X);
        Vector2 shift = Jitter(dice, 2.8f);
        return new Posture(new Vector2(Size / 2f) + shift, width * right, height * (down + slant * right));
    }

    /// <summary>From the unit square to pixels.</summary>
    private readonly record struct Posture(Vector2 Centre, Vector2 Right, Vector2 Down)
    {
        public Vector2 Place(Vector2 point) => Centre + (point.X - 0.5f) * Right + (point.Y - 0.5f) * Down;
    }

    /// <summary>Elastic distortion: displaces a point by a smooth field, given at the nodes of a coarse grid over the unit
    /// square.</summary>
    private static Vector2 Bend(Vector2 point, ReadOnlySpan<Vector2> field)
    {
        Vector2 position = Vector2.Clamp(point, Vector2.Zero, Vector2.One) * (Grid - 1);
        int column = Math.Min((int)position.X, Grid - 2), row = Math.Min((int)position.Y, Grid - 2);
        Vector2 t = position - new Vector2(column, row);
        t = t * t * (new Vector2(3f) - 2f * t);                                         // smooth across the grid's lines
        int node = row * Grid + column;
        return point + Mix(Mix(field[node], field[node + 1], t.X), Mix(field[node + Grid], field[node + Grid + 1], t.X), t.Y);
    }

    /// <summary>Inks every pixel near the segment by its distance to it; where strokes cross, the stronger one stays.</summary>
    private static void DrawSegment(Span<float> image, Vector2 from, Vector2 to, float radius, float softness, float ink)
    {
        float reach = radius + softness;
        int left = Math.Max(0, (int)(MathF.Min(from.X, to.X) - reach));
        int right = Math.Min(Size - 1, (int)(MathF.Max(from.X, to.X) + reach));
        int top = Math.Max(0, (int)(MathF.Min(from.Y, to.Y) - reach));
        int bottom = Math.Min(Size - 1, (int)(MathF.Max(from.Y, to.Y) + reach));
        Vector2 along = to - from;
        float inverse = 1f / MathF.Max(along.LengthSquared(), 1e-6f);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                Vector2 offset = new Vector2(x + 0.5f, y + 0.5f) - from;
                float distance = (offset - Math.Clamp(Vector2.Dot(offset, along) * inverse, 0f, 1f) * along).Length();
                float grey = ink * Math.Clamp((radius - distance) / softness + 0.5f, 0f, 1f);
                ref float pixel = ref image[y * Size + x];
                pixel = MathF.Max(pixel, grey);
            }
        }
    }

    /// <summary>Straight lines from point to point, in short pieces so that they can be bent.</summary>
    private static Vector2[] Line(params float[] coordinates)
        => Sample(coordinates.Length / 2 - 1, 6, (piece, t) => Mix(Point(coordinates, piece), Point(coordinates, piece + 1), t));

    /// <summary>A smooth curve through the points: Catmull–Rom.</summary>
    private static Vector2[] Curve(params float[] coordinates)
    {
        int pieces = coordinates.Length / 2 - 1;
        return Sample(pieces, 6, (piece, t) =>
        {
            Vector2 a = Point(coordinates, Math.Max(piece - 1, 0)), b = Point(coordinates, piece);
            Vector2 c = Point(coordinates, piece + 1), d = Point(coordinates, Math.Min(piece + 2, pieces));
            return 0.5f * (2f * b + (c - a) * t + (2f * a - 5f * b + 4f * c - d) * t * t + (3f * b - 3f * c + d - a) * t * t * t);
        });
    }

    /// <summary>Part of an ellipse, angles in degrees, clockwise from the right.</summary>
    private static Vector2[] Arc(float x, float y, float radiusX, float radiusY, float from, float to)
        => Sample(1, 20, (_, t) =>
        {
            (double sin, double cos) = Math.SinCos((from + (to - from) * t) * (Math.PI / 180));
            return new Vector2(x + radiusX * (float)cos, y + radiusY * (float)sin);
        });

    private static Vector2[] Sample(int pieces, int steps, Func<int, float, Vector2> at)
    {
        Vector2[] points = new Vector2[pieces * steps + 1];
        for (int i = 0; i < pieces * steps; i++)
            points[i] = at(i / steps, i % steps / (float)steps);
        points[^1] = at(pieces - 1, 1f);
        return points;
    }

    /// <summary>Between -reach and reach in each direction.</summary>
    private static Vector2 Jitter(RandomSource dice, float reach) => new(Between(dice, -reach, reach), Between(dice, -reach, reach));

    // Vector2.Lerp rounds differently with and without fused multiply-add; the images shall not depend on the processor.
    private static Vector2 Mix(Vector2 a, Vector2 b, float t) => a + (b - a) * t;

    private static float Between(RandomSource dice, float low, float high) => low + (high - low) * dice.NextFloat();

    private static Vector2 Point(float[] coordinates, int index) => new(coordinates[2 * index], coordinates[2 * index + 1]);
}
