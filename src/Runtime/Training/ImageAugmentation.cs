using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen;

/// <summary>Variations of images, one after the other: give it to <see cref="TrainingOptions.Augmentation"/>.</summary>
/// <example><code>Augmentation = new ImageAugmentation(1, 28, 28).Rotate(10).Shift(2, 2).Noise(0.02f)</code></example>
/// <remarks>Immutable: each method returns the variations so far and one more. What it needs to be random, it draws anew for every sample
/// in every epoch. Safe from several threads at once.</remarks>
public sealed class ImageAugmentation
{
    private readonly int channels, height, width;
    private readonly Augmentation[] steps;

    /// <summary>No variation yet.</summary>
    /// <param name="shape">[channels, height, width] of the images, such as a network's <c>Info.InputShape</c>.</param>
    /// <exception cref="ArgumentException">These are not three extents of at least 1.</exception>
    public ImageAugmentation(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length != 3 || Array.Exists(shape, extent => extent < 1))
        {
            throw new ArgumentException(
                $"The shape is ({string.Join(", ", shape)}); images have channels, height and width of at least 1.", nameof(shape));
        }

        (channels, height, width, steps) = (shape[0], shape[1], shape[2], []);
        _ = NetworkInfo.Product(shape);
    }

    private ImageAugmentation(ImageAugmentation before, Augmentation step)
    {
        (channels, height, width) = (before.channels, before.height, before.width);
        steps = [.. before.steps, step];
    }

    /// <summary>As the training options take it; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(augmentation))]
    public static implicit operator Augmentation?(ImageAugmentation? augmentation) => augmentation is null ? null : augmentation.Apply;

    /// <summary>Moves the image by whole pixels, each distance up to the given ones equally likely. What comes in from outside is
    /// black.</summary>
    /// <param name="rows">The most rows up or down, 0 or more.</param>
    /// <param name="columns">The most columns left or right, 0 or more.</param>
    public ImageAugmentation Shift(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, width);
        return Then((image, random) => PixelMoves.Shift(
            image, height, width, random.NextInt((2 * rows) + 1) - rows, random.NextInt((2 * columns) + 1) - columns));
    }

    /// <summary>Surrounds the image with black and cuts its size out of that at a random place, as ResNet's authors did with CIFAR and 4
    /// pixels (He et al. 2016, section 4.2). The same as <see cref="Shift"/> by as many rows and columns.</summary>
    /// <param name="padding">Pixels on each side, 0 or more.</param>
    public ImageAugmentation Crop(int padding) => Shift(padding, padding);

    /// <summary>Mirrors left and right.</summary>
    /// <param name="probability">How often, 0 to 1.</param>
    public ImageAugmentation Flip(float probability = 0.5f)
    {
        CheckRange(probability, 1, nameof(probability));
        return Then((image, random) =>
        {
            if (random.NextFloat() < probability)
                PixelMoves.Flip(image, width);
        });
    }

    /// <summary>Turns the image about its centre, each angle up to the given one equally likely. Values between pixels are interpolated
    /// bilinearly; what comes in from outside is black.</summary>
    /// <param name="degrees">The most, to either side, 0 to 180.</param>
    public ImageAugmentation Rotate(float degrees)
    {
        CheckRange(degrees, 180, nameof(degrees));
        return Then((image, random) =>
            Rotation.Apply(image, height, width, ((2 * random.NextDouble()) - 1) * degrees * (Math.PI / 180)));
    }

    /// <summary>Adds normally distributed noise to every value. Values may leave 0 to 1.</summary>
    /// <param name="deviation">Its standard deviation, 0 or more.</param>
    public ImageAugmentation Noise(float deviation)
    {
        CheckRange(deviation, float.MaxValue, nameof(deviation));
        return Then((image, random) =>
        {
            foreach (ref float value in image)
                value += deviation * random.NextGaussian();
        });
    }

    /// <summary>Blackens a square around a random pixel; at the border less of it (DeVries and Taylor 2017).</summary>
    /// <param name="size">Its side in pixels, at least 1.</param>
    public ImageAugmentation Cutout(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Then((image, random) => PixelMoves.Blacken(
            image, height, width, random.NextInt(height) - (size / 2), random.NextInt(width) - (size / 2), size));
    }

    /// <summary>Adds a variation of your own.</summary>
    /// <param name="step">Varies [channels, height, width] floats in place.</param>
    public ImageAugmentation Then(Augmentation step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new ImageAugmentation(this, step);
    }

    /// <summary>Varies one image in place.</summary>
    /// <param name="image">[channels, height, width] values.</param>
    /// <param name="random">Says how.</param>
    /// <exception cref="ArgumentException">The image has another size.</exception>
    public void Apply(Span<float> image, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (image.Length != channels * height * width)
        {
            throw new ArgumentException(
                $"A sample has {image.Length} floats; the augmentation is for images ({channels}, {height}, {width}), "
                + $"which have {channels * height * width}.", nameof(image));
        }

        foreach (Augmentation step in steps)
            step(image, random);
    }

    private static void CheckRange(float value, float most, string name)
    {
        if (!(value >= 0 && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"It must lie between 0 and {Number(most)}.");

        static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
