namespace NetGen;

/// <summary>Varies one sample of a training batch in place. The dataset itself, and validation, stay as they are.</summary>
/// <remarks>
/// The random numbers depend on the seed of the training, the epoch and the sample's index in the dataset, and on nothing else: not on its
/// place in a batch and not on threads. Targets are not changed: noise on the inputs makes a denoising auto-encoder. Samples come one after
/// the other, in the order of training. If more than one thread may be used, one of its own calls this, a batch ahead of training.
/// <see cref="ImageAugmentation"/> has what is usual for images.
/// </remarks>
/// <param name="inputs">[InputLength] the sample's inputs, row-major in the network's input shape.</param>
/// <param name="random">Random numbers for this sample in this epoch. Do not keep it.</param>
public delegate void Augmentation(Span<float> inputs, RandomSource random);
